//! What is asked of the server for the backups table: one service, one status, an order. Saves pages where there are many.

use std::borrow::Cow;

use egui::{Popup, PopupCloseBehavior, ScrollArea, Ui};

use super::table_kind::TableScreen;
use super::text::small_ui;
use crate::api::Order;
use crate::domain::{Backup, ServiceId, sanitize_for_display, shorten_middle};
use crate::model::Data;
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, MenuMark, begin_menu, menu_choice};

/// The one status the API documents, and the words it uses in other places. What the list has shown is offered too.
const STATUSES: [&str; 3] = ["Succeeded", "Failed", "Running"];

/// The name of the button and its menu.
const LOAD: &str = "Load from SkySQL";

/// True where not everything is asked for.
pub(super) fn is_narrowed(data: &Data) -> bool {
    data.lists().query.service_id.is_some() || data.lists().query.status.is_some()
}

/// The menu; its button says what is asked where that is not everything.
pub(super) fn query_ui(ui: &mut Ui, data: &Data, is_narrow: bool, commands: &mut Commands) {
    let asked = asked(data);
    let weight = if asked.is_empty() { ButtonStyle::Secondary } else { ButtonStyle::Chosen };
    let caption = match asked.as_slice() {
        [] if is_narrow => "Load".to_owned(),
        [] => LOAD.to_owned(),
        _ => format!("Loaded: {}", asked.join(", ")),
    };
    let button = ActionButton::new(weight, &caption).icon(icon::CLOUD).trailing_icon(icon::CARET_DOWN);
    let button = ui.add(button).on_hover_text("Loads only matching backups from SkySQL");
    let menu = Popup::menu(&button).accessible_name(LOAD);
    menu.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        begin_menu(ui);
        // As high as the window allows, which is more than egui gives a menu by default. Set before anything is drawn: it leads egui
        // back to the top.
        ui.set_max_height((ui.content_rect().height() - 180.0).clamp(200.0, 620.0));
        help_ui(
            ui,
            "Loads only matching backups from SkySQL. Faster for large accounts. Other filters apply to what was loaded",
        );
        ScrollArea::vertical().max_height(ui.available_height()).show(ui, |ui| {
            service_ui(ui, data, commands);
            status_ui(ui, data, commands);
            order_ui(ui, data, commands);
        });
    });
}

/// The parts of the question that are not the widest ones.
fn asked(data: &Data) -> Vec<String> {
    let query = &data.lists().query;
    let service =
        query.service_id.as_ref().map(|id| shorten_middle(&sanitize_for_display(&service_label(id, data)), 20));
    let status = query.status.as_ref().map(|status| sanitize_for_display(status).into_owned());
    let order = query.order.map(|order| order_words(order).to_lowercase());
    [service, status, order].into_iter().flatten().collect()
}

/// As the cells of the table name it.
fn service_label<'a>(id: &'a ServiceId, data: &'a Data) -> Cow<'a, str> {
    let known = data
        .lists()
        .known_services()
        .iter()
        .find(|service| service.id == *id)
        .and_then(|service| service.name.as_deref());
    let listed = || {
        let mut services = Backup::table(data).facets.services.iter();
        services.find(|(listed, ..)| listed == id.as_str()).map(|(_, label, _)| label.as_str())
    };
    data.lists().service_names.label(id.as_str(), known.or_else(listed))
}

const fn order_words(order: Order) -> &'static str {
    match order {
        Order::Descending => "Newest first",
        Order::Ascending => "Oldest first",
    }
}

fn help_ui(ui: &mut Ui, text: &str) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(8, 4)).show(ui, |ui| {
        ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
            small_ui(ui, text);
        });
    });
}

/// One of several; true when it was chosen.
fn choice_ui(ui: &mut Ui, text: &str, is_on: bool) -> bool {
    menu_choice(ui, MenuMark::Radio(is_on), text, "").clicked() && !is_on
}

fn heading_ui(ui: &mut Ui, text: &str) {
    ui.add_space(space::XS);
    ui.separator();
    help_ui(ui, text);
}

fn order_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    heading_ui(ui, "Load order");
    for order in [None, Some(Order::Descending), Some(Order::Ascending)] {
        if choice_ui(ui, order.map_or("SkySQL default", order_words), data.lists().query.order == order) {
            commands.push(Command::List(ListCommand::ServerOrder(order)));
        }
    }
}

fn status_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    heading_ui(ui, "Status");
    let asked = data.lists().query.status.as_deref();
    if choice_ui(ui, "Every status", asked.is_none()) {
        commands.push(Command::List(ListCommand::ServerStatus(None)));
    }
    let listed = Backup::table(data).facets.statuses.iter().map(|(word, _)| word.as_str());
    let more = listed.chain(asked).filter(|word| !word.is_empty() && !STATUSES.contains(word));
    let mut words: Vec<&str> = STATUSES.into_iter().chain(more).collect();
    words.dedup();
    for word in words {
        if choice_ui(ui, &sanitize_for_display(word), asked == Some(word)) {
            commands.push(Command::List(ListCommand::ServerStatus(Some(word.to_owned()))));
        }
    }
}

fn service_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    heading_ui(ui, "Service");
    let asked = data.lists().query.service_id.as_ref();
    if choice_ui(ui, "Every service", asked.is_none()) {
        commands.push(Command::List(ListCommand::ServerService(None)));
    }
    let services = data.lists().known_services();
    // Status and order stay in sight below.
    let area = ScrollArea::vertical().id_salt("services").max_height(7.0 * theme::height::ROW);
    area.show_rows(ui, theme::height::ROW, services.len(), |ui, range| {
        for service in services.get(range).unwrap_or_default() {
            let text = match &service.name {
                Some(name) => format!("{} ({})", sanitize_for_display(name), service.id.shown()),
                None => service.id.shown(),
            };
            if choice_ui(ui, &text, asked == Some(&service.id)) {
                commands.push(Command::List(ListCommand::ServerService(Some(service.id.clone()))));
            }
        }
    });
    if let Some(id) = asked.filter(|id| !data.lists().known_services().iter().any(|service| service.id == **id)) {
        choice_ui(ui, &id.shown(), true);
    }
}
