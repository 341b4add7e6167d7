//! The form of the sign-in: name and key, and under "More" the address and the label of the account.

use std::sync::Arc;

use egui::{Event, Id, Response, RichText};

use super::flags;
use super::text::small_ui;
use crate::domain::ApiUrl;
use crate::model::{Data, KeyringStatus, SignInField, SignInForm};
use crate::msg::{Command, Commands, KeyCheck, SessionCommand, SignIn, WindowCommand};
use crate::secrets::{ApiKey, CleanedKey, KeyTextError};
use crate::settings::KeyringError;
use crate::theme::{self, icon, space};
use crate::widgets::{focus_on_open, labelled_field, link_button, secret_field, text_field, warning_ui};

/// Where a user makes an API key.
const KEYS_PAGE: &str = "https://app.skysql.com/user-profile/api-keys";

/// The form; gives its key field.
pub(super) fn form_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm, commands: &mut Commands) -> Response {
    let name = name_ui(ui, form);
    ui.add_space(space::S);
    let key = key_ui(ui, form, commands);
    ui.add_space(space::S);
    keep_ui(ui, data, form, commands);
    let url = more_ui(ui, data, form);
    certificates_ui(ui, data);
    let field = match form.go_to.take() {
        Some(SignInField::Name) => Some(&name),
        Some(SignInField::Key) => Some(&key),
        Some(SignInField::Url) => url.as_ref(),
        None => None,
    };
    if let Some(field) = field {
        field.request_focus();
        field.scroll_to_me(None);
    }
    key
}

/// What the account is called here.
fn name_ui(ui: &mut egui::Ui, form: &mut SignInForm) -> Response {
    let error = (form.tried && form.name.trim().is_empty()).then_some("Enter a name");
    let is_named = !form.name.is_empty();
    let help = "A name for this account, e.g. production";
    let field = labelled_field(ui, "Profile name", help, error, |ui| text_field(ui, &mut form.name, "production"));
    if !is_named {
        focus_on_open(ui, &field);
    }
    field
}

/// The key. It is judged once it was pasted or the field is left, not while it is typed.
fn key_ui(ui: &mut egui::Ui, form: &mut SignInForm, commands: &mut Commands) -> Response {
    let id = Id::unique(("api-key", form.generation));
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    if has_focus && ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Paste(_)))) {
        form.pasted = true;
    }
    let key = ApiKey::clean(form.key.as_str());
    let is_judged = form.tried || (!form.key.is_empty() && (form.pasted || form.key_left));
    let error = key.as_ref().err().filter(|_| is_judged).map(KeyTextError::to_string);
    let note = key.as_ref().ok().and_then(|cleaned: &CleanedKey| cleaned.note.clone());
    let usual = if key.is_ok() && form.pasted { "Key copied? SkyBackup does not clear the clipboard" } else { "" };
    let help = note.unwrap_or_else(|| usual.to_owned());
    let field = labelled_field(ui, "API key", &help, error.as_deref(), |ui| {
        secret_field(ui, id, form.key.as_mut_string(), "Paste the key here")
    });
    form.key_left |= field.lost_focus();
    if form.key.is_empty() {
        (form.pasted, form.key_left) = (false, false);
        if error.is_none() && link_button(ui, "Create one at app.skysql.com: user profile › API keys").clicked() {
            commands.push(Command::Window(WindowCommand::OpenWeb(KEYS_PAGE.to_owned())));
        }
    }
    field
}

