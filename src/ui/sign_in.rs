//! Signing in: the first run, saved profiles, the form, and the same in a dialog over the open session.

use egui::{Align, CentralPanel, Frame, Layout, Margin, RichText, ScrollArea, UiBuilder};

use super::sign_in_form::{form_ui, submit};
use super::text::quiet_ui;
use super::{flags, placeholders};
use crate::domain::sanitize_for_display;
use crate::model::{Data, Dialog, KeySource, Session, SignInForm, SignInPhase, View};
use crate::msg::{Command, Commands, KeyCheck, OpenError, ProfileCommand, SessionCommand, WindowCommand};
use crate::settings::KeyringError;
use crate::theme::{self, icon, space};
use crate::widgets::{
    Alert, Level, alert_ui, focus_on_open, glyph_ui, icon_button, keep_focus_in_sight, list_item, menu_item, modal_ui,
    panel_separator, primary_button, quiet_button, secondary_button,
};

const WIDTH: f32 = 440.0;
/// A window that is less high than this has narrower margins, so that the whole form is in it.
const SHORT: f32 = 700.0;
/// What a dialog needs above and below its form, in points.
const AROUND_FORM: f32 = 220.0;

/// The whole window, while nobody is signed in.
pub(super) fn sign_in_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    CentralPanel::no_frame().show(ui, |ui| {
        let height = ui.available_height();
        let (above, inside) = if height < SHORT { (space::M, 20) } else { ((height - 620.0) * 0.4, 32) };
        ui.add_space(above.min(160.0));
        ui.vertical_centered(|ui| {
            let card = Frame::new()
                .fill(tokens.raised)
                .stroke(egui::Stroke::new(1.0, tokens.line_subtle))
                .corner_radius(theme::radius::DIALOG)
                .inner_margin(Margin::same(inside));
            card.show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.with_layout(Layout::top_down(Align::Min), |ui| card_ui(ui, data, view, commands));
            });
        });
    });
}

/// The dialog over the open session, which stays as it is until another one is open.
pub(super) fn sign_in_dialog_ui(ui: &egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    if !data.is_signing_in_over() {
        return;
    }
    let form = &view.sign_in;
    let title = form.profile.as_ref().map_or("Add profile".to_owned(), |_| format!("Key for {}", form.name));
    let ((), is_escape) = modal_ui(ui, ("sign-in", &title), WIDTH, |ui| match data.sign_in() {
        Session::Opening { phase, source, profile, .. } => {
            opening_ui(ui, data, (phase, *source), &sanitize_for_display(&profile.name), commands);
        }
        Session::SignedOut { problem } => {
            ui.label(RichText::new(&title).text_style(theme::section()));
            ui.add_space(space::XS);
            let height = (ui.ctx().content_rect().height() - AROUND_FORM).max(120.0);
            let entered = ScrollArea::vertical().max_height(height).show(ui, |ui| {
                ui.set_width(ui.available_width());
                fields_ui(ui, problem.as_ref(), data, view, commands)
            });
            ui.add_space(space::L);
            dialog_buttons_ui(ui, &mut view.sign_in, entered.inner, commands);
        }
        Session::Open(_) => {}
    });
    if is_escape {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn dialog_buttons_ui(ui: &mut egui::Ui, form: &mut SignInForm, entered: bool, commands: &mut Commands) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if primary_button(ui, "Sign in").clicked() || entered {
            submit(form, KeyCheck::First, commands);
        }
        if secondary_button(ui, "Cancel").clicked() {
            commands.push(Command::Window(WindowCommand::CloseDialog));
        }
    });
}

