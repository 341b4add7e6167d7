//! The list of services beside their moments.

use egui::{ScrollArea, Ui};

use crate::domain::{ServiceId, Text};
use crate::grid::folded;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::space;
use crate::widgets::{PICK_LINE_HEIGHT, pick_line, search_field};

use super::super::text::small_ui;

/// A service that may be restored.
pub(super) struct KnownService {
    id: ServiceId,
    name: Text,
    detail: String,
}

/// Those of the account by name, then those of which only backups are left.
pub(super) fn known_services(data: &Data) -> Vec<KnownService> {
    let listed = data.lists().known_services();
    let known = listed.iter().map(|service| {
        let parts = [&service.provider, &service.version, &service.status];
        let detail = parts.into_iter().flatten().map(Text::as_str).collect::<Vec<_>>().join(" · ");
        KnownService { id: service.id.clone(), name: service.label().into(), detail }
    });
    let is_listed = |id: &ServiceId| listed.iter().any(|service| service.id == *id);
    let report = data.coverage().and_then(|coverage| coverage.report());
    let others = report.into_iter().flat_map(|report| report.services.iter());
    let others = others.filter(|service| !service.id.is_empty() && !is_listed(&service.id)).map(|service| {
        let detail = if service.is_gone { "Deleted service".to_owned() } else { String::new() };
        let name = service.name.clone().unwrap_or_else(|| service.id.as_str().into());
        KnownService { id: service.id.clone(), name, detail }
    });
    known.chain(others).collect()
}

/// The name of a service, where one is known.
pub(super) fn name_of<'a>(data: &'a Data, id: &ServiceId) -> Option<&'a str> {
    let listed = data.lists().known_services().iter().find(|service| service.id == *id);
    let report = data.coverage().and_then(|coverage| coverage.report());
    let seen = || report?.services.iter().find(|service| service.id == *id)?.name.as_deref();
    listed.and_then(|service| service.name.as_deref()).or_else(seen)
}

/// Search field and list.
pub(super) fn services_ui(ui: &mut Ui, services: &[KnownService], view: &mut View, commands: &mut Commands) {
    search_field(ui, &mut view.moments.search, "Search services").accessible_name("Search services");
    ui.add_space(space::S);
    let words = folded(view.moments.search.trim());
    let is_found = |service: &&KnownService| {
        folded(&service.name).contains(&*words) || folded(service.id.as_str()).contains(&*words)
    };
    let found: Vec<&KnownService> = services.iter().filter(is_found).collect();
    if found.is_empty() {
        return small_ui(ui, "No service matches");
    }
    ScrollArea::vertical().id_salt("services of moments").auto_shrink([false, false]).show_rows(
        ui,
        PICK_LINE_HEIGHT,
        found.len(),
        |ui, shown| {
            for service in found.get(shown).into_iter().flatten() {
                let is_chosen = view.moments.service.as_ref() == Some(&service.id);
                if pick_line(ui, &service.name, service.id.as_str(), &service.detail, is_chosen).clicked() {
                    commands.push(Command::List(ListCommand::ShowMoments(Some(service.id.clone()))));
                }
            }
        },
    );
}
