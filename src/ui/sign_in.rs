//! The sign-in screen: profile, address, key; saved profiles; the demo.

use std::sync::Arc;

use egui::{Align, CentralPanel, Frame, Id, Layout, Margin, RichText, ScrollArea, UiBuilder};

use super::{marks, states};
use crate::domain::{ApiKey, ApiUrl, CleanedKey};
use crate::model::{Data, Dialog, KeySource, Session, SignInForm, Stage, View};
use crate::msg::{Command, Commands, OpenError, SignIn};
use crate::theme::{self, icon, space};
use crate::widgets::{
    Alert, Level, alert_ui, focus_on_open, glyph_ui, icon_button, labelled_field, link_button, list_item, menu_item,
    panel_separator, primary_button, quiet_button, secondary_button, secret_field, text_field,
};

const WIDTH: f32 = 440.0;
/// A window that is less high than this has narrower margins, so that the whole form stands in it.
const SHORT: f32 = 700.0;

pub(super) fn sign_in_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    CentralPanel::default().frame(Frame::new().fill(tokens.panel)).show(ui, |ui| {
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

fn card_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        glyph_ui(ui, icon::BACKUP, &egui::TextStyle::Heading, tokens.accent_text);
        ui.label(RichText::new("SkyBackup").text_style(theme::title()));
    });
    ui.label(RichText::new("Backups and schedules of your SkySQL databases").color(tokens.text_secondary));
    ui.add_space(space::L);
    match &data.session {
        Session::Opening { stage, source, profile, .. } => {
            opening_ui(ui, data, (stage, *source), &profile.name, commands);
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
    // The bar of the scroll area stands in the margin, so that fields and buttons end at the same edge.
    let place = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(UiBuilder::new().max_rect(place.with_max_x(place.right() + space::M)));
    let below = 2.0 * space::L + theme::height::CONTROL;
    let entered = ScrollArea::vertical()
        .max_height(place.height() - below)
        .auto_shrink([false, true])
        .show(&mut inner, |ui| {
            ui.set_width(place.width());
            let mut wants_key = false;
            if let Some(problem) = problem {
                wants_key = problem_ui(ui, problem, data, &mut view.sign_in, commands);
                ui.add_space(space::L);
            }
            profiles_ui(ui, data, view, commands);
            let key_field = form_ui(ui, data, &mut view.sign_in, commands);
            if wants_key {
                key_field.request_focus();
            } else if problem.is_some_and(|problem| !matches!(problem, OpenError::Demo(_))) {
                // What helps most often after a failure is another key.
                focus_on_open(ui, &key_field);
            }
            key_field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
        })
        .inner;
    ui.advance_cursor_after_rect(inner.min_rect().intersect(place));
    ui.add_space(space::L);
    ways_in_ui(ui, &mut view.sign_in, entered, commands);
}

/// While the keyring is asked or the key is tried.
fn opening_ui(
    ui: &mut egui::Ui,
    data: &Data,
    (stage, source): (&Stage, KeySource),
    name: &str,
    commands: &mut Commands,
) {
    let tokens = theme::tokens(ui);
    let (title, detail) = match stage {
        Stage::ReadingKeyring => (
            format!("Waiting for the {}", data.start.store_name),
            "It may be asking for its password in another window".to_owned(),
        ),
        Stage::KeyringSilent => (
            format!("The {} does not answer", data.start.store_name),
            "It may be stuck, or asking for its password behind other windows".to_owned(),
        ),
        Stage::Testing if source == KeySource::Environment => {
            ("Signing in with SKYSQL_API_KEY".to_owned(), "The key is used for this run only".to_owned())
        }
        Stage::Testing => ("Trying the key".to_owned(), format!("Calling SkySQL for {name}")),
        Stage::StartingDemo => {
            ("Starting the demo".to_owned(), "A service with made-up data, on this computer only".to_owned())
        }
    };
    ui.horizontal(|ui| {
        glyph_ui(ui, icon::HOURGLASS, &theme::section(), tokens.running);
        ui.label(RichText::new(title).text_style(theme::section()));
    });
    ui.label(RichText::new(detail).color(tokens.text_secondary));
    ui.add_space(space::L);
    ui.horizontal(|ui| {
        if secondary_button(ui, "Cancel").clicked() {
            commands.push(Command::CancelSignIn);
        }
        let is_keyring = matches!(stage, Stage::ReadingKeyring | Stage::KeyringSilent);
        if is_keyring && quiet_button(ui, "Use a key for this session only").clicked() {
            commands.push(Command::TypeSessionKey);
        }
    });
}

/// Why the session did not open, and what to do about it. True when the key is to be typed now.
fn problem_ui(
    ui: &mut egui::Ui,
    problem: &OpenError,
    data: &Data,
    form: &mut SignInForm,
    commands: &mut Commands,
) -> bool {
    let (title, body, advice, trace): (String, String, String, Option<&str>) = match problem {
        OpenError::NoKey => {
            ("No key is stored for this profile".to_owned(), String::new(), "Enter its API key".to_owned(), None)
        }
        OpenError::Vault(error) => (error.sentence(), String::new(), error.advice(), None),
        OpenError::BadKey(why) => (why.clone(), String::new(), "Enter it again".to_owned(), None),
        OpenError::Demo(why) => ("The demo did not start".to_owned(), why.clone(), "Try again".to_owned(), None),
        OpenError::Api(error) => {
            (error.sentence(), states::error_body(error), error.advice(), error.trace_id.as_deref())
        }
    };
    let offline = matches!(problem, OpenError::Api(error) if error.is_offline());
    let vault = matches!(problem, OpenError::Vault(_));
    // Without a keyring nobody had to choose it.
    let session_only = vault && !form.keep && data.keyring.problem().is_none();
    let actions: &[&str] = match (offline, vault, session_only) {
        (true, ..) => &["Sign in without a test"],
        (_, true, false) => &["Try again", "Use for this session only"],
        (_, true, true) => &["Try again"],
        _ => &[],
    };
    let advice = if session_only {
        "Enter the API key below. It is used for this session only and not stored".to_owned()
    } else {
        advice
    };
    let alert = Alert { level: Level::Error, title: &title, body: &body, advice: &advice, trace_id: trace, actions };
    match (alert_ui(ui, &alert), offline) {
        (Some(0), true) => submit(form, false, commands),
        (Some(0), false) => {
            if let Some(profile) = &form.profile {
                commands.push(Command::OpenProfile(profile.clone()));
            }
        }
        (Some(_), _) => {
            form.keep = false;
            return true;
        }
        (None, _) => {}
    }
    false
}

/// The saved profiles, one click each.
fn profiles_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    if data.settings.profiles.is_empty() {
        return;
    }
    let tokens = theme::tokens(ui);
    let form = &view.sign_in;
    ui.label(RichText::new("Profiles").text_style(theme::strong()));
    for profile in &data.settings.profiles {
        ui.horizontal(|ui| {
            let is_chosen = form.profile.as_ref() == Some(&profile.id);
            let glyph = if is_chosen { icon::CARET_RIGHT } else { marks::profile_icon(profile.marks) };
            let production = if profile.marks.production { "PROD · " } else { "" };
            let address = crate::domain::shorten_middle(&profile.api_url, 34);
            let line = ui.scope(|ui| {
                ui.set_width(WIDTH - 44.0);
                list_item(ui, glyph, &profile.name, &format!("{production}{address}"))
            });
            if line.inner.clicked() {
                commands.push(Command::OpenProfile(profile.id.clone()));
            }
            if icon_button(ui, icon::KEY, &format!("Enter another key for {}", profile.name)).clicked() {
                commands.push(Command::ShowSignIn(Some(profile.id.clone())));
            }
        });
    }
    if form.profile.is_some() && menu_item(ui, icon::PLUS, "New profile", "").clicked() {
        commands.push(Command::ShowSignIn(None));
    }
    ui.add_space(space::S);
    panel_separator(ui);
    ui.add_space(space::M);
    let title = form.profile.as_ref().map_or("New profile".to_owned(), |_| format!("Key for {}", form.name));
    ui.label(RichText::new(title).text_style(theme::section()).color(tokens.text));
    if let Some(id) = form.profile.clone() {
        let asked = ui.horizontal(|ui| {
            marks::tags_ui(ui, form.marks);
            if quiet_button(ui, "Edit profile…").clicked() {
                commands.push(Command::EditProfile(id.clone()));
            }
            if quiet_button(ui, "Forget key").clicked() {
                commands.push(Command::ForgetKey(id.clone()));
            }
            quiet_button(ui, "Remove profile…").clicked().then(|| id.clone())
        });
        if let Some(id) = asked.inner {
            view.open(Dialog::RemoveProfile(id));
        }
    }
    ui.add_space(space::XS);
}