fn card_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        glyph_ui(ui, icon::BACKUP, &egui::TextStyle::Heading, tokens.accent_text);
        ui.label(RichText::new("SkyBackup").heading());
    });
    quiet_ui(ui, "Backups and schedules of your SkySQL databases");
    ui.add_space(space::L);
    match data.sign_in() {
        Session::Opening { phase, source, profile, .. } => {
            opening_ui(ui, data, (phase, *source), &sanitize_for_display(&profile.name), commands);
        }
        Session::SignedOut { problem } => signed_out_ui(ui, problem.as_ref(), data, view, commands),
        Session::Open(_) => {}
    }
}

/// What went wrong, the profiles and the form, which scroll where the window is not high enough; below them, always in sight, the
/// ways in.
fn signed_out_ui(
    ui: &mut egui::Ui,
    problem: Option<&OpenError>,
    data: &Data,
    view: &mut View,
    commands: &mut Commands,
) {
    // The bar of the scroll area is in the margin, so that fields and buttons end at the same edge.
    let place = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(UiBuilder::new().max_rect(place.with_max_x(place.right() + space::M)));
    let is_first_run = data.settings.profiles.is_empty();
    let demo = if is_first_run { theme::height::CONTROL + 3.0 * space::M } else { 0.0 };
    let below = 2.0 * space::L + theme::height::CONTROL + demo;
    let entered = ScrollArea::vertical()
        .max_height(place.height() - below)
        .auto_shrink([false, true])
        .show(&mut inner, |ui| {
            ui.set_width(place.width());
            fields_ui(ui, problem, data, view, commands)
        })
        .inner;
    ui.advance_cursor_after_rect(inner.min_rect().intersect(place));
    ui.add_space(space::L);
    sign_in_actions_ui(ui, data, &mut view.sign_in, entered, commands);
}

/// What scrolls; true when Enter was pressed in the key field.
fn fields_ui(
    ui: &mut egui::Ui,
    problem: Option<&OpenError>,
    data: &Data,
    view: &mut View,
    commands: &mut Commands,
) -> bool {
    let mut wants_key = false;
    if let Some(problem) = problem {
        wants_key = problem_ui(ui, problem, data, view, commands);
        ui.add_space(space::L);
    }
    if !data.is_signing_in_over() {
        profiles_ui(ui, data, view, commands);
    }
    let key_field = form_ui(ui, data, &mut view.sign_in, commands);
    if wants_key {
        key_field.request_focus();
    } else if problem.is_some_and(|problem| !matches!(problem, OpenError::Demo(_))) {
        // What helps most often after a failure is another key.
        focus_on_open(ui, &key_field);
    }
    keep_focus_in_sight(ui);
    key_field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// Signing in, by the button or by Enter in the key field, and the demo.
fn sign_in_actions_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm, entered: bool, commands: &mut Commands) {
    const DEMO: &str = "Explore sample data";
    const HELP: &str = "Made-up data, no account needed";
    let is_first_run = data.settings.profiles.is_empty();
    ui.horizontal(|ui| {
        if primary_button(ui, "Sign in").clicked() || entered {
            submit(form, KeyCheck::First, commands);
        }
        if !is_first_run {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if secondary_button(ui, DEMO).on_hover_text(HELP).clicked() {
                    commands.push(Command::Session(SessionCommand::TryDemo));
                }
            });
        }
    });
    if is_first_run {
        ui.add_space(space::M);
        panel_separator(ui);
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            if secondary_button(ui, DEMO).clicked() {
                commands.push(Command::Session(SessionCommand::TryDemo));
            }
            ui.label(RichText::new(HELP).small().color(theme::tokens(ui).text_secondary));
        });
    }
}

