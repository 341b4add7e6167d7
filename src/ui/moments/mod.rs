//! "Can I get back to…?": the moments that a service can be restored to, and the answer for one of them.
//!
//! Owns: the moments face of the restores screen and its words on screen. What a list proves, `insight` concludes.

mod answer;
mod band;
mod question;
mod services;

use egui::{CentralPanel, Frame, Margin, Panel, RichText, ScrollArea, Ui};

use super::choice::choose_ui;
use super::placeholders;
use super::text::small_ui;
use crate::domain::{Backup, ServiceId, sanitize_for_display};
use crate::insight::CANNOT_BE_KNOWN;
use crate::model::{Data, RestoresFace, View};
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{empty_state_ui, screen_title};

use super::table_screen::{partial_ui, stale_data_ui};

/// The width of the list of services.
const SERVICES: f32 = 260.0;

/// The two faces of the restores screen, as they stand side by side.
const FACES: [(RestoresFace, &str); 2] = [(RestoresFace::Moments, "Moments"), (RestoresFace::Restores, "Restores")];

/// The choice of the face; true where another one was chosen.
pub(super) fn faces_ui(ui: &mut Ui, face: &mut RestoresFace) -> bool {
    choose_ui(ui, &FACES, face)
}

/// Title, services, and of one of them the band, the question and the answer.
pub(super) fn moments_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let head = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 4 });
    Panel::top("moments_head").frame(head).show_separator_line(false).resizable(false).show(ui, |ui| {
        let age = placeholders::age_text(data.backups(), data).unwrap_or_default();
        screen_title(ui, "Restores", &age, |ui| {
            faces_ui(ui, &mut view.moments.face);
        });
    });
    let notices = Frame::new().inner_margin(Margin::symmetric(16, 0));
    placeholders::late_ui(ui, "moments_notices", notices, |ui| {
        stale_data_ui::<Backup>(ui, data, commands);
        partial_ui::<Backup>(ui, data, commands);
    });
    let services = services::known_services(data);
    if services.is_empty() {
        return without_services_ui(ui, data, commands);
    }
    let side = Frame::new().inner_margin(Margin { left: 16, right: 8, top: 4, bottom: 8 });
    Panel::left("moments_services").frame(side).exact_size(SERVICES).resizable(false).show(ui, |ui| {
        services::services_ui(ui, &services, view, commands);
    });
    let body = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 8 });
    CentralPanel::default().frame(body).show(ui, |ui| {
        if let Some(service) = view.moments.service.clone() {
            service_ui(ui, data, view, &service, commands);
        } else {
            let sentence = "Choose a service to see which moments it can be restored to";
            empty_state_ui(ui, icon::RESTORE, sentence, None);
        }
    });
}

/// Nothing is known yet, nothing could be loaded, or there is nothing.
fn without_services_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let remote = &data.backups().remote;
    if data.lists().is_loading() {
        empty_state_ui(ui, icon::HOURGLASS, "Loading the backups…", None);
    } else if let Some(error) = remote.error() {
        if placeholders::error_ui(ui, error, remote.is_loading()) {
            commands.push(Command::List(ListCommand::Refresh));
        }
    } else if remote.value().is_some() {
        empty_state_ui(ui, icon::RESTORE, "No services yet, so there is nothing to restore", None);
    } else if placeholders::unread_ui(ui, "backups", data.can_read()) {
        commands.push(Command::List(ListCommand::Refresh));
    }
}

fn service_ui(ui: &mut Ui, data: &Data, view: &mut View, service: &ServiceId, commands: &mut Commands) {
    ScrollArea::vertical().id_salt("moments").auto_shrink([false, false]).show(ui, |ui| {
        let label = data.lists().service_names.label(service.as_str(), services::name_of(data, service));
        let label = sanitize_for_display(&label);
        let title = ui.add(egui::Label::new(RichText::new(label.as_ref()).text_style(theme::section())).truncate());
        title.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, label.as_ref()));
        let Some(moments) = data.moments().and_then(|moments| moments.shown()) else {
            return small_ui(ui, "Working out its moments…");
        };
        if let Some(picked) = band::band_ui(ui, moments, data, view.moments.asked) {
            question::ask(&mut view.moments, picked, data, commands);
        }
        ui.add_space(space::M);
        question::question_ui(ui, data, &mut view.moments, commands);
        if let Some(answer) = data.moments().and_then(|moments| moments.answer()) {
            ui.add_space(space::M);
            if let Some(nearest) = answer::answer_ui(ui, answer, data, service, commands) {
                question::ask(&mut view.moments, nearest, data, commands);
            }
        }
        ui.add_space(space::L);
        band::text_ui(ui, moments, data);
        ui.add_space(space::M);
        small_ui(ui, CANNOT_BE_KNOWN);
    });
}
