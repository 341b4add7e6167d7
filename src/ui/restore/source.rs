//! The file in an own bucket: where it is, what made it, and the secrets to it.

use egui::{Id, Ui};

use super::super::choice::choose_ui;
use super::super::form::{BucketParts, bucket_ui, draft_field_ui, error_line_ui, is_entered};
use super::RestoreParts;
use crate::draft::{BucketMethod, DraftField, RestoreInput};
use crate::widgets::{labelled_field, secret_field, text_field};

/// True: Enter was pressed in one of the fields.
pub(super) fn source_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) -> bool {
    let RestoreParts { data, form, judged, commands } = parts;
    let tried = form.tried;
    let RestoreInput::File(file) = &mut form.draft.source else { return false };
    let mut bucket = BucketParts {
        draft: &mut file.bucket,
        key_file: &mut form.key_file,
        errors: &judged.errors,
        tried,
        focus: &mut form.focus,
        access: "read",
        commands,
    };
    let mut entered = bucket_ui(ui, data, &mut bucket);
    let error = |field| {
        let error = judged.errors.iter().find(|error| error.field == field);
        error.filter(|_| tried || file.is_filled(field))
    };
    let (object_error, key_error) = (error(DraftField::Object), error(DraftField::EncryptionKey));
    let words = ("Backup file", "Its name in the bucket; the file must be compressed with gzip");
    let (response, shown) = draft_field_ui(ui, DraftField::Object, object_error, tried, words, |ui| {
        text_field(ui, &mut file.object, "folder/backup.tar.gz")
    });
    focus_if_asked(&mut form.focus, DraftField::Object, &response);
    entered |= is_entered(ui, &response);
    if let Some(error) = shown.filter(|error| !error.fixes.is_empty())
        && let Some(text) = error_line_ui(ui, error)
    {
        file.object = text;
    }
    let methods = BucketMethod::ALL.map(|method| (method, method.as_api_str()));
    labelled_field(ui, "Made with", "mariabackup: a physical backup; mysqldump: a dump", None, |ui| {
        ui.push_id("method", |ui| choose_ui(ui, &methods, &mut file.method)).response
    });
    let help = "Only for a file that is encrypted; sent as it is";
    let key_error = key_error.map(|error| error.message.as_str());
    let response = labelled_field(ui, "Encryption key (optional)", help, key_error, |ui| {
        secret_field(ui, Id::unique("restore-encryption-key"), file.encryption_key.as_mut_string(), "")
    });
    focus_if_asked(&mut form.focus, DraftField::EncryptionKey, &response);
    entered | is_entered(ui, &response)
}

/// Gives a field the keyboard and brings it into sight, where that was asked for.
pub(super) fn focus_if_asked(focus: &mut Option<DraftField>, field: DraftField, response: &egui::Response) {
    if focus.take_if(|asked| *asked == field).is_some() {
        response.request_focus();
        response.scroll_to_me(None);
    }
}
