//! The dialog of targets: how old the newest good backup of each type may be.

use egui::{Align, Layout, Ui, vec2};

use super::super::text::{quiet_ui, small_ui};
use super::label_of;
use crate::domain::{BackupType, ServiceId, format_span};
use crate::insight::Targets;
use crate::model::Data;
use crate::msg::{Command, Commands, ProfileCommand, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, MenuMark, info_dialog_ui, menu_button, menu_choice};

/// What can be chosen, in hours; 0 is no target.
const HOURS: [u32; 9] = [1, 4, 8, 12, 26, 50, 98, 168, 0];
const LABEL: f32 = 120.0;

pub(crate) fn targets_ui(ui: &Ui, data: &Data, service: Option<&ServiceId>, commands: &mut Commands) {
    let Some(profile) = data.session.open().map(|open| &open.profile) else { return };
    let title = match service {
        Some(id) => format!("Targets of {}", label_of(data, id, super::name_of(data, id))),
        None => "Targets of all services".to_owned(),
    };
    let closed = info_dialog_ui(ui, "targets", &title, 460.0, |ui| {
        quiet_ui(ui, "How old the newest good backup may be");
        ui.add_space(space::S);
        for backup_type in &BackupType::ALL {
            line_ui(ui, &profile.targets, service, backup_type, commands);
        }
        ui.add_space(space::S);
        let help = match service {
            Some(_) => "As for all services: what is set for all of them, else what the schedules of this one promise",
            None => {
                "As scheduled: the longest time between two runs and 2 h more, at most 7 days. A service without a schedule \
                 needs one full backup, dump or snapshot a day"
            }
        };
        small_ui(ui, help);
    });
    if closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn line_ui(
    ui: &mut Ui,
    targets: &Targets,
    service: Option<&ServiceId>,
    backup_type: &BackupType,
    commands: &mut Commands,
) {
    let chosen = targets.get(service, backup_type);
    let by_default = if service.is_some() { "As for all services" } else { "As scheduled" };
    let words = |hours: Option<u32>| match hours {
        None => by_default.to_owned(),
        Some(0) => "No target".to_owned(),
        Some(hours) => format_span(u64::from(hours) * 3600),
    };
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(LABEL, theme::height::CONTROL), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL);
            ui.label(backup_type.name());
        });
        let text = words(chosen);
        let button = ActionButton::new(ButtonStyle::Secondary, &text).trailing_icon(icon::CARET_DOWN);
        let opened = menu_button(ui, button, |ui| {
            for hours in std::iter::once(None).chain(HOURS.map(Some)) {
                if menu_choice(ui, MenuMark::Radio(hours == chosen), &words(hours), "").clicked() {
                    let (service, backup_type) = (service.cloned(), backup_type.clone());
                    commands.push(Command::Profile(ProfileCommand::SetTarget { service, backup_type, hours }));
                }
            }
        });
        opened.accessible_name(format!("Target for {}: {text}", backup_type.name().to_lowercase()));
    });
}