/// Says what another address means for a saved profile.
fn url_help(data: &Data, form: &SignInForm) -> &'static str {
    let saved = data.settings.profiles.iter().find(|profile| Some(&profile.id) == form.profile.as_ref());
    match (saved, ApiUrl::parse(&form.url)) {
        (Some(saved), Ok(url)) if saved.is_elsewhere(&url) => {
            "Another address makes a profile of its own; the saved one stays as it is"
        }
        _ => "https only, except for this computer",
    }
}

/// What the profile is called, and where it leads.
fn profile_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm) {
    let url = ApiUrl::parse(&form.url);
    let shown = |error: Option<String>, filled: bool| error.filter(|_| form.tried || filled);
    let name_error = shown(form.name.trim().is_empty().then(|| "Give the profile a name".to_owned()), false);
    let url_error = shown(url.as_ref().err().map(ToString::to_string), !form.url.is_empty());
    let is_named = !form.name.is_empty();
    let help = "How you call this account, such as production";
    let field = labelled_field(ui, "Profile name", help, name_error.as_deref(), |ui| {
        text_field(ui, &mut form.name, "production")
    });
    if !is_named {
        focus_on_open(ui, &field);
    }
    ui.add_space(space::S);
    labelled_field(ui, "API address", url_help(data, form), url_error.as_deref(), |ui| {
        text_field(ui, &mut form.url, ApiUrl::DEFAULT)
    });
    ui.add_space(space::S);
}

