//! What is done, and the trace each attempt leaves for the activity list.

use std::sync::Arc;

use jiff::Timestamp;

/// Every operation of the API this app performs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `GET /skybackup/v1/backups`
    ListBackups,
    /// `GET /skybackup/v1/backups`, some pages of a list that was read before
    RefreshBackups,
    /// `GET /skybackup/v1/backups/schedules`
    ListSchedules,
    /// `POST /skybackup/v1/backups/schedules`
    CreateSchedule,
    /// `GET /skybackup/v1/backups/schedules/{id}`
    GetSchedule,
    /// `PATCH /skybackup/v1/backups/schedules/{id}`
    UpdateSchedule,
    /// `DELETE /skybackup/v1/backups/schedules/{id}`
    DeleteSchedule,
    /// `GET /skybackup/v1/restores`
    ListRestores,
    /// `POST /skybackup/v1/restores`
    CreateRestore,
    /// `GET /skybackup/v1/restores/{id}`
    GetRestore,
    /// `DELETE /skybackup/v1/restores/{id}`
    DeleteRestore,
    /// `POST /skybackup/v1/restores/lookup`, which changes nothing
    FindRestoreTargets,
    /// `GET /skybackup/v1/restores/pointintime/lookup`
    FindRestorableRanges,
    /// `GET /provisioning/v1/services`
    ListServices,
    /// The two small reads that try address and key.
    Probe,
}

/// How often an operation may reach the service without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// Changes nothing.
    Safe,
    /// Sets absolute values or removes: the same again ends in the same state.
    Idempotent,
    /// Makes something new each time it arrives.
    NonIdempotent,
}

impl Operation {
    /// The name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ListBackups => "List backups",
            Self::RefreshBackups => "Light refresh",
            Self::ListSchedules => "List schedules",
            Self::CreateSchedule => "Create schedule",
            Self::GetSchedule => "Read schedule",
            Self::UpdateSchedule => "Change schedule",
            Self::DeleteSchedule => "Delete schedule",
            Self::ListRestores => "List restores",
            Self::CreateRestore => "Start restore",
            Self::GetRestore => "Read restore",
            Self::DeleteRestore => "Delete restore entry",
            Self::FindRestoreTargets => "Look up restore targets",
            Self::FindRestorableRanges => "Look up restorable times",
            Self::ListServices => "List services",
            Self::Probe => "Test connection",
        }
    }

    /// True where it changes something at the service.
    #[must_use]
    pub fn is_write(self) -> bool {
        self.safety() != Idempotency::Safe
    }

    /// What the one row is called that it is about; `None` for a list, a look-up, and a row that does not exist yet.
    pub(crate) fn row(self) -> Option<&'static str> {
        match self {
            Self::GetSchedule | Self::UpdateSchedule | Self::DeleteSchedule => Some("schedule"),
            Self::GetRestore | Self::DeleteRestore => Some("restore"),
            Self::ListBackups
            | Self::RefreshBackups
            | Self::ListSchedules
            | Self::CreateSchedule
            | Self::ListRestores
            | Self::CreateRestore
            | Self::FindRestoreTargets
            | Self::FindRestorableRanges
            | Self::ListServices
            | Self::Probe => None,
        }
    }

    /// The one table of what may be repeated; a new operation does not compile without its line.
    pub(crate) fn safety(self) -> Idempotency {
        match self {
            Self::ListBackups
            | Self::RefreshBackups
            | Self::ListSchedules
            | Self::GetSchedule
            | Self::ListRestores
            | Self::GetRestore
            | Self::FindRestoreTargets
            | Self::FindRestorableRanges
            | Self::ListServices
            | Self::Probe => Idempotency::Safe,
            Self::UpdateSchedule | Self::DeleteSchedule | Self::DeleteRestore => Idempotency::Idempotent,
            Self::CreateSchedule | Self::CreateRestore => Idempotency::NonIdempotent,
        }
    }
}

/// One attempt of one request, as the activity list shows it. Holds neither headers nor bodies.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestRecord {
    /// When the attempt began, by the clock of this computer.
    pub at: Timestamp,
    /// What it was for.
    pub operation: Operation,
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// The path with its ids and its query: which page, which service.
    pub path: String,
    /// The HTTP status, where a response came.
    pub status: Option<u16>,
    /// Milliseconds from the start of the attempt to its end, body included.
    pub duration_ms: u64,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// `200`, `timed out`, `cancelled`, …
    pub outcome: String,
    /// The service's `trace_id`, where it gave one.
    pub trace_id: Option<String>,
    /// Bytes of the body after unpacking.
    pub response_bytes: u64,
    /// The `Date` of the response: the clock of the service, in whole seconds.
    pub server_date: Option<Timestamp>,
    /// When the response was there, by the clock of this computer.
    pub ended_at: Timestamp,
}

/// What happens while calls are made.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientEvent {
    /// An attempt ended.
    Request(RequestRecord),
    /// The service asked for a pause: no call goes out before this moment.
    Pause(Timestamp),
}

/// Told of everything as it happens, on whichever thread it happens.
pub type Observer = Arc<dyn Fn(ClientEvent) + Send + Sync>;

#[cfg(test)]
mod tests {
    use super::Operation;

    impl Operation {
        /// Every operation.
        pub(crate) const ALL: [Self; 15] = [
            Self::ListBackups,
            Self::RefreshBackups,
            Self::ListSchedules,
            Self::CreateSchedule,
            Self::GetSchedule,
            Self::UpdateSchedule,
            Self::DeleteSchedule,
            Self::ListRestores,
            Self::CreateRestore,
            Self::GetRestore,
            Self::DeleteRestore,
            Self::FindRestoreTargets,
            Self::FindRestorableRanges,
            Self::ListServices,
            Self::Probe,
        ];
    }
}
