//! An own bucket with its credentials. What was given is never shown again.

use egui::{FontSelection, Id, RichText, TextEdit, TextStyle, Ui};

use super::super::choice::choose_ui;
use super::super::text::small_ui;
use super::{draft_field_ui, error_line_ui, is_entered};
use crate::draft::{BucketDraft, CredentialsInput, DraftField, FieldError};
use crate::model::{Data, KeyFile};
use crate::msg::{Command, Commands, FormCommand};
use crate::secrets::{BucketKind, S3Field, StorageCredentials};
use crate::theme::{self, icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, forget_history, glyph_ui, labelled_field, quiet_button, secret_field, text_field,
};

/// What an own bucket is drawn from, in whichever form it is.
pub(in crate::ui) struct BucketParts<'a> {
    /// The raw texts.
    pub(in crate::ui) draft: &'a mut BucketDraft,
    /// The key file that was picked.
    pub(in crate::ui) key_file: &'a mut KeyFile,
    /// All that is wrong in the form.
    pub(in crate::ui) errors: &'a [FieldError],
    /// Errors are shown for every field from the first try on; before that only for filled ones.
    pub(in crate::ui) tried: bool,
    /// The field that gets the keyboard as soon as it is drawn.
    pub(in crate::ui) focus: &'a mut Option<DraftField>,
    /// What the credentials must allow: `write` or `read`.
    pub(in crate::ui) access: &'static str,
    pub(in crate::ui) commands: &'a mut Commands,
}

/// The path, and the credentials to it. True: Enter was pressed in one of the fields.
pub(in crate::ui) fn bucket_ui(ui: &mut Ui, data: &Data, parts: &mut BucketParts<'_>) -> bool {
    if data.session.profile().is_some_and(|profile| profile.is_demo) {
        let warn = theme::tokens(ui).warn;
        ui.label(RichText::new("This is the demo: do not enter real credentials").small().color(warn));
    }
    ui.add_space(space::XS);
    let entered = path_ui(ui, parts);
    let help = match parts.draft.credentials {
        CredentialsInput::Fields => format!("Of an Amazon S3 user with {} access to the bucket", parts.access),
        CredentialsInput::KeyFile => "A Google service account key (JSON), or an AWS credentials file".to_owned(),
        CredentialsInput::None => format!("Only if SkySQL already has {} access to the bucket", parts.access),
    };
    let kinds = [
        (CredentialsInput::Fields, "Access key"),
        (CredentialsInput::KeyFile, "Key file"),
        (CredentialsInput::None, "None"),
    ];
    labelled_field(ui, "Credentials", &help, None, |ui| {
        ui.push_id("credentials", |ui| choose_ui(ui, &kinds, &mut parts.draft.credentials)).response
    });
    match parts.draft.credentials {
        CredentialsInput::Fields => return entered | access_key_ui(ui, parts),
        CredentialsInput::KeyFile => key_file_ui(ui, parts),
        CredentialsInput::None => {}
    }
    entered
}

impl<'a> BucketParts<'a> {
    /// The error of a field, once the field was filled or the form was tried.
    fn error(&self, field: DraftField) -> Option<&'a FieldError> {
        let error = self.errors.iter().find(|error| error.field == field)?;
        (self.tried || self.draft.is_filled(field)).then_some(error)
    }

    fn message(&self, field: DraftField) -> Option<&'a str> {
        self.error(field).map(|error| error.message.as_str())
    }

    fn focus_if_asked(&mut self, field: DraftField, response: &egui::Response) {
        if self.focus.take_if(|asked| *asked == field).is_some() {
            response.request_focus();
            response.scroll_to_me(None);
        }
    }
}

fn path_ui(ui: &mut Ui, parts: &mut BucketParts<'_>) -> bool {
    let words = ("Bucket path", "gs:// for Google Cloud Storage, s3:// for Amazon S3");
    let (error, tried) = (parts.error(DraftField::Bucket), parts.tried);
    let (response, error) = draft_field_ui(ui, DraftField::Bucket, error, tried, words, |ui| {
        text_field(ui, &mut parts.draft.path, "s3://bucket/folder")
    });
    parts.focus_if_asked(DraftField::Bucket, &response);
    let fix = error.and_then(|error| error_line_ui(ui, error));
    let is_changed = response.changed() || fix.is_some();
    if let Some(fix) = fix {
        parts.draft.path = fix;
    }
    if is_changed {
        offer_credentials(parts.draft);
    }
    is_entered(ui, &response)
}

