//! What to list: one query for each list of the API.

use super::record::Operation;
use super::request::{BACKUPS, RESTORES, Request, SCHEDULES};
use super::wire::ApiRecord;
use crate::domain::{Backup, BackupType, Restore, Schedule, ServiceId};

/// `order`: by which key is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `asc`
    Ascending,
    /// `desc`
    Descending,
}

impl Order {
    fn as_api_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

/// What to list of one kind of record.
pub trait ListQuery: Sync {
    /// What the list holds.
    type Record: ApiRecord;
    /// What the listing is.
    const OPERATION: Operation;
    /// Its path.
    const PATH: &'static str;

    /// Of one service only.
    fn service_id(&self) -> Option<&ServiceId>;

    /// Rows asked for at once.
    fn page_size(&self) -> u32;

    /// The parameters but for the service and those of paging; one without a value is left out.
    fn parameters(&self) -> Vec<(&'static str, Option<&str>)>;
}

/// What to list of the backups; everything by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupQuery {
    /// `service_id`: of one service only.
    pub service_id: Option<ServiceId>,
    /// `status`: of one status only, in the exact word of the API.
    pub status: Option<String>,
    /// `order`.
    pub order: Option<Order>,
    /// `page_size`: rows asked for at once; always sent.
    pub page_size: u32,
}

impl Default for BackupQuery {
    fn default() -> Self {
        Self { service_id: None, status: None, order: None, page_size: 100 }
    }
}

impl ListQuery for BackupQuery {
    type Record = Backup;
    const OPERATION: Operation = Operation::ListBackups;
    const PATH: &'static str = BACKUPS;

    fn service_id(&self) -> Option<&ServiceId> {
        self.service_id.as_ref()
    }

    fn page_size(&self) -> u32 {
        self.page_size
    }

    fn parameters(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("status", self.status.as_deref()), ("order", self.order.map(Order::as_api_str))]
    }
}

/// What to list of the schedules; everything by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleQuery {
    /// `service_id`: of one service only.
    pub service_id: Option<ServiceId>,
    /// `type`: of one backup type only; the service may not know every type here.
    pub backup_type: Option<BackupType>,
    /// `order`.
    pub order: Option<Order>,
    /// `page_size`: rows asked for at once; always sent.
    pub page_size: u32,
}

impl Default for ScheduleQuery {
    fn default() -> Self {
        Self { service_id: None, backup_type: None, order: None, page_size: 100 }
    }
}

impl ListQuery for ScheduleQuery {
    type Record = Schedule;
    const OPERATION: Operation = Operation::ListSchedules;
    const PATH: &'static str = SCHEDULES;

    fn service_id(&self) -> Option<&ServiceId> {
        self.service_id.as_ref()
    }

    fn page_size(&self) -> u32 {
        self.page_size
    }

    fn parameters(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![
            ("type", self.backup_type.as_ref().map(BackupType::as_api_str)),
            ("order", self.order.map(Order::as_api_str)),
        ]
    }
}

/// What to list of the restores; everything by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreQuery {
    /// `service_id`: into one service only.
    pub service_id: Option<ServiceId>,
    /// `page_size`: rows asked for at once; always sent.
    pub page_size: u32,
}

impl Default for RestoreQuery {
    fn default() -> Self {
        Self { service_id: None, page_size: 100 }
    }
}

impl ListQuery for RestoreQuery {
    type Record = Restore;
    const OPERATION: Operation = Operation::ListRestores;
    const PATH: &'static str = RESTORES;

    fn service_id(&self) -> Option<&ServiceId> {
        self.service_id.as_ref()
    }

    fn page_size(&self) -> u32 {
        self.page_size
    }

    fn parameters(&self) -> Vec<(&'static str, Option<&str>)> {
        Vec::new()
    }
}

/// The request of a list.
pub(super) fn list_request<Q: ListQuery>(query: &Q) -> Request {
    let request = Request::list(Q::OPERATION, Q::PATH);
    let request = request.with_optional("service_id", query.service_id().map(ServiceId::as_str));
    query.parameters().into_iter().fold(request, |request, (name, value)| request.with_optional(name, value))
}
