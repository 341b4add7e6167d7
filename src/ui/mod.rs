//! The views, one file per screen or dialog.
//!
//! Owns: what is on the screen. Views read [`Data`], change [`View`] (raw text, open panes) and push commands.
//! May import: `model`'s state, `msg::Command`, `widgets`, `theme`, `domain`, `grid`, egui.
//! Must never: await, spawn, lock, read a clock, touch a file, the network or the keyring.

mod about;
mod actions;
mod activity;
pub mod backups;
mod banners;
mod batch;
mod choice;
pub mod columns;
mod confirm;
mod detail;
mod detail_backup;
mod detail_chain;
mod detail_restore;
mod detail_schedule;
pub mod evidence;
pub mod export;
mod filters;
mod flags;
mod form;
mod keys;
mod menu;
mod moments;
mod outcome;
mod overview;
mod palette;
mod period;
mod placeholders;
mod profile;
mod query;
mod rail;
mod replication;
mod restore;
mod restore_questions;
pub mod restores;
mod row_actions;
mod saved_views;
mod schedule_form;
pub mod schedules;
mod settings;
mod shortcuts;
mod sign_in;
mod sign_in_form;
mod status_line;
mod stop;
mod suspension;
mod table_kind;
mod table_screen;
mod text;
mod timeline;
mod toasts;
mod top_bar;
mod trend;
mod zone;

use egui::{CentralPanel, Frame, Margin, Panel};

use self::stop::ScheduleStop;
use crate::model::{Data, Dialog, RestoresFace, View};
use crate::msg::{Commands, Screen, TableId};
use crate::theme;
use crate::widgets::{focus_table, keep_toasts_in, keyboard_after_menu, keyboard_owner};

/// The colour of the window where nothing is painted. The window is cleared with it: without a graphics card an area over all of it
/// takes longer to paint than everything on it.
#[must_use]
pub fn ground(data: &Data, theme: egui::Theme) -> egui::Color32 {
    let tokens = theme::tokens_of(theme);
    if data.session.open().is_some() { tokens.base } else { tokens.panel }
}

/// Draws the whole window.
pub fn root_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    // The name of the window, which AccessKit does not take from its title.
    ui.ctx().accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(data.session.title()));
    keyboard_after_menu(ui);
    actions::handle_shortcuts(ui, data, view, commands);
    keyboard_after_dialog(ui, view);
    if data.session.open().is_some() {
        frame_ui(ui, data, view, commands);
    } else {
        sign_in::sign_in_ui(ui, data, view, commands);
    }
    dialog_on_top_ui(ui, data, view, commands);
    toasts::toasts_ui(ui, data, commands);
}

/// Gives the keyboard back, when a dialog has closed, to what had it before; else to the table.
fn keyboard_after_dialog(ui: &egui::Ui, view: &View) {
    let slot = egui::Id::unique("keyboard before the dialog");
    let was_open: Option<(Option<egui::Id>, bool)> = ui.data(|data| data.get_temp(slot));
    match (was_open, view.dialog.is_some()) {
        (None, true) => {
            let before = keyboard_owner(ui);
            ui.data_mut(|data| data.insert_temp(slot, (before, false)));
        }
        // In the first frame without the dialog egui still keeps the keyboard from all that was under it.
        (Some((before, false)), false) => {
            ui.data_mut(|data| data.insert_temp(slot, (before, true)));
            // So that the keyboard is nowhere for no frame, or for one at most.
            ui.request_discard("a dialog has closed");
            ui.request_repaint();
        }
        (Some((before, true)), false) => {
            ui.data_mut(|data| data.remove::<(Option<egui::Id>, bool)>(slot));
            if ui.memory(egui::Memory::focused).is_some() {
                return;
            }
            match (before, view.table()) {
                (Some(id), _) => ui.memory_mut(|memory| memory.request_focus(id)),
                (None, Some(table)) => keyboard_to_table(ui, table),
                (None, None) => {}
            }
        }
        _ => {}
    }
}

/// Gives a table the keyboard.
fn keyboard_to_table(ui: &egui::Ui, table: TableId) {
    let name = match table {
        TableId::Backups => "backups",
        TableId::Schedules => "schedules",
        TableId::Restores => "restores",
    };
    focus_table(ui, name);
}

