//! The service: picked from the list, typed as an id, or pasted as a host name.

use egui::{Frame, Key, Label, Layout, RichText, ScrollArea, Stroke, TextStyle, TextWrapMode, Ui, WidgetText};

use super::super::text::quiet_ui;
use super::{FormParts, is_entered};
use crate::api::Completeness;
use crate::domain::{Service, ServiceId, sanitize_for_display};
use crate::draft::DraftField;
use crate::grid::folded;
use crate::model::{Data, FormPurpose, ScheduleForm};
use crate::theme::{self, radius, space};
use crate::widgets::{PICK_LINE_HEIGHT, focus_on_open, labelled_field, pick_line, quiet_button, text_field};

/// How many lines of the list are in sight.
const LINES: usize = 4;

/// True: Enter was pressed and nothing was picked by it.
pub(super) fn service_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let FormParts { data, form, .. } = parts;
    if let FormPurpose::Edit(id) = &form.purpose {
        let name = data
            .schedules()
            .find(id.as_str())
            .map(|row| sanitize_for_display(&data.lists().service_label(&row)).into_owned());
        fixed_ui(ui, data, &form.draft.service, name.as_deref().unwrap_or_default());
        return false;
    }
    if form.service_search.is_empty() && !form.draft.service.is_empty() {
        chosen_ui(ui, data, form);
        return false;
    }
    typing_ui(ui, parts)
}

/// The service of an id, where it is in the list.
fn known<'a>(data: &'a Data, id: &str) -> Option<&'a Service> {
    data.lists().known_services().iter().find(|service| service.id.as_str() == id)
}

/// `gcp · 11.4 · ready`.
fn detail(service: &Service) -> String {
    let parts = [&service.provider, &service.version, &service.status];
    let parts: Vec<_> = parts.into_iter().flatten().map(|part| sanitize_for_display(part)).collect();
    parts.join(" · ")
}

fn line_ui(ui: &mut Ui, service: &Service, is_chosen: bool) -> egui::Response {
    pick_line(ui, &sanitize_for_display(service.label()), service.id.as_str(), &detail(service), is_chosen)
}

fn fixed_ui(ui: &mut Ui, data: &Data, id: &str, name: &str) {
    let help = match known(data, id).map(detail) {
        Some(detail) if !detail.is_empty() => format!("{detail}. Service and storage cannot be changed"),
        _ => "Service and storage cannot be changed".to_owned(),
    };
    labelled_field(ui, "Service", &help, None, |ui| one_line_ui(ui, data, id, name));
}

/// Name and id of a service in one line that is not clicked.
fn one_line_ui(ui: &mut Ui, data: &Data, id: &str, name: &str) -> egui::Response {
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

fn chosen_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) {
    let id = form.draft.service.clone();
    let help = match known(data, &id) {
        Some(service) => detail(service),
        None if data.lists().known_services().is_empty() => String::new(),
        None => "Not in your list of services; sent as entered".to_owned(),
    };
    labelled_field(ui, "Service", &help, None, |ui| {
        let line = ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let change = quiet_button(ui, "Change");
                // The first stop of the form: from here Tab goes through the fields.
                focus_on_open(ui, &change);
                if change.clicked() {
                    form.draft.service.clear();
                }
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| one_line_ui(ui, data, &id, ""));
            });
        });
        line.response
    });
}

fn typing_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let services = parts.data.lists().known_services();
    let help = help(parts.data, parts.form);
    let (field, _) = parts.field_ui(ui, DraftField::Service, ("Service", &help), |ui, form| {
        text_field(ui, &mut form.service_search, "Name, id or host name")
    });
    focus_on_open(ui, &field);
    let form = &mut *parts.form;
    if field.changed() {
        form.draft.service = settled(&form.service_search, services);
    }
    let found: Vec<&Service> = services.iter().filter(|service| matches(service, &form.service_search)).collect();
    let picked = list_ui(ui, services.len(), &found, &form.draft.service);
    let entered = is_entered(ui, &field) || (field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)));
    let only = match found.as_slice() {
        [only] if entered && form.draft.service.is_empty() => Some(only.id.clone()),
        _ => None,
    };
    if let Some(id) = picked.or(only) {
        id.as_str().clone_into(&mut form.draft.service);
        form.service_search.clear();
        return false;
    }
    entered
}

/// Where the list stands, or what will be sent.
fn help(data: &Data, form: &ScheduleForm) -> String {
    let services = data.lists().known_services();
    if let Some(error) = data.lists().services.error().filter(|_| services.is_empty()) {
        return format!("The services could not be loaded: {}. You can enter an id or host name", error.sentence());
    }
    if services.is_empty() {
        return if data.lists().services.is_loading() {
            "Loading services… You can already enter an id or host name".to_owned()
        } else {
            "No services are listed. Enter the id or host name of one".to_owned()
        };
    }
    match ServiceId::from_typed(&form.draft.service) {
        Some(id) if !services.iter().any(|service| service.id == id) => {
            format!("Not in your list of services; sent as {id}")
        }
        _ if data.lists().services.value().is_some_and(|listed| listed.completeness != Completeness::Complete) => {
            "Only part of your services could be loaded. Pick one, or enter its id or host name".to_owned()
        }
        _ => "Pick one, or enter its name, id or host name".to_owned(),
    }
}

/// The matching services; the one clicked. The height is that of the whole list, so that typing moves nothing below it.
fn list_ui(ui: &mut Ui, total: usize, found: &[&Service], chosen: &str) -> Option<ServiceId> {
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
fn settled(typed: &str, services: &[Service]) -> String {
    let typed = typed.trim();
    let by_id = ServiceId::from_typed(typed)
        .and_then(|id| services.iter().find(|service| service.id.as_str().eq_ignore_ascii_case(id.as_str())));
    if let Some(service) = by_id {
        return service.id.to_string();
    }
    let named: Vec<&Service> =
        services.iter().filter(|it| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(typed))).collect();
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
            assert_eq!(settled(typed, &services), want, "{typed}");
        }
        assert_eq!(settled("orders", &[]), "orders", "without a list the typed text counts");
    }
}
