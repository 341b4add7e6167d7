//! The bar on top: menus, profile, clock, refresh.

use egui::{Align, Layout};

use super::choice::zone_ui;
use super::{flags, menu};
use crate::domain::{sanitize_for_display, shorten_middle};
use crate::model::{Data, KeySource, View, Workspace};
use crate::msg::{Command, Commands, ListCommand, ProfileCommand, SessionCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, MenuMark, icon_button, menu_button, menu_choice, menu_item, panel_separator, tag,
};

pub(super) fn top_bar_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    let Some(open) = data.session.open() else { return };
    stripe_ui(ui, open);
    ui.horizontal_centered(|ui| {
        profile_ui(ui, data, open, commands);
        ui.add_space(space::S);
        menu::menu_bar_ui(ui, data, view, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            refresh_ui(ui, data, commands);
            ui.add_space(space::S);
            zone_ui(ui, data, commands);
        });
    });
    let bottom = ui.max_rect().bottom();
    let tokens = theme::tokens(ui);
    ui.painter().hline(ui.clip_rect().x_range(), bottom, egui::Stroke::new(1.0, tokens.line_subtle));
}

/// The colour of the profile along the top of the window.
fn stripe_ui(ui: &egui::Ui, open: &Workspace) {
    if let Some(color) = flags::stripe_color(open.profile.flags, theme::tokens(ui)) {
        let bar = ui.max_rect();
        let stripe = egui::Rect::from_x_y_ranges(ui.clip_rect().x_range(), bar.top()..=bar.top() + flags::STRIPE);
        ui.painter().rect_filled(stripe, 0.0, color);
    }
}

/// The profile with its flags, and the menu to switch.
fn profile_ui(ui: &mut egui::Ui, data: &Data, open: &Workspace, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let name = shorten_middle(&sanitize_for_display(&open.profile.name), 24);
    let title = ActionButton::new(ButtonStyle::Quiet, &name).trailing_icon(icon::CARET_DOWN);
    let menu = menu_button(ui, title, |ui| {
        for profile in &data.settings.profiles {
            let current = profile.id == open.profile.id;
            let production = if profile.flags.production { "PROD" } else { "" };
            let line = menu_choice(ui, MenuMark::Radio(current), &sanitize_for_display(&profile.name), production);
            if line.on_hover_text(&profile.api_url).clicked() && !current {
                commands.push(Command::Session(SessionCommand::OpenProfile(profile.id.clone())));
            }
        }
        if !data.settings.profiles.is_empty() {
            panel_separator(ui);
        }
        if menu_item(ui, icon::EDIT, "Edit profile…", "").clicked() {
            commands.push(Command::Profile(ProfileCommand::EditProfile(open.profile.id.clone())));
        }
        if menu_item(ui, icon::PLUS, "Add profile…", "").clicked() {
            commands.push(Command::Session(SessionCommand::ShowSignIn(None)));
        }
        if !open.profile.is_demo && menu_item(ui, icon::FLASK, "Explore sample data", "").clicked() {
            commands.push(Command::Session(SessionCommand::TryDemo));
        }
        if menu_item(ui, icon::SIGN_OUT, "Sign out", "").clicked() {
            commands.push(Command::Session(SessionCommand::AskSignOut));
        }
    });
    menu.on_hover_text(format!("{}\nKey of {}", open.url.as_str(), open.key));
    flags::tags_ui(ui, open.profile.flags);
    let (text, color, help) = match open.source {
        KeySource::Keyring => return,
        KeySource::Demo => ("DEMO", tokens.info, "An embedded service with made-up data"),
        KeySource::Environment => ("Not saved", tokens.warn, "The key from SKYSQL_API_KEY is used for this run only"),
        KeySource::ThisSession => {
            ("Not saved", tokens.warn, "The key is in memory only and gone when the window closes")
        }
    };
    tag(ui, text, color).on_hover_text(help);
}

/// Refresh. How old the data is stands beside the title of each table.
fn refresh_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let loading = data.lists().is_loading();
    let button = ui.add_enabled_ui(!loading, |ui| icon_button(ui, icon::REFRESH, "Refresh")).inner;
    if button.on_hover_text("Read everything again (F5)").clicked() {
        commands.push(Command::List(ListCommand::Refresh));
    }
}