/// While the keyring is asked or the key is tried.
fn opening_ui(
    ui: &mut egui::Ui,
    data: &Data,
    (phase, source): (&SignInPhase, KeySource),
    name: &str,
    commands: &mut Commands,
) {
    let tokens = theme::tokens(ui);
    let (title, detail) = match phase {
        SignInPhase::ReadingKeyring => (
            format!("Waiting for the {}", data.config.store_name),
            "It may be asking for its password in another window".to_owned(),
        ),
        SignInPhase::KeyringSlow => (
            format!("The {} does not answer", data.config.store_name),
            "It may be stuck, or asking for its password behind other windows".to_owned(),
        ),
        SignInPhase::Testing if source == KeySource::Environment => {
            ("Signing in with SKYSQL_API_KEY".to_owned(), "The key is used for this run only".to_owned())
        }
        SignInPhase::Testing => ("Checking the key".to_owned(), format!("Signing in to {name}")),
        SignInPhase::StartingDemo => {
            ("Starting the demo".to_owned(), "A service with made-up data, on this computer only".to_owned())
        }
    };
    ui.horizontal(|ui| {
        glyph_ui(ui, icon::HOURGLASS, &theme::section(), tokens.running);
        ui.label(RichText::new(title).text_style(theme::section()));
    });
    quiet_ui(ui, detail);
    ui.add_space(space::L);
    ui.horizontal(|ui| {
        if secondary_button(ui, "Cancel").clicked() {
            commands.push(Command::Session(SessionCommand::CancelSignIn));
        }
        let is_keyring = matches!(phase, SignInPhase::ReadingKeyring | SignInPhase::KeyringSlow);
        if is_keyring && quiet_button(ui, "Use a key for this session only").clicked() {
            commands.push(Command::Session(SessionCommand::TypeSessionKey));
        }
    });
}

/// What can be done about a sign-in that failed.
#[derive(Clone, Copy, PartialEq)]
enum Remedy {
    TryAgain,
    CreateKeyring,
    ChooseKey,
    SessionOnly,
    SaveUnchecked,
}

/// What is offered, first the likeliest.
fn remedies(problem: &OpenError, is_session_only: bool) -> Vec<(&'static str, Remedy)> {
    let try_again = ("Try again", Remedy::TryAgain);
    let mut remedies = match problem {
        OpenError::Api(error) if error.is_offline() => return vec![("Save without checking", Remedy::SaveUnchecked)],
        OpenError::Keyring(KeyringError::NoPlace) => vec![("Create a keyring…", Remedy::CreateKeyring), try_again],
        OpenError::Keyring(KeyringError::Ambiguous(keys)) if !keys.is_empty() => {
            vec![("Choose the key to keep…", Remedy::ChooseKey)]
        }
        OpenError::Keyring(_) => vec![try_again],
        _ => return Vec::new(),
    };
    if !is_session_only {
        remedies.push(("Use for this session only", Remedy::SessionOnly));
    }
    remedies
}

/// Why the session did not open, and what to do about it. True when the key is to be typed now.
fn problem_ui(ui: &mut egui::Ui, problem: &OpenError, data: &Data, view: &mut View, commands: &mut Commands) -> bool {
    let (title, body, advice) = match problem {
        OpenError::NoKey => ("No key is stored for this profile".to_owned(), "", "Enter its API key".to_owned()),
        OpenError::Keyring(error) => (error.sentence(), "", error.advice()),
        OpenError::BadAddress(error) => {
            (format!("The address of this profile: {error}"), "", "Enter it again".to_owned())
        }
        OpenError::BadKey(why) => (why.clone(), "", "Enter it again".to_owned()),
        OpenError::Demo(why) => ("The demo did not start".to_owned(), why.as_str(), "Try again".to_owned()),
        OpenError::Api(error) => (error.sentence(), "", error.advice()),
    };
    // Without a keyring nobody had to choose it.
    let is_session_only = !view.sign_in.keep && data.keyring.problem().is_none();
    let advice = if is_session_only && matches!(problem, OpenError::Keyring(_)) {
        "Enter the API key below. It is used for this session only and not stored".to_owned()
    } else {
        advice
    };
    let remedies = remedies(problem, is_session_only);
    let actions: Vec<&str> = remedies.iter().map(|(words, _)| *words).collect();
    let clicked = if let OpenError::Api(error) = problem {
        placeholders::api_error_ui(ui, Level::Error, error, &advice, &actions)
    } else {
        let alert =
            Alert { level: Level::Error, title: &title, body, advice: &advice, trace_id: None, actions: &actions };
        alert_ui(ui, &alert)
    };
    let Some((_, remedy)) = clicked.and_then(|at| remedies.get(at)) else { return false };
    apply(*remedy, problem, view, commands);
    *remedy == Remedy::SessionOnly
}

