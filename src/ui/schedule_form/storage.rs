//! Where the backups are kept: at SkySQL, or in an own bucket with its credentials.

use egui::Ui;

use super::super::choice::choose_ui;
use super::super::form::{BucketParts, bucket_ui};
use super::FormParts;
use crate::draft::StorageChoice;
use crate::model::FormPurpose;
use crate::widgets::labelled_field;

/// True: Enter was pressed in one of the fields.
pub(super) fn storage_ui(ui: &mut Ui, FormParts { data, form, validation, commands }: &mut FormParts<'_>) -> bool {
    let help = match form.purpose {
        FormPurpose::Edit(_) => return false,
        FormPurpose::BackUpNow => "",
        FormPurpose::Create => "Cannot be changed later",
    };
    let storages = [(StorageChoice::SkySql, "SkySQL"), (StorageChoice::OwnBucket, "My own bucket")];
    labelled_field(ui, "Storage", help, None, |ui| {
        ui.push_id("storage", |ui| choose_ui(ui, &storages, &mut form.draft.storage)).response
    });
    if form.draft.storage == StorageChoice::SkySql {
        return false;
    }
    let mut parts = BucketParts {
        draft: &mut form.draft.bucket,
        key_file: &mut form.key_file,
        errors: validation.errors(),
        tried: form.tried,
        focus: &mut form.focus,
        access: "write",
        commands,
    };
    bucket_ui(ui, data, &mut parts)
}
