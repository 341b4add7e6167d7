//! The dialog of an evidence pack: which period and services, and where to.

use egui::{RichText, ScrollArea, Ui};
use jiff::Timestamp;

use super::choice::choose_ui;
use super::export::{failure_ui, nothing_picked_ui, path_ui, progress_ui, replace_ui};
use super::period::{Edge, bound};
use super::text::{quiet_ui, small_ui};
use crate::domain::{Zone, sanitize_for_display};
use crate::export::EvidenceOptions;
use crate::model::{Data, EvidenceForm, RunningExport, View};
use crate::msg::{Command, Commands, ExportCommand, WindowCommand};
use crate::theme::{self, space};
use crate::widgets::{DialogAnswer, ModalDialog, dialog_ui, labelled_field, text_field};

/// The list of services is never higher, in points.
const SERVICES: f32 = 110.0;

/// The dialog.
pub fn evidence_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    if let Some(standing) = data.export().map(RunningExport::asks_to_replace).filter(|it| !it.is_empty()) {
        return replace_ui(ui, data, standing, commands);
    }
    let is_running = data.export().is_some();
    let options = options(&view.evidence);
    let has_path = view.export.path.as_ref().is_none_or(|path| !path.trim().is_empty());
    let dialog = ModalDialog {
        id: "evidence",
        title: "Evidence pack",
        width: 520.0,
        confirm: if view.export.path.is_some() { "Save" } else { "Export" },
        cancel: "Cancel",
        is_danger: false,
        can_confirm: !is_running && options.is_some() && has_path,
    };
    let mut is_entered = false;
    let answer = dialog_ui(ui, &dialog, |ui| is_entered = body_ui(ui, data, view));
    let entered = (is_entered && dialog.can_confirm).then_some(DialogAnswer::Confirmed);
    match (answer.or(entered), options) {
        (Some(DialogAnswer::Confirmed), Some(options)) => {
            let path = view.export.path.as_ref().map(|path| path.trim().into());
            commands.push(Command::Export(ExportCommand::ExportEvidence { options, path }));
        }
        (Some(DialogAnswer::Cancelled), _) if is_running => commands.push(Command::Export(ExportCommand::CancelExport)),
        (Some(DialogAnswer::Cancelled), _) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        _ => {}
    }
}

/// What is chosen, once all of it is.
fn options(form: &EvidenceForm) -> Option<EvidenceOptions> {
    let from = bound(&form.range.from, &Zone::utc(), Edge::From).ok()??;
    let until = bound(&form.range.until, &Zone::utc(), Edge::Until).ok()??;
    let services = form.is_of_some.then(|| form.services.clone());
    let is_whole = from < until && services.as_ref().is_none_or(|services| !services.is_empty());
    is_whole.then_some(EvidenceOptions { from, until, services })
}

/// True: Enter was pressed in the path.
fn body_ui(ui: &mut Ui, data: &Data, view: &mut View) -> bool {
    failure_ui(ui, data);
    let fields = ui.add_enabled_ui(data.export().is_none(), |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        quiet_ui(ui, "What this computer saw of backups, for somebody else: tables, an Excel workbook, a page to print, and checksums, in one ZIP file");
        period_ui(ui, &mut view.evidence);
        services_ui(ui, data, &mut view.evidence);
        small_ui(ui, "Times in UTC. Names of services and of the profile are in it; keys are not".to_owned());
        path_ui(ui, view, crate::export::EVIDENCE_ENDING)
    });
    if let Some(running) = data.export() {
        ui.add_space(space::S);
        progress_ui(ui, running);
    } else if view.export.nothing_picked && view.export.path.is_none() {
        nothing_picked_ui(ui, view, |_view| data.evidence_path());
    }
    fields.inner
}

fn period_ui(ui: &mut Ui, form: &mut EvidenceForm) {
    let range = &mut form.range;
    let (from, until) = (bound(&range.from, &Zone::utc(), Edge::From), bound(&range.until, &Zone::utc(), Edge::Until));
    let error = |bound: &Result<Option<Timestamp>, &'static str>| match bound {
        Ok(Some(_)) => None,
        Ok(None) => Some("Enter a day"),
        Err(why) => Some(*why),
    };
    let is_reversed = matches!((&from, &until), (Ok(Some(from)), Ok(Some(until))) if from >= until);
    let until_error = error(&until).or(is_reversed.then_some("The end is before the begin"));
    let hint = "2026-11-23 or 2026-11-23 14:00";
    ui.columns(2, |columns| {
        let [left, right] = columns else { return };
        labelled_field(left, "From", "The first day", error(&from), |ui| text_field(ui, &mut range.from, hint));
        labelled_field(right, "To", "The last day", until_error, |ui| text_field(ui, &mut range.until, hint));
    });
}

fn services_ui(ui: &mut Ui, data: &Data, form: &mut EvidenceForm) {
    let services = data.evidence_services();
    let all = format!("All services {}", services.len());
    ui.horizontal(|ui| {
        ui.label(RichText::new("Services").text_style(theme::strong()));
        choose_ui(ui, &[(false, all.as_str()), (true, "Some")], &mut form.is_of_some);
    });
    if !form.is_of_some {
        return;
    }
    ScrollArea::vertical().max_height(SERVICES).auto_shrink([false, true]).show(ui, |ui| {
        for (id, name) in &services {
            let mut is_on = form.services.contains(id);
            if ui.checkbox(&mut is_on, sanitize_for_display(name)).changed() {
                if is_on {
                    form.services.insert(id.clone());
                } else {
                    form.services.remove(id);
                }
            }
        }
    });
}
