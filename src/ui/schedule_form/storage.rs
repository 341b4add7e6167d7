//! Where the backups are kept: at SkySQL, or in an own bucket with its credentials. What was given is never shown again.

use egui::{FontSelection, Id, RichText, TextEdit, TextStyle, Ui};

use super::super::choice::choose_ui;
use super::super::text::small_ui;
use super::{FormParts, error_line_ui, is_entered};
use crate::draft::{CredentialsInput, DraftField, ScheduleDraft, StorageChoice};
use crate::model::FormPurpose;
use crate::msg::{Command, FormCommand};
use crate::secrets::{BucketKind, S3Field, StorageCredentials};
use crate::theme::{self, icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, forget_history, glyph_ui, labelled_field, quiet_button, secret_field, text_field,
};

/// True: Enter was pressed in one of the fields.
pub(super) fn storage_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let help = match parts.form.purpose {
        FormPurpose::Edit(_) => return false,
        FormPurpose::BackUpNow => "",
        FormPurpose::Create => "Cannot be changed later",
    };
    let storages = [(StorageChoice::SkySql, "SkySQL"), (StorageChoice::OwnBucket, "My own bucket")];
    let draft = &mut parts.form.draft;
    labelled_field(ui, "Storage", help, None, |ui| {
        ui.push_id("storage", |ui| choose_ui(ui, &storages, &mut draft.storage)).response
    });
    if draft.storage == StorageChoice::SkySql {
        return false;
    }
    if parts.data.session.profile().is_some_and(|profile| profile.is_demo) {
        let warn = theme::tokens(ui).warn;
        ui.label(RichText::new("This is the demo: do not enter real credentials").small().color(warn));
    }
    ui.add_space(space::XS);
    let entered = bucket_ui(ui, parts);
    let draft = &mut parts.form.draft;
    let help = match draft.credentials {
        CredentialsInput::Fields => "Of an Amazon S3 user with write access to the bucket",
        CredentialsInput::KeyFile => "A Google service account key (JSON), or an AWS credentials file",
        CredentialsInput::None => "Only if SkySQL already has write access to the bucket",
    };
    let kinds = [
        (CredentialsInput::Fields, "Access key"),
        (CredentialsInput::KeyFile, "Key file"),
        (CredentialsInput::None, "None"),
    ];
    labelled_field(ui, "Credentials", help, None, |ui| {
        ui.push_id("credentials", |ui| choose_ui(ui, &kinds, &mut draft.credentials)).response
    });
    match draft.credentials {
        CredentialsInput::Fields => return entered | access_key_ui(ui, parts),
        CredentialsInput::KeyFile => key_file_ui(ui, parts),
        CredentialsInput::None => {}
    }
    entered
}

fn bucket_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let help = "gs:// for Google Cloud Storage, s3:// for Amazon S3";
    let (response, error) = parts.field_ui(ui, DraftField::Bucket, ("Bucket path", help), |ui, form| {
        text_field(ui, &mut form.draft.bucket, "s3://bucket/folder")
    });
    let fix = error.and_then(|error| error_line_ui(ui, error));
    let is_changed = response.changed() || fix.is_some();
    if let Some(fix) = fix {
        parts.form.draft.bucket = fix;
    }
    if is_changed {
        offer_credentials(&mut parts.form.draft);
    }
    is_entered(ui, &response)
}

/// Asks for the credentials this cloud has, as long as none are entered. That there are none may be meant.
fn offer_credentials(draft: &mut ScheduleDraft) {
    let is_entered =
        !(draft.access_key_id.is_empty() && draft.secret_access_key.is_empty() && draft.key_file.is_empty());
    if is_entered || draft.credentials == CredentialsInput::None {
        return;
    }
    match BucketKind::of(draft.bucket.trim_start()) {
        Some(BucketKind::Gcs) => draft.credentials = CredentialsInput::KeyFile,
        Some(BucketKind::S3) => draft.credentials = CredentialsInput::Fields,
        None => {}
    }
}

fn access_key_ui(ui: &mut Ui, FormParts { form, validation, .. }: &mut FormParts<'_>) -> bool {
    let ids = [Id::unique("bucket-access-key-id"), Id::unique("bucket-secret-access-key")];
    let fields = [S3Field::AccessKeyId, S3Field::SecretAccessKey];
    let errors = fields.map(|field| validation.message(form, DraftField::S3(field)));
    let draft = &mut form.draft;
    let buffers = [&mut draft.access_key_id, &mut draft.secret_access_key];
    let mut entered = false;
    let mut focus = form.focus;
    for (((buffer, id), error), field) in buffers.into_iter().zip(ids).zip(errors).zip(fields) {
        let response =
            labelled_field(ui, field.name(), "", error, |ui| secret_field(ui, id, buffer.as_mut_string(), ""));
        if focus.take_if(|asked| *asked == DraftField::S3(field)).is_some() {
            response.request_focus();
        }
        entered |= is_entered(ui, &response);
    }
    form.focus = focus;
    let error = validation.message(form, DraftField::S3(S3Field::Region));
    let response =
        labelled_field(ui, S3Field::Region.name(), "", error, |ui| text_field(ui, &mut form.draft.region, "us-east-1"));
    form.focus_if_asked(|field| field == DraftField::S3(S3Field::Region), &response);
    entered || is_entered(ui, &response)
}

/// A file or its pasted text; once it is readable only its kind is shown.
fn key_file_ui(ui: &mut Ui, FormParts { form, validation, commands, .. }: &mut FormParts<'_>) {
    let tokens = theme::tokens(ui);
    if let Ok((_, kind, note)) = StorageCredentials::from_key_file(form.draft.key_file.as_str()) {
        ui.horizontal(|ui| {
            glyph_ui(ui, icon::CHECK_CIRCLE, &TextStyle::Body, tokens.ok);
            ui.label(kind_words(kind));
            if quiet_button(ui, "Remove").clicked() {
                form.draft.key_file.clear();
                form.key_file_note = None;
            }
        });
        if let Some(note) = &note {
            small_ui(ui, note);
        }
        if let Some(error) = validation.error(form, |field| *field == DraftField::KeyFile) {
            error_line_ui(ui, error);
        }
        return;
    }
    let choose = ActionButton::new(ButtonStyle::Secondary, "Choose key file…").icon(icon::FILE);
    if ui.add(choose).clicked() {
        commands.push(Command::Form(FormCommand::PickKeyFile));
    }
    if let Some(note) = &form.key_file_note {
        small_ui(ui, note);
    }
    let id = Id::unique("bucket-key-file");
    let error = validation.message(form, DraftField::KeyFile);
    let hint = RichText::new("Or paste its content here").color(tokens.text_faint);
    let response = labelled_field(ui, "Content of the key file", "Hidden while you paste", error, |ui| {
        ui.add(
            TextEdit::multiline(form.draft.key_file.as_mut_string())
                .id(id)
                .password(true)
                .font(FontSelection::Style(TextStyle::Monospace))
                .desired_rows(2)
                .desired_width(f32::INFINITY)
                .hint_text(hint),
        )
    });
    forget_history(ui.ctx(), id);
    form.focus_if_asked(|field| field == DraftField::KeyFile, &response);
}

fn kind_words(kind: BucketKind) -> &'static str {
    match kind {
        BucketKind::Gcs => "Google service account key",
        BucketKind::S3 => "AWS credentials",
    }
}
