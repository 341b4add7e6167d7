//! Preferences, profiles, and where things live.

use egui::{Align, Layout, RichText, ScrollArea, TextStyle};

use super::choice::{preference_ui, zone_ui};
use super::flags;
use super::text::small_ui;
use crate::domain::{sanitize_for_display, shorten_middle};
use crate::model::{Data, Dialog, View};
use crate::msg::{Command, Commands, PreferencesCommand, ProfileCommand, SessionCommand, WindowCommand};
use crate::settings::{Density, NotificationChoice, Profile, RendererChoice, ThemeChoice, UpdateChoice};
use crate::theme::{self, icon, space};
use crate::widgets::{
    danger_button, glyph_ui, icon_button, quiet_button, screen_title, secondary_button, section_title, tag,
};

/// Choices of the automatic refresh, in seconds; 0 is off.
const REFRESH: [(u32, &str); 5] = [(0, "Off"), (30, "30 s"), (60, "1 min"), (300, "5 min"), (900, "15 min")];
const LABEL: f32 = 190.0;

pub(super) fn settings_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    screen_title(ui, "Settings", "", |_| {});
    ui.add_space(space::S);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width().min(760.0));
        appearance_ui(ui, data, commands);
        ui.add_space(space::XL);
        refresh_ui(ui, data, commands);
        ui.add_space(space::XL);
        profiles_ui(ui, data, view, commands);
        ui.add_space(space::XL);
        paths_ui(ui, data, commands);
        ui.add_space(space::XL);
    });
}

/// One line: a label of fixed width, the control, and below it a sentence in secondary.
fn line_ui(ui: &mut egui::Ui, label: &str, help: &str, control: impl FnOnce(&mut egui::Ui)) {
    let tokens = theme::tokens(ui);
    ui.push_id(label, |ui| {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(
                egui::vec2(LABEL, theme::height::CONTROL),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.set_min_width(LABEL);
                    ui.label(label);
                },
            );
            ui.vertical(|ui| {
                ui.horizontal(control);
                if !help.is_empty() {
                    ui.add(egui::Label::new(RichText::new(help).small().color(tokens.text_secondary)).wrap());
                }
            });
        })
    });
    ui.add_space(space::XS);
}

fn appearance_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let preferences = &data.settings.preferences;
    section_title(ui, "Appearance");
    ui.add_space(space::S);
    line_ui(ui, "Theme", "", |ui| {
        let themes = [(ThemeChoice::System, "System"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")];
        preference_ui(ui, &themes, preferences.theme, PreferencesCommand::SetTheme, commands);
    });
    line_ui(ui, "Row height", "", |ui| {
        let heights = [(Density::Comfortable, "Comfortable"), (Density::Compact, "Compact")];
        preference_ui(ui, &heights, preferences.density, PreferencesCommand::SetDensity, commands);
    });
    line_ui(ui, "Times", &local_zone_text(data), |ui| {
        zone_ui(ui, data, commands);
        if quiet_button(ui, "Choose time zone…").clicked() {
            commands.push(Command::Window(WindowCommand::OpenZones));
        }
    });
    let renderer = "Change this if the window stays black or is slow. Takes effect after a restart.";
    line_ui(ui, "Graphics renderer", renderer, |ui| {
        let renderers =
            [(RendererChoice::Auto, "Automatic"), (RendererChoice::Glow, "OpenGL"), (RendererChoice::Wgpu, "wgpu")];
        preference_ui(ui, &renderers, preferences.renderer, PreferencesCommand::SetRenderer, commands);
    });
}

fn refresh_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    section_title(ui, "Data");
    ui.add_space(space::S);
    line_ui(ui, "Automatic refresh", "More often while a backup is running", |ui| {
        let secs = data.settings.preferences.auto_refresh_secs;
        preference_ui(ui, &REFRESH, secs, PreferencesCommand::SetAutoRefresh, commands);
    });
    let compared = "Size and duration of a backup beside earlier ones. Snapshots and incrementals vary by nature";
    line_ui(ui, "Comparisons", compared, |ui| {
        let choices = [(false, "Full, dump, binary log"), (true, "All types")];
        let chosen = data.settings.preferences.compare_all_types;
        preference_ui(ui, &choices, chosen, PreferencesCommand::SetCompareAllTypes, commands);
    });
    notifications_ui(ui, data, commands);
    trust_ui(ui, data);
    if let Some(source) = &data.config.build.updates {
        let help = format!("Reads a version number from {}. Nothing is installed", source.file.host());
        line_ui(ui, "New versions", &help, |ui| {
            let choices = [(UpdateChoice::Never, "Do not check"), (UpdateChoice::Daily, "Check once a day")];
            let chosen = data.settings.preferences.updates;
            preference_ui(ui, &choices, chosen, PreferencesCommand::SetUpdates, commands);
        });
    }
}

fn notifications_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let preferences = &data.settings.preferences;
    line_ui(ui, "Notifications", notifications_help(data), |ui| {
        let choices = [
            (NotificationChoice::Off, "Off"),
            (NotificationChoice::Problems, "Problems"),
            (NotificationChoice::All, "Problems and warnings"),
        ];
        preference_ui(ui, &choices, preferences.notifications, PreferencesCommand::SetNotifications, commands);
    });
    if preferences.notifications == NotificationChoice::Off {
        return;
    }
    let names = "The desktop may show and keep them where others can read them";
    line_ui(ui, "Names in notifications", names, |ui| {
        let choices = [(false, "No names"), (true, "Names of services")];
        preference_ui(ui, &choices, preferences.notification_names, PreferencesCommand::SetNotificationNames, commands);
    });
    if let Some(problem) = data.notification_problem {
        let tokens = theme::tokens(ui);
        line_ui(ui, "", "", |ui| {
            glyph_ui(ui, icon::WARNING, &TextStyle::Body, tokens.warn);
            ui.label(problem.to_string());
        });
    }
}

