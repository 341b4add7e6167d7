//! Services in forms: one line for one of them, and the list to pick one from.

use egui::{Frame, Key, Label, Response, RichText, ScrollArea, Stroke, TextStyle, TextWrapMode, Ui, WidgetText};

use super::super::text::quiet_ui;
use super::is_entered;
use crate::domain::{Service, ServiceId, sanitize_for_display};
use crate::grid::folded;
use crate::model::Data;
use crate::theme::{self, radius, space};
use crate::widgets::{PICK_LINE_HEIGHT, pick_line, quiet_button};

/// How many lines of the list are in sight.
const LINES: usize = 4;

/// The service of an id, where it is in the list.
pub(in crate::ui) fn known<'a>(data: &'a Data, id: &str) -> Option<&'a Service> {
    data.lists().known_services().iter().find(|service| service.id.as_str() == id)
}

/// `gcp · 11.4 · ready`.
pub(in crate::ui) fn detail(service: &Service) -> String {
    let parts = [&service.provider, &service.version, &service.status];
    let parts: Vec<_> = parts.into_iter().flatten().map(|part| sanitize_for_display(part)).collect();
    parts.join(" · ")
}

fn line_ui(ui: &mut Ui, service: &Service, is_chosen: bool) -> egui::Response {
    pick_line(ui, &sanitize_for_display(service.label()), service.id.as_str(), &detail(service), is_chosen)
}

/// Name and id of a service in one line that is not clicked.
pub(in crate::ui) fn one_line_ui(ui: &mut Ui, data: &Data, id: &str, name: &str) -> egui::Response {
    let tokens = theme::tokens(ui);
    let name =
        known(data, id).map_or_else(|| name.to_owned(), |service| sanitize_for_display(service.label()).into_owned());
    let frame = Frame::new()
        .fill(tokens.panel)
        .stroke(Stroke::new(1.0, tokens.line_subtle))
        .corner_radius(radius::CONTROL)
        .inner_margin(egui::Margin::symmetric(8, 0));
    frame
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_height(theme::height::CONTROL);
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = space::M;
                let id = RichText::new(sanitize_for_display(id)).monospace().color(tokens.text_secondary);
                if !name.is_empty() && name != id.text() {
                    // The id stays in sight as long as it leaves the name half of the line.
                    let full = WidgetText::from(id.clone());
                    let full = full.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Body);
                    let width = full.size().x.min(ui.available_width() / 2.0);
                    ui.scope(|ui| {
                        ui.set_max_width(ui.available_width() - width - space::M);
                        ui.add(Label::new(name).truncate());
                    });
                }
                ui.add(Label::new(id).truncate());
            });
        })
        .response
}

/// The button that gives up the service of an id for another one. A listener hears which one it is.
pub(in crate::ui) fn change_ui(ui: &mut Ui, data: &Data, what: &str, id: &str, name: &str) -> Response {
    let change = quiet_button(ui, "Change").accessible_name(format!("Change {what}"));
    ui.ctx().accesskit_node_builder(change.id, |node| node.set_description(shown_name(data, id, name)));
    change
}

/// What a service is called: as in the list, else by this name, else by its id.
fn shown_name(data: &Data, id: &str, name: &str) -> String {
    let label = known(data, id).map_or(if name.is_empty() { id } else { name }, Service::label);
    sanitize_for_display(label).into_owned()
}

/// The field that finds a service by name, id or host name, and the list below it.
pub(in crate::ui) struct ServicePicker<'a> {
    /// The services to pick from.
    pub(in crate::ui) services: &'a [&'a Service],
    /// All services that a typed name may be of.
    pub(in crate::ui) known: &'a [&'a Service],
    /// What is typed.
    pub(in crate::ui) search: &'a mut String,
    /// The id that is chosen, or the text that may become one.
    pub(in crate::ui) chosen: &'a mut String,
}