/// Asks for the credentials this cloud has, as long as none are entered. That there are none may be meant.
fn offer_credentials(draft: &mut BucketDraft) {
    let is_entered =
        !(draft.access_key_id.is_empty() && draft.secret_access_key.is_empty() && draft.key_file.is_empty());
    if is_entered || draft.credentials == CredentialsInput::None {
        return;
    }
    match BucketKind::of(draft.path.trim_start()) {
        Some(BucketKind::Gcs) => draft.credentials = CredentialsInput::KeyFile,
        Some(BucketKind::S3) => draft.credentials = CredentialsInput::Fields,
        None => {}
    }
}

fn access_key_ui(ui: &mut Ui, parts: &mut BucketParts<'_>) -> bool {
    let fields = [
        (S3Field::AccessKeyId, Id::unique("bucket-access-key-id")),
        (S3Field::SecretAccessKey, Id::unique("bucket-secret-access-key")),
    ];
    let mut entered = false;
    for (field, id) in fields {
        let error = parts.message(DraftField::S3(field));
        let draft = &mut *parts.draft;
        let buffer =
            if field == S3Field::AccessKeyId { &mut draft.access_key_id } else { &mut draft.secret_access_key };
        let response =
            labelled_field(ui, field.name(), "", error, |ui| secret_field(ui, id, buffer.as_mut_string(), ""));
        parts.focus_if_asked(DraftField::S3(field), &response);
        entered |= is_entered(ui, &response);
    }
    let error = parts.message(DraftField::S3(S3Field::Region));
    let region = &mut parts.draft.region;
    let response = labelled_field(ui, S3Field::Region.name(), "", error, |ui| text_field(ui, region, "us-east-1"));
    parts.focus_if_asked(DraftField::S3(S3Field::Region), &response);
    entered || is_entered(ui, &response)
}

/// A file or its pasted text; once it is readable only its kind is shown.
fn key_file_ui(ui: &mut Ui, parts: &mut BucketParts<'_>) {
    let tokens = theme::tokens(ui);
    if let Ok((_, kind, note)) = StorageCredentials::from_key_file(parts.draft.key_file.as_str()) {
        ui.horizontal(|ui| {
            glyph_ui(ui, icon::CHECK_CIRCLE, &TextStyle::Body, tokens.ok);
            ui.label(kind_words(kind));
            if quiet_button(ui, "Remove").clicked() {
                parts.draft.key_file.clear();
                parts.key_file.note = None;
            }
        });
        if let Some(note) = &note {
            small_ui(ui, note);
        }
        if let Some(error) = parts.error(DraftField::KeyFile) {
            error_line_ui(ui, error);
        }
        return;
    }
    let choose = ActionButton::new(ButtonStyle::Secondary, "Choose key file…").icon(icon::FILE);
    if ui.add(choose).clicked() {
        parts.commands.push(Command::Form(FormCommand::PickKeyFile));
    }
    if let Some(note) = &parts.key_file.note {
        small_ui(ui, note);
    }
    let id = Id::unique("bucket-key-file");
    let error = parts.message(DraftField::KeyFile);
    let hint = RichText::new("Or paste its content here").color(tokens.text_faint);
    let response = labelled_field(ui, "Content of the key file", "Hidden while you paste", error, |ui| {
        ui.add(
            TextEdit::multiline(parts.draft.key_file.as_mut_string())
                .id(id)
                .password(true)
                .font(FontSelection::Style(TextStyle::Monospace))
                .desired_rows(2)
                .desired_width(f32::INFINITY)
                .hint_text(hint),
        )
    });
    forget_history(ui.ctx(), id);
    parts.focus_if_asked(DraftField::KeyFile, &response);
}

fn kind_words(kind: BucketKind) -> &'static str {
    match kind {
        BucketKind::Gcs => "Google service account key",
        BucketKind::S3 => "AWS credentials",
    }
}
