//! The notifications of a session: their words, what a click on one shows, and which are on their way.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::StepContext;
use crate::domain::{Restore, RestoreId, StatusKind, format_count, sanitize_for_display, shorten_middle};
use crate::grid::ServiceNames;
use crate::insight::{Finding, ToldFindings, Urgency};
use crate::msg::{Effect, ShownEvidence, Ticket};
use crate::notify::{DesktopNotification, NotificationSlot, NotifyError};

/// Findings that one notification names at most.
const MAX_NAMED: usize = 3;
/// Letters of a name in a notification.
const MAX_NAME: usize = 40;

/// The notifications of a session.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The number of the report that was last looked through.
    pub(super) looked_at: Option<u64>,
    /// Those of findings that are on their way.
    pub(super) pending: Vec<Pending>,
    /// What a click on the newest of each slot shows.
    targets: Vec<(NotificationSlot, Ticket, Target)>,
}

/// Findings that count as told unless their notification fails.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) ticket: Ticket,
    pub(super) findings: Vec<Arc<Finding>>,
    /// What the user knew before.
    pub(super) before: ToldFindings,
}

/// What a click shows.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Overview,
    Rows(ShownEvidence),
    Restore(RestoreId),
}

impl News {
    /// A notification is shown, or not. One that may still be shown counts as told.
    pub(super) fn settle(&mut self, ticket: Ticket, result: Result<(), NotifyError>, told: &mut ToldFindings) {
        let Some(at) = self.pending.iter().position(|pending| pending.ticket == ticket) else { return };
        let Pending { findings, before, .. } = self.pending.swap_remove(at);
        match result {
            Ok(()) | Err(NotifyError::NoResponse) => {}
            Err(NotifyError::NoService | NotifyError::Refused) => told.take_back(&findings, &before),
        }
    }

    pub(super) fn send(
        &mut self,
        target: Target,
        slot: NotificationSlot,
        words: (String, String),
        cx: &mut StepContext,
    ) -> Ticket {
        let ticket = cx.ticket();
        let (title, body) = words;
        cx.push(Effect::Notify(ticket, DesktopNotification { id: ticket.0, slot, title, body }));
        self.targets.retain(|(known, ..)| *known != slot);
        self.targets.push((slot, ticket, target));
        ticket
    }

    pub(super) fn target(&self, ticket: Ticket) -> Option<Target> {
        self.targets.iter().find(|(_, known, _)| *known == ticket).map(|(.., target)| target.clone())
    }
}

/// The rows behind a single finding, else all of them.
pub(super) fn target(findings: &[Arc<Finding>]) -> Target {
    match findings {
        [finding] => Target::Rows(ShownEvidence {
            service: finding.service.clone(),
            backup_type: finding.backup_type.clone(),
            rows: finding.evidence.clone(),
        }),
        _ => Target::Overview,
    }
}

/// Title and body: fixed words and counts, and names only where the user wants them.
pub(super) fn words(findings: &[Arc<Finding>], names: Option<&ServiceNames>) -> (String, String) {
    let services: BTreeSet<_> = findings.iter().map(|finding| &finding.service).collect();
    let title = match services.len() {
        1 => "A service needs attention".to_owned(),
        count => format!("{} services need attention", format_count(count)),
    };
    let body = match (findings, names) {
        (_, Some(names)) => named_lines(findings, names),
        ([finding], None) => finding.headline(),
        (_, None) => counts(findings),
    };
    (title, body)
}

/// `orders: The last full backup failed`, a line each.
fn named_lines(findings: &[Arc<Finding>], names: &ServiceNames) -> String {
    let line = |finding: &Arc<Finding>| {
        let label = names.label(finding.service.as_str(), finding.service_name.as_deref());
        let label = shorten_middle(&sanitize_for_display(&label), MAX_NAME);
        format!("{label}: {}", finding.headline())
    };
    let mut lines: Vec<String> = findings.iter().take(MAX_NAMED).map(line).collect();
    let more = findings.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        lines.push(format!("and {} more", format_count(more)));
    }
    lines.join("\n")
}

/// `2 problems and 1 warning`.
fn counts(findings: &[Arc<Finding>]) -> String {
    let counted = |urgency: Urgency, one: &str| match findings.iter().filter(|it| it.urgency == urgency).count() {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{} {one}s", format_count(count))),
    };
    let parts = [counted(Urgency::Problem, "problem"), counted(Urgency::Warning, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

pub(super) fn restore_words(restore: &Restore, label: Option<&str>) -> (String, String) {
    let into = label.map(|label| format!("Into {label}. ")).unwrap_or_default();
    if restore.status_kind() == StatusKind::Good {
        ("Restore succeeded".to_owned(), format!("{into}Users and passwords are those of the source now"))
    } else {
        ("Restore did not succeed".to_owned(), format!("{into}Its row tells more"))
    }
}