/// Rail, bars, and the screen between them.
fn frame_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let bar = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 0));
    Panel::top("top").frame(bar).exact_size(theme::height::BAR).resizable(false).show(ui, |ui| {
        top_bar::top_bar_ui(ui, data, view, commands);
    });
    let line = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(16, 0));
    Panel::bottom("status").frame(line).exact_size(theme::height::STATUS_LINE).resizable(false).show(ui, |ui| {
        status_line::status_line_ui(ui, data, view, commands);
    });
    let rail = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(8, 12));
    Panel::left("rail").frame(rail).exact_size(rail::WIDTH).resizable(false).show(ui, |ui| {
        rail::rail_ui(ui, data, view, commands);
    });
    CentralPanel::no_frame().show(ui, |ui| {
        notices_ui(ui, data, view, commands);
        keep_toasts_in(ui, ui.available_rect_before_wrap());
        match view.screen {
            Screen::Overview => overview::overview_ui(ui, data, view, commands),
            Screen::Timeline => timeline::timeline_ui(ui, data, view, commands),
            Screen::Backups => backups::backups_ui(ui, data, view, commands),
            Screen::Schedules => schedules::schedules_ui(ui, data, view, commands),
            Screen::Restores if view.moments.face == RestoresFace::Moments => {
                moments::moments_ui(ui, data, view, commands);
            }
            Screen::Restores => restores::restores_ui(ui, data, view, commands),
            Screen::Activity => page_ui(ui, |ui| activity::activity_ui(ui, data, view, commands)),
            Screen::Settings => page_ui(ui, |ui| settings::settings_ui(ui, data, view, commands)),
        }
    });
}

/// What stands on every screen until it is settled. At the bottom: what comes late moves nothing from under the pointer.
fn notices_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    placeholders::late_ui(ui, "notices", Frame::NONE, |ui| {
        banners::banners_ui(ui, data, view, commands);
        suspension::reminder_ui(ui, data, commands);
        batch::banner_ui(ui, data, view.dialog == Some(Dialog::Batch), commands);
        outcome::outcome_ui(ui, data, view.dialog.as_ref(), commands);
    });
}

/// The margins of a screen that fills the window.
fn page_ui(ui: &mut egui::Ui, add: impl FnOnce(&mut egui::Ui)) {
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 0 }).show(ui, add);
}

fn dialog_on_top_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(dialog) = view.dialog.clone() else { return };
    match &dialog {
        Dialog::Schedule => schedule_form::schedule_form_ui(ui, data, view, commands),
        Dialog::Delete(id) => stop::stop_ui(ui, data, view, (ScheduleStop::Delete, id), commands),
        Dialog::Suspend(id) => stop::stop_ui(ui, data, view, (ScheduleStop::Suspend, id), commands),
        Dialog::SaveView => saved_views::save_view_ui(ui, data, view, commands),
        Dialog::SavedViews => saved_views::saved_views_ui(ui, data, view, commands),
        Dialog::Batch => batch::batch_ui(ui, data, view, commands),
        Dialog::Restore => restore::restore_ui(ui, data, view, commands),
        Dialog::DeleteRestore(id) => restore_questions::delete_ui(ui, data, view, id, commands),
        Dialog::ResendRestore => restore_questions::resend_ui(ui, data, view, commands),
        Dialog::Export(table) => export::export_ui(ui, data, view, *table, commands),
        Dialog::Evidence => evidence::evidence_ui(ui, data, view, commands),
        Dialog::Columns(table) => columns::columns_ui(ui, data, view, *table, commands),
        Dialog::Zone => zone::zone_dialog_ui(ui, data, view, commands),
        Dialog::Palette => palette::palette_ui(ui, data, view, commands),
        Dialog::Shortcuts => shortcuts::shortcuts_ui(ui, commands),
        Dialog::About => about::about_ui(ui, data, commands),
        Dialog::SignIn => sign_in::sign_in_dialog_ui(ui, data, view, commands),
        Dialog::SeveralKeys { profile, keys, chosen } => {
            keys::several_keys_ui(ui, data, view, (profile, keys, *chosen), commands);
        }
        Dialog::EnvironmentKey(url) => keys::environment_key_ui(ui, url, commands),
        Dialog::Profile(id) => profile::profile_ui(ui, data, view, id, commands),
        Dialog::Targets(service) => overview::targets::targets_ui(ui, data, service.as_ref(), commands),
        Dialog::AllowChanges(change) => profile::allow_changes_ui(ui, data, view, change, commands),
        Dialog::RemoveProfile(id) => keys::remove_profile_ui(ui, data, id, commands),
        Dialog::SignOut { forget } => confirm::sign_out_ui(ui, data, view, *forget, commands),
        Dialog::ForgetHistory => confirm::forget_history_ui(ui, data, commands),
        Dialog::Replication(id) => replication::replication_ui(ui, data, view, id, commands),
        Dialog::Quit => confirm::quit_ui(ui, data, commands),
        Dialog::AskedToWait => confirm::asked_to_wait_ui(ui, data, commands),
    }
    view.dialog_opened = false;
}
