//! The service that is restored into: picked from those that SkySQL names, typed as an id, or pasted as a host name.

use egui::{Layout, Ui};

use super::super::form::{ServicePicker, change_ui, detail, draft_field_ui, known, one_line_ui};
use super::RestoreParts;
use super::source::focus_if_asked;
use crate::domain::sanitize_for_display;
use crate::draft::DraftField;
use crate::model::{Data, RestoreForm};
use crate::widgets::{focus_on_open, labelled_field, text_field, warning_ui};

/// True: Enter was pressed and nothing was picked by it.
pub(super) fn target_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) -> bool {
    let entered = if parts.form.target_search.is_empty() && !parts.form.draft.target.is_empty() {
        chosen_ui(ui, parts.data, parts.form);
        false
    } else {
        typing_ui(ui, parts)
    };
    let form = &parts.form;
    if form.source_service().is_some() && form.source_service() == form.draft.target_id().as_ref() {
        warning_ui(ui, "This is the service that the data comes from");
    }
    entered
}

fn chosen_ui(ui: &mut Ui, data: &Data, form: &mut RestoreForm) {
    let id = form.draft.target.clone();
    let services = data.lists().target_services();
    let service = services.into_iter().find(|service| service.id.as_str() == id);
    let help = match service {
        Some(service) if known(data, &id).is_some() => detail(service),
        Some(_) => "SkySQL names it as a target; it is not in your list of services".to_owned(),
        None => "Not in your list of services; sent as entered".to_owned(),
    };
    let name = service.and_then(|service| service.name.as_deref()).map(sanitize_for_display).unwrap_or_default();
    labelled_field(ui, "Target", &help, None, |ui| {
        let line = ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let change = change_ui(ui, data, "target", &id, &name);
                focus_on_open(ui, &change);
                if change.clicked() {
                    form.draft.target.clear();
                }
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| one_line_ui(ui, data, &id, &name));
            });
        });
        line.response
    });
}

fn typing_ui(ui: &mut Ui, RestoreParts { data, form, judged, .. }: &mut RestoreParts<'_>) -> bool {
    let provider = form.backup().and_then(|backup| backup.cloud_provider.clone());
    let provider =
        provider.or_else(|| known(data, form.source_service()?.as_str())?.provider.clone()).map(|it| it.to_string());
    let (services, is_looked_up) = data.lists().restore_candidates(provider.as_deref());
    let error = judged.errors.iter().find(|error| error.field == DraftField::Target);
    let error = error.filter(|_| form.tried || !form.draft.target.is_empty());
    let help = help(data, services.len(), is_looked_up);
    let (field, _) = draft_field_ui(ui, DraftField::Target, error, form.tried, ("Target", help), |ui| {
        text_field(ui, &mut form.target_search, "Name, id or host name")
    });
    focus_on_open(ui, &field);
    focus_if_asked(&mut form.focus, DraftField::Target, &field);
    let (search, chosen) = (&mut form.target_search, &mut form.draft.target);
    let known = &data.lists().target_services();
    ServicePicker { services: &services, known, search, chosen }.list_ui(ui, &field)
}

/// Which services the list shows, and why these.
fn help(data: &Data, count: usize, is_looked_up: bool) -> &'static str {
    let lists = data.lists();
    match (is_looked_up, count) {
        (true, _) => "The services that SkySQL names as targets of this backup",
        (false, _) if lists.restore_targets.is_loading() => {
            "Asking SkySQL for the targets of this backup… You can already pick one or enter an id"
        }
        (false, 0) if lists.services.is_loading() => "Loading services… You can already enter an id or host name",
        (false, 0) => "No services are listed. Enter the id or host name of one",
        (false, _) => "The services of the same cloud provider, as SkySQL names no targets for this",
    }
}