fn apply(remedy: Remedy, problem: &OpenError, view: &mut View, commands: &mut Commands) {
    let profile = view.sign_in.profile.clone();
    match (remedy, profile, problem) {
        (Remedy::TryAgain, Some(profile), _) => commands.push(Command::Session(SessionCommand::OpenProfile(profile))),
        (Remedy::CreateKeyring, ..) => commands.push(Command::Session(SessionCommand::CreateKeyring)),
        (Remedy::ChooseKey, Some(profile), OpenError::Keyring(KeyringError::Ambiguous(keys))) => {
            view.open(Dialog::SeveralKeys { profile, keys: keys.clone(), chosen: 0 });
        }
        (Remedy::SessionOnly, ..) => view.sign_in.keep = false,
        (Remedy::SaveUnchecked, ..) => submit(&mut view.sign_in, KeyCheck::Skipped, commands),
        _ => {}
    }
}

/// The saved profiles, one click each.
fn profiles_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    if data.settings.profiles.is_empty() {
        ui.label(RichText::new("Connect your account").text_style(theme::section()).color(tokens.text));
        ui.add_space(space::XS);
        return;
    }
    let form = &view.sign_in;
    ui.label(RichText::new("Profiles").text_style(theme::strong()));
    for profile in &data.settings.profiles {
        ui.horizontal(|ui| {
            let is_chosen = form.profile.as_ref() == Some(&profile.id);
            let glyph = if is_chosen { icon::CARET_RIGHT } else { flags::profile_icon(profile.flags) };
            let production = if profile.flags.production { "PROD · " } else { "" };
            let address = crate::domain::shorten_middle(&profile.api_url, 34);
            let line = ui.scope(|ui| {
                ui.set_width(WIDTH - 44.0);
                list_item(ui, glyph, &sanitize_for_display(&profile.name), &format!("{production}{address}"))
            });
            if line.inner.clicked() {
                commands.push(Command::Session(SessionCommand::OpenProfile(profile.id.clone())));
            }
            if icon_button(ui, icon::KEY, &format!("Enter another key for {}", sanitize_for_display(&profile.name)))
                .clicked()
            {
                commands.push(Command::Session(SessionCommand::ShowSignIn(Some(profile.id.clone()))));
            }
        });
    }
    if form.profile.is_some() && menu_item(ui, icon::PLUS, "Add profile", "").clicked() {
        commands.push(Command::Session(SessionCommand::ShowSignIn(None)));
    }
    ui.add_space(space::S);
    panel_separator(ui);
    ui.add_space(space::M);
    let title =
        form.profile.as_ref().map_or("Connect another account".to_owned(), |_| format!("Key for {}", form.name));
    ui.label(RichText::new(title).text_style(theme::section()).color(tokens.text));
    if let Some(id) = form.profile.clone() {
        let asked = ui.horizontal(|ui| {
            flags::tags_ui(ui, form.flags);
            if quiet_button(ui, "Edit profile…").clicked() {
                commands.push(Command::Profile(ProfileCommand::EditProfile(id.clone())));
            }
            if quiet_button(ui, "Forget key").clicked() {
                commands.push(Command::Session(SessionCommand::DeleteKey(id.clone())));
            }
            quiet_button(ui, "Remove profile…").clicked().then(|| id.clone())
        });
        if let Some(id) = asked.inner {
            view.open(Dialog::RemoveProfile(id));
        }
    }
    ui.add_space(space::XS);
}