impl ServicePicker<'_> {
    /// The list below the field, which has just been drawn. True: Enter was pressed and nothing was picked by it.
    pub(in crate::ui) fn list_ui(&mut self, ui: &mut Ui, field: &Response) -> bool {
        if field.changed() {
            *self.chosen = settled(self.search, self.known);
        }
        let found: Vec<&Service> =
            self.services.iter().copied().filter(|service| matches(service, self.search)).collect();
        let picked = lines_ui(ui, self.services.len(), &found, self.chosen);
        let entered = is_entered(ui, field) || (field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)));
        let only = match found.as_slice() {
            [only] if entered && self.chosen.is_empty() => Some(only.id.clone()),
            _ => None,
        };
        if let Some(id) = picked.or(only) {
            id.as_str().clone_into(self.chosen);
            self.search.clear();
            return false;
        }
        entered
    }
}

/// The matching services; the one clicked. The height is that of the whole list, so that typing moves nothing below it.
fn lines_ui(ui: &mut Ui, total: usize, found: &[&Service], chosen: &str) -> Option<ServiceId> {
    let tokens = theme::tokens(ui);
    let lines = total.min(LINES);
    if lines == 0 {
        return None;
    }
    let height = PICK_LINE_HEIGHT * lines as f32;
    let frame = Frame::new()
        .stroke(Stroke::new(1.0, tokens.line_subtle))
        .corner_radius(radius::CONTROL)
        .inner_margin(egui::Margin::same(4));
    let mut picked = None;
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(height);
        ui.spacing_mut().item_spacing.y = 0.0;
        if found.is_empty() {
            quiet_ui(ui, "No service matches");
            return;
        }
        let area = ScrollArea::vertical().id_salt("services").max_height(height).auto_shrink(false);
        area.show_rows(ui, PICK_LINE_HEIGHT, found.len(), |ui, range| {
            // The bar covers no words.
            ui.set_max_width(ui.available_width() - space::M);
            for service in found.get(range).unwrap_or_default() {
                ui.push_id(service.id.as_str(), |ui| {
                    if line_ui(ui, service, service.id.as_str() == chosen).clicked() {
                        picked = Some(service.id.clone());
                    }
                });
            }
        });
    });
    picked
}

/// True where the typed text is in the name, the id or the host name, or is the host name.
fn matches(service: &Service, typed: &str) -> bool {
    let typed = folded(typed.trim());
    let has = |text: &str| folded(text).contains(&typed);
    typed.is_empty()
        || has(service.id.as_str())
        || service.name.as_deref().is_some_and(has)
        || service.fqdn.as_deref().is_some_and(has)
        || ServiceId::from_typed(&typed).is_some_and(|id| id == service.id)
}

/// The service a typed text stands for: the id it is, or the one service of that very name; nothing while it filters the list; else the
/// text as it is, to be judged as an id.
fn settled(typed: &str, services: &[&Service]) -> String {
    let typed = typed.trim();
    let by_id = ServiceId::from_typed(typed)
        .and_then(|id| services.iter().find(|service| service.id.as_str().eq_ignore_ascii_case(id.as_str())));
    if let Some(service) = by_id {
        return service.id.to_string();
    }
    let named: Vec<&Service> = services
        .iter()
        .copied()
        .filter(|it| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed)))
        .collect();
    match named.as_slice() {
        [only] => only.id.to_string(),
        _ if services.iter().any(|service| matches(service, typed)) => String::new(),
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_text_is_a_service_only_where_it_names_one() {
        let service = |id: &str, name: &str| Service {
            id: ServiceId::new(id),
            name: Some(name.into()),
            fqdn: Some(format!("{id}.sysp0000.db2.skysql.com").into()),
            ..Service::default()
        };
        let services = [
            service("dbpgf41870263", "orders-db"),
            service("dbpgf41870264", "billing"),
            service("dbpgf41870265", "billing"),
        ];
        let cases = [
            ("", ""),
            ("orders", ""),
            ("Orders-DB", "dbpgf41870263"),
            ("billing", ""),
            ("dbpgf4187026", ""),
            ("dbpgf41870264", "dbpgf41870264"),
            ("DBPGF41870264.sysp0000.db2.skysql.com:3306", "dbpgf41870264"),
            ("dbpgf99999999", "dbpgf99999999"),
            ("no such", "no such"),
        ];
        for (typed, want) in cases {
            assert_eq!(settled(typed, &services.each_ref()), want, "{typed}");
        }
        assert_eq!(settled("orders", &[]), "orders", "without a list the typed text counts");
    }
}
