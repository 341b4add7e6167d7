//! The line at the bottom: connection, age of the data, the change under way.

use egui::{Align, Layout, RichText, TextStyle};

use super::placeholders::list_age;
use super::text::small_ui;
use crate::domain::sanitize_for_display;
use crate::model::{Data, PendingChange, View};
use crate::msg::{Command, Commands, Screen, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::glyph_ui;

pub(super) fn status_line_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let top = ui.max_rect().top();
    ui.painter().hline(ui.clip_rect().x_range(), top, egui::Stroke::new(1.0, tokens.line_subtle));
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (glyph, color, words) = connection(data, view, tokens);
        glyph_ui(ui, glyph, &TextStyle::Body, color);
        small_ui(ui, words);
        if data.change().is_some_and(PendingChange::is_under_way) {
            glyph_ui(ui, icon::HOURGLASS, &TextStyle::Body, tokens.running);
            small_ui(ui, "A change is being sent");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| last_request_ui(ui, data, commands));
    });
}

fn connection(data: &Data, view: &View, tokens: &theme::Tokens) -> (&'static str, egui::Color32, String) {
    let host = data.session.open().map(|open| open.url.host().to_owned()).unwrap_or_default();
    let age = list_age(data.backups(), data).map(|age| format!("data from {age}"));
    if data.session.open().is_some_and(|open| open.refused.is_some()) {
        return (icon::LOCK, tokens.bad, "Key refused. Nothing is being read".to_owned());
    }
    if data.lists().is_offline() {
        let shown = age.map_or_else(|| "nothing was read yet".to_owned(), |age| format!("showing {age}"));
        return (icon::CLOUD_SLASH, tokens.warn, format!("Offline, {shown}"));
    }
    let every = data.settings.preferences.auto_refresh_secs;
    let rhythm = if every == 0 { "automatic refresh off".to_owned() } else { format!("refreshes every {every} s") };
    // A table says its age itself.
    let age = age.filter(|_| view.table().is_none()).map_or_else(String::new, |age| format!(" · {age}"));
    (icon::CLOUD_CHECK, tokens.ok, format!("{host} · {rhythm}{age}"))
}

fn last_request_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let Some(last) = data.activity.front() else { return };
    let tokens = theme::tokens(ui);
    let words =
        format!("{} · {} · {} ms", last.operation.name(), sanitize_for_display(&last.outcome), last.duration_ms);
    let label = egui::Label::new(RichText::new(words).small().color(tokens.text_faint))
        .sense(egui::Sense::click())
        .selectable(false);
    if ui.add(label).on_hover_text("Show every request").clicked() {
        commands.push(Command::Window(WindowCommand::Go(Screen::Activity)));
    }
}