/// The marks of a new profile; those of a saved one are changed in its own dialog.
fn marks_ui(ui: &mut egui::Ui, form: &mut SignInForm) {
    if form.profile.is_none() {
        ui.add_space(space::S);
        ui.label(RichText::new("Marks").text_style(theme::strong()));
        marks::choose_ui(ui, &mut form.marks);
    }
}

/// The form; gives its key field.
fn form_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm, commands: &mut Commands) -> egui::Response {
    profile_ui(ui, data, form);
    let key = ApiKey::clean(form.key.as_str());
    let key_error = key.as_ref().err().map(ToString::to_string).filter(|_| form.tried || !form.key.is_empty());
    let note = key.as_ref().ok().and_then(|cleaned: &CleanedKey| cleaned.note.clone());
    let usual = match &key {
        Ok(_) => "You may clear the clipboard now, SkyBackup leaves it as it is",
        Err(_) => "Made at app.skysql.com under your user profile, API keys",
    };
    let help = note.unwrap_or_else(|| usual.to_owned());
    let id = Id::unique(("api-key", form.generation));
    let field = labelled_field(ui, "API key", &help, key_error.as_deref(), |ui| {
        secret_field(ui, id, form.key.as_mut_string(), "Paste the key here")
    });
    ui.add_space(space::S);
    keep_ui(ui, data, form, commands);
    marks_ui(ui, form);
    field
}

/// Signing in, by the button or by Enter in the key field, and the demo.
fn ways_in_ui(ui: &mut egui::Ui, form: &mut SignInForm, entered: bool, commands: &mut Commands) {
    ui.horizontal(|ui| {
        let clicked = primary_button(ui, "Sign in").clicked();
        if clicked || entered {
            submit(form, true, commands);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let help = "Made-up data on this computer, no account needed";
            if secondary_button(ui, "Try the demo").on_hover_text(help).clicked() {
                commands.push(Command::TryDemo);
            }
        });
    });
}

/// Whether the key is kept; where it cannot be, why, before a key is pasted.
fn keep_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.checkbox(&mut form.keep, format!("Keep the key in the {}", data.start.store_name));
    let usual = if form.keep {
        "Never in a file. You can delete it at any time"
    } else {
        "Used for this session only, gone when the window closes"
    };
    let Some(problem) = data.keyring.problem() else {
        ui.label(RichText::new(usual).small().color(tokens.text_secondary));
        return;
    };
    let text = format!("{}. A key can be used for this session only", problem.sentence());
    ui.horizontal_wrapped(|ui| {
        glyph_ui(ui, icon::WARNING, &theme::small(), tokens.warn);
        ui.label(RichText::new(text).small().color(tokens.warn)).on_hover_text(problem.advice());
        if link_button(ui, "Look again").clicked() {
            commands.push(Command::ProbeKeyring);
        }
    });
}

/// Sends what parses; else the errors are shown from now on.
fn submit(form: &mut SignInForm, test: bool, commands: &mut Commands) {
    form.tried = true;
    let name = form.name.trim();
    let (Ok(url), Ok(cleaned)) = (ApiUrl::parse(&form.url), ApiKey::clean(form.key.as_str())) else { return };
    if name.is_empty() {
        return;
    }
    commands.push(Command::SignIn(SignIn {
        profile: form.profile.clone(),
        name: name.to_owned(),
        marks: form.marks,
        url,
        key: Arc::new(cleaned.key),
        test,
        keep: form.keep,
    }));
}