/// Address and label, which most people leave as they are; gives the field of the address where it is shown.
fn more_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm) -> Option<Response> {
    ui.add_space(space::XS);
    let words = if form.more { "Less" } else { "More: address and label" };
    if link_button(ui, words).clicked() {
        form.more = !form.more;
    }
    if !form.more {
        return None;
    }
    ui.add_space(space::XS);
    let url = ApiUrl::parse(&form.url);
    let is_judged = form.tried || (form.url_left && !form.url.is_empty());
    let error = url.as_ref().err().filter(|_| is_judged).map(ToString::to_string);
    let field = labelled_field(ui, "API address", url_help(data, form), error.as_deref(), |ui| {
        text_field(ui, &mut form.url, ApiUrl::DEFAULT)
    });
    form.url_left |= field.lost_focus();
    // The marks of a saved profile are changed in its own dialog.
    if form.profile.is_none() {
        ui.add_space(space::S);
        ui.label(RichText::new("Label").text_style(theme::strong()));
        flags::choose_ui(ui, &mut form.flags);
    }
    Some(field)
}

/// Says what another address means for a saved profile.
fn url_help(data: &Data, form: &SignInForm) -> &'static str {
    let saved = data.settings.profiles.iter().find(|profile| Some(&profile.id) == form.profile.as_ref());
    match (saved, ApiUrl::parse(&form.url)) {
        (Some(saved), Ok(url)) if saved.is_elsewhere(&url) => {
            "Another address makes a profile of its own; the saved one stays as it is"
        }
        _ => "Must start with https:// (http:// only for localhost)",
    }
}

/// Whether the key is kept; where it cannot be, why, before a key is pasted.
fn keep_ui(ui: &mut egui::Ui, data: &Data, form: &mut SignInForm, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.checkbox(&mut form.keep, format!("Keep the key in the {}", data.config.store_name));
    let Some(problem) = data.keyring.problem() else {
        let words = if form.keep {
            "Stored only in your keyring. Remove it any time in Settings"
        } else {
            "Used for this session only, gone when the window closes"
        };
        small_ui(ui, words);
        return;
    };
    if matches!(data.keyring, KeyringStatus::Creating(_)) {
        let words = "Answer the question of the keyring in its own window";
        small_ui(ui, words);
        return;
    }
    let text = format!("{} {}. A key can be used for this session only", icon::WARNING, problem.sentence());
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(text).small().color(tokens.warn)).on_hover_text(problem.advice());
        if *problem == KeyringError::NoPlace && link_button(ui, "Create a keyring…").clicked() {
            commands.push(Command::Session(SessionCommand::CreateKeyring));
        }
        if link_button(ui, "Check again").clicked() {
            commands.push(Command::Session(SessionCommand::ProbeKeyring));
        }
    });
}

/// Said before a key is given: somebody has replaced whom this computer trusts.
fn certificates_ui(ui: &mut egui::Ui, data: &Data) {
    let paths: Vec<String> = data.config.certificates.iter().map(|(_, path)| path.display().to_string()).collect();
    let variables: Vec<&str> = data.config.certificates.iter().map(|(variable, _)| *variable).collect();
    if !paths.is_empty() {
        let (paths, variables) = (paths.join(" and "), variables.join(", "));
        warning_ui(ui, &format!("Only the certificate authorities in {paths} are trusted ({variables})"));
    }
}

/// Sends what parses; else goes to the first field that does not, and the errors are shown from now on.
pub(super) fn submit(form: &mut SignInForm, check: KeyCheck, commands: &mut Commands) {
    form.tried = true;
    let name = form.name.trim();
    let (url, key) = (ApiUrl::parse(&form.url), ApiKey::clean(form.key.as_str()));
    match (name.is_empty(), key, url) {
        (true, ..) => form.go_to = Some(SignInField::Name),
        (_, Err(_), _) => form.go_to = Some(SignInField::Key),
        (_, _, Err(_)) => (form.go_to, form.more) = (Some(SignInField::Url), true),
        (false, Ok(cleaned), Ok(url)) => commands.push(Command::Session(SessionCommand::SignIn(SignIn {
            profile: form.profile.clone(),
            name: name.to_owned(),
            flags: form.flags,
            url,
            key: Arc::new(cleaned.key),
            check,
            keep: form.keep,
        }))),
    }
}
