//! A client that is read only: no request that changes something leaves, and reads go on.

use skybackup::api::{Access, ApiError, Attempt, BackupQuery, ErrorKind, Operation, RestoreQuery, ScheduleQuery};
use skybackup::domain::{BackupId, BackupType, Recurrence, RestoreId, ScheduleId, ServiceId};
use skybackup::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};

use super::Bench;
use crate::support::raw_server::{RawServer, json};

/// Every operation.
const OPERATIONS: [Operation; 15] = [
    Operation::ListBackups,
    Operation::RefreshBackups,
    Operation::ListSchedules,
    Operation::CreateSchedule,
    Operation::GetSchedule,
    Operation::UpdateSchedule,
    Operation::DeleteSchedule,
    Operation::ListRestores,
    Operation::CreateRestore,
    Operation::GetRestore,
    Operation::DeleteRestore,
    Operation::FindRestoreTargets,
    Operation::FindRestorableRanges,
    Operation::ListServices,
    Operation::Probe,
];

/// Performs an operation; one that is new to the client needs its line here.
async fn perform(bench: &Bench, operation: Operation) -> Result<(), ApiError> {
    let client = &bench.client;
    let (service, schedule, restore) = (ServiceId::new("dbpgf41870263"), ScheduleId::new("1"), RestoreId::new("1"));
    let backup = BackupId::new("a:dbpgf41870263:b");
    match operation {
        Operation::ListBackups => client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.map(drop),
        Operation::RefreshBackups => {
            let baseline = super::light_refresh::baseline().await;
            client.refresh_backups(&BackupQuery::default(), &baseline, &mut |_, _| {}).await.map(drop)
        }
        Operation::ListSchedules => {
            client.list_schedules(&ScheduleQuery::default(), &[], &mut |_, _| {}).await.map(drop)
        }
        Operation::GetSchedule => client.get_schedule(&schedule).await.map(drop),
        Operation::ListServices => client.list_services().await.map(drop),
        Operation::Probe => client.probe().await,
        Operation::CreateSchedule => {
            let recurrence = Recurrence::read("0 2 * * *");
            let new = NewSchedule { service_id: service, backup_type: BackupType::Full, recurrence, storage: None };
            client.create_schedule(&new).await.map(drop)
        }
        Operation::UpdateSchedule => {
            let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
            client.update_schedule(&schedule, &patch, Attempt::First).await.map(drop)
        }
        Operation::DeleteSchedule => client.delete_schedule(&schedule, Attempt::First).await.map(drop),
        Operation::ListRestores => client.list_restores(&RestoreQuery::default(), &[], &mut |_, _| {}).await.map(drop),
        Operation::CreateRestore => {
            let restore = RestoreRequest { target: service, source: RestoreSource::Backup(backup) };
            client.create_restore(&restore).await.map(drop)
        }
        Operation::GetRestore => client.get_restore(&restore).await.map(drop),
        Operation::DeleteRestore => client.delete_restore(&restore, Attempt::First).await.map(drop),
        Operation::FindRestoreTargets => client.find_restore_targets(&backup, &service).await.map(drop),
        Operation::FindRestorableRanges => client.find_restorable_ranges().await.map(drop),
    }
}

#[tokio::test]
async fn no_changing_operation_makes_even_a_connection_and_every_reading_one_works() {
    for operation in OPERATIONS {
        let server = RawServer::always(json(r#"{"id":1,"service_id":"dbpgf41870263"}"#)).await;
        let bench = Bench::new(&server.url());
        bench.client.set_access(Access::ReadOnly);
        let result = perform(&bench, operation).await;
        if operation.is_write() {
            let error = result.unwrap_err();
            assert_eq!((&error.kind, error.operation), (&ErrorKind::ReadOnly, operation));
            assert_eq!(error.sentence(), "This profile is read only, so nothing was sent");
            assert!(!error.outcome_unknown(), "{operation:?}");
            assert_eq!((server.connections(), server.lines().len()), (0, 0), "{operation:?}");
        } else {
            assert!(result.is_ok(), "{operation:?}: {result:?}");
            assert!(!server.lines().is_empty(), "{operation:?}");
            let lookup = "POST /skybackup/v1/restores/lookup";
            let is_read = |line: &String| line.starts_with("GET ") || line == lookup;
            assert!(server.lines().iter().all(is_read), "{:?}", server.lines());
        }
    }
}

#[tokio::test]
async fn the_switch_is_shared_by_all_clones_and_can_be_turned_back() {
    let server = RawServer::always(json(r#"{"id":1}"#)).await;
    let bench = Bench::new(&server.url());
    let clone = bench.client.clone();
    let id = ScheduleId::new("1");
    for (access, sent) in [(Access::Full, 1), (Access::ReadOnly, 1), (Access::Full, 2)] {
        clone.set_access(access);
        assert_eq!(bench.client.delete_schedule(&id, Attempt::First).await.is_ok(), access == Access::Full);
        assert_eq!(server.lines().len(), sent, "{access:?}");
    }
}