/// When there are notifications, or why there are none.
fn notifications_help(data: &Data) -> &'static str {
    let preferences = &data.settings.preferences;
    let is_demo = data.session.open().is_some_and(|open| open.profile.is_demo);
    match preferences.notifications {
        _ if is_demo => "The demo shows none",
        NotificationChoice::Off => "Problems are shown in the overview only",
        _ if preferences.auto_refresh_secs == 0 => "Automatic refresh is off: problems are found only when you refresh",
        NotificationChoice::Problems | NotificationChoice::All => {
            "Once for each new problem, and when a restore that you started here ends, while SkyBackup is open"
        }
    }
}

fn trust_ui(ui: &mut egui::Ui, data: &Data) {
    let tokens = theme::tokens(ui);
    let paths: Vec<String> = data.config.certificates.iter().map(|(_, path)| path.display().to_string()).collect();
    let (words, help) = match &data.config.certificates[..] {
        [] => ("Those this system trusts".to_owned(), ""),
        [("SSL_CERT_FILE", _)] => (paths.join(", "), "Only certificate authorities in this file are trusted"),
        [_] => (paths.join(", "), "Only certificate authorities in this folder are trusted"),
        _ => (paths.join(", "), "Only certificate authorities in these places are trusted"),
    };
    line_ui(ui, "Certificates", help, |ui| {
        ui.label(RichText::new(words).monospace().color(tokens.text_secondary));
    });
}

fn profiles_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    section_title(ui, "Profiles");
    ui.add_space(space::XS);
    let store =
        format!("Keys are kept in the {}, one entry for each profile, and nowhere else", data.config.store_name);
    small_ui(ui, store);
    ui.add_space(space::S);
    if data.settings.profiles.is_empty() {
        ui.label("No profile is saved");
    }
    for profile in &data.settings.profiles {
        profile_ui(ui, data, view, profile, commands);
    }
    ui.add_space(space::S);
    if secondary_button(ui, "Add profile…").clicked() {
        commands.push(Command::Session(SessionCommand::ShowSignIn(None)));
    }
}

fn profile_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, profile: &Profile, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let open = data.session.open().filter(|open| open.profile.id == profile.id);
    ui.push_id(&profile.id, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                profile_buttons_ui(ui, view, profile, commands);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    glyph_ui(ui, flags::profile_icon(profile.flags), &TextStyle::Body, tokens.text_secondary);
                    ui.label(
                        RichText::new(shorten_middle(&sanitize_for_display(&profile.name), 32))
                            .text_style(theme::strong()),
                    );
                    flags::tags_ui(ui, profile.flags);
                    if open.is_some() {
                        tag(ui, "Signed in", tokens.ok);
                    }
                    let address = RichText::new(&profile.api_url).monospace().color(tokens.text_secondary);
                    ui.add(egui::Label::new(address).truncate()).on_hover_text(format!(
                        "{}\nKeyring entry: {}",
                        profile.api_url,
                        profile.account()
                    ));
                });
            });
        });
        if let Some(open) = open {
            small_ui(ui, format!("Key of {}", open.key));
        }
    });
}

fn profile_buttons_ui(ui: &mut egui::Ui, view: &mut View, profile: &Profile, commands: &mut Commands) {
    if danger_button(ui, "Remove…").clicked() {
        view.open(Dialog::RemoveProfile(profile.id.clone()));
    }
    if quiet_button(ui, "Forget key").clicked() {
        commands.push(Command::Session(SessionCommand::DeleteKey(profile.id.clone())));
    }
    if quiet_button(ui, "Edit…").clicked() {
        commands.push(Command::Profile(ProfileCommand::EditProfile(profile.id.clone())));
    }
}

fn paths_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    section_title(ui, "Files and folders");
    ui.add_space(space::S);
    for (name, folder) in &data.config.places {
        ui.horizontal(|ui| {
            ui.allocate_ui_with_layout(egui::vec2(LABEL, 24.0), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(LABEL);
                ui.label(*name);
            });
            if icon_button(ui, icon::FOLDER, &format!("Open the folder of {}", name.to_lowercase())).clicked() {
                commands.push(Command::Window(WindowCommand::OpenPath(folder.clone())));
            }
            let text = RichText::new(folder.display().to_string()).monospace().color(tokens.text_secondary);
            ui.add(egui::Label::new(text).truncate());
        });
    }
}
/// What the zone of this computer is called, or how it is identified without a name.
fn local_zone_text(data: &Data) -> String {
    let zone = &data.config.local_zone;
    let local = match zone.label() {
        _ if zone.is_unreadable() => "The time zone of this computer could not be read, so UTC is used".to_owned(),
        label if label == zone.full_label() => format!("This computer is in {label}"),
        _ => "The time zone of this computer has no name, so times show their UTC offset".to_owned(),
    };
    format!("{local}. Cron always runs in UTC")
}
