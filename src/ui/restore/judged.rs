//! The restore as judged in this frame: its words, checks and errors, and why it cannot go on. No drawing here.

use super::super::confirm::name_to_type;
use crate::domain::{ApiTime, Backup, ServiceId, sanitize_for_display, shorten_middle};
use crate::draft::{
    Check, CheckLevel, DraftField, FieldError, RestoreFacts, RestoreInput, checks, consequences, next_steps,
};
use crate::model::{Data, RestoreForm, RestoreStep};

/// A name on a button is cut to this many characters.
const SHORT_NAME: usize = 24;
/// A name in a sentence.
const LONG_NAME: usize = 48;

/// What the target is called.
pub(super) struct TargetNames {
    /// In a sentence: the name, with the id where two services share it.
    pub(super) label: String,
    /// On a button.
    pub(super) short: String,
    /// What is typed to confirm.
    pub(super) to_type: String,
}

/// The restore as judged in this frame.
pub(super) struct JudgedRestore {
    /// What is restored, in words.
    pub(super) source: String,
    /// The target, where one is chosen.
    pub(super) target: Option<TargetNames>,
    /// What speaks for and against it, what matters most first.
    pub(super) checks: Vec<Check>,
    /// What it does.
    pub(super) consequences: Vec<String>,
    /// What to do after it.
    pub(super) next_steps: Vec<String>,
    /// What is wrong in the fields of this step and those before it.
    pub(super) errors: Vec<FieldError>,
}

impl JudgedRestore {
    pub(super) fn of(data: &Data, form: &RestoreForm) -> Self {
        let source = source_words(data, form);
        let mut errors = form.draft.parse().err().unwrap_or_default();
        if form.step == RestoreStep::Source {
            errors.retain(|error| error.field != DraftField::Target);
        }
        if form.step == RestoreStep::Progress {
            errors.clear();
        }
        let facts = form.facts(data);
        let target = facts.as_ref().map(|facts| names_of(data, facts));
        let (Some(facts), Some(names)) = (facts, &target) else {
            let (checks, consequences, next_steps) = (Vec::new(), Vec::new(), Vec::new());
            return Self { source, target, checks, consequences, next_steps, errors };
        };
        let mut checks = checks(&facts);
        checks.sort_by_key(|check| rank(check.level));
        let (consequences, next_steps) = (consequences(&facts, &names.label), next_steps(&facts, &names.label));
        Self { source, target, checks, consequences, next_steps, errors }
    }

    /// How many checks came out so.
    pub(super) fn count(&self, level: CheckLevel) -> usize {
        self.checks.iter().filter(|check| check.level == level).count()
    }

    /// Why this step cannot be left forwards; an error in a field is shown there.
    pub(super) fn blocked_reason(&self, data: &Data, form: &RestoreForm) -> Option<String> {
        let is_late = matches!(form.step, RestoreStep::Checks | RestoreStep::Confirm);
        if let Some(check) = self.checks.iter().find(|check| is_late && check.level == CheckLevel::Block) {
            return Some(check.text.clone());
        }
        if form.step != RestoreStep::Confirm {
            return None;
        }
        if let Some(reason) = data.change_blocked_reason() {
            return Some(reason.to_owned());
        }
        // One of another service, which was the target before, is no reason to wait.
        let target = form.draft.target_id();
        let of_target = data.target_backup().filter(|backup| Some(&backup.service) == target.as_ref());
        if of_target.is_some_and(crate::model::TargetBackup::is_under_way) {
            return Some("The backup of the target is not over yet: go back to the checks".to_owned());
        }
        let to_type = self.target.as_ref().map(|target| target.to_type.as_str())?;
        if form.confirm_name.trim() != to_type {
            return Some(format!("Type {to_type} to go on"));
        }
        let is_open = data.is_production() && !form.is_production_confirmed;
        is_open.then(|| "Confirm that data of production is erased".to_owned())
    }

    /// What is typed differs from what is asked for, and can no longer become it.
    pub(super) fn is_mistyped(&self, form: &RestoreForm) -> bool {
        let typed = form.confirm_name.trim();
        self.target.as_ref().is_some_and(|target| !target.to_type.starts_with(typed))
    }
}

/// What matters most comes first.
fn rank(level: CheckLevel) -> u8 {
    match level {
        CheckLevel::Block => 0,
        CheckLevel::Warning => 1,
        CheckLevel::Unknown => 2,
        CheckLevel::Ok => 3,
    }
}

/// A change is on its way; while this dialog is open it is what was asked for here.
pub(super) fn is_sending(data: &Data) -> bool {
    data.change().is_some_and(crate::model::PendingChange::is_under_way)
}

/// What a service is called in a sentence.
pub(super) fn service_label(data: &Data, id: &ServiceId) -> String {
    let service = data.lists().target_services().into_iter().find(|service| service.id == *id);
    let name = service.and_then(|service| service.name.as_deref());
    let label = data.lists().service_names.label(id.as_str(), name);
    shorten_middle(&sanitize_for_display(&label), LONG_NAME)
}

fn names_of(data: &Data, facts: &RestoreFacts<'_>) -> TargetNames {
    let label = service_label(data, facts.target_id);
    let services = data.lists().target_services();
    let target = services.iter().find(|service| service.id == *facts.target_id);
    let name = target.and_then(|target| target.name.as_deref()).unwrap_or_default();
    let is_shared = services.iter().filter(|service| service.name.as_deref() == Some(name)).nth(1).is_some();
    let to_type = name_to_type(if is_shared { "" } else { name }, facts.target_id.as_str(), "restore");
    TargetNames { short: shorten_middle(&label, SHORT_NAME), label, to_type }
}

fn source_words(data: &Data, form: &RestoreForm) -> String {
    let shown = |at| format!("{} {}", data.zone().date_time(at), data.zone().short_label());
    match &form.draft.source {
        RestoreInput::Backup(id) => {
            form.backup().map_or_else(|| format!("Backup {}", id.shown()), |it| backup_words(data, it))
        }
        RestoreInput::Moment { service, at } => format!("{} as it was at {}", service_label(data, service), shown(*at)),
        RestoreInput::File(file) => {
            let object = file.object.trim();
            if object.is_empty() { "A file in your own bucket".to_owned() } else { sanitize_for_display(object).into() }
        }
    }
}

/// `Full backup of orders-prod · 2026-09-14 02:11:42 UTC`.
fn backup_words(data: &Data, backup: &Backup) -> String {
    let kind = backup.backup_type.as_ref().map(|it| format!("{} backup", sanitize_for_display(it.name())));
    let label = data.lists().service_label(backup);
    let label = sanitize_for_display(&label);
    let end = backup.end_time.as_ref().and_then(ApiTime::at).or_else(|| backup.started_at());
    let end = end.map(|at| format!(" · {} {}", data.zone().date_time(at), data.zone().short_label()));
    format!("{} of {label}{}", kind.as_deref().unwrap_or("Backup"), end.unwrap_or_default())
}
