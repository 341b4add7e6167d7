//! The service: picked from the list, typed as an id, or pasted as a host name.

use egui::{Layout, Ui};

use super::super::form::{ServicePicker, change_ui, detail, known, one_line_ui};
use super::FormParts;
use crate::api::Completeness;
use crate::domain::{Service, ServiceId, sanitize_for_display};
use crate::draft::DraftField;
use crate::model::{Data, FormPurpose, ScheduleForm};
use crate::widgets::{focus_on_open, labelled_field, text_field};

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

fn fixed_ui(ui: &mut Ui, data: &Data, id: &str, name: &str) {
    let help = match known(data, id).map(detail) {
        Some(detail) if !detail.is_empty() => format!("{detail}. Service and storage cannot be changed"),
        _ => "Service and storage cannot be changed".to_owned(),
    };
    labelled_field(ui, "Service", &help, None, |ui| one_line_ui(ui, data, id, name));
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
                let change = change_ui(ui, data, "service", &id, "");
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
    let services: Vec<&Service> = parts.data.lists().known_services().iter().collect();
    let help = help(parts.data, parts.form);
    let (field, _) = parts.field_ui(ui, DraftField::Service, ("Service", &help), |ui, form| {
        text_field(ui, &mut form.service_search, "Name, id or host name")
    });
    focus_on_open(ui, &field);
    let (search, chosen) = (&mut parts.form.service_search, &mut parts.form.draft.service);
    ServicePicker { services: &services, known: &services, search, chosen }.list_ui(ui, &field)
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
