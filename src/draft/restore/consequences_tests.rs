use super::super::super::restore_request::BucketMethod;
use super::super::facts::{LookupResult, NewestTargetBackup};
use super::*;
use crate::domain::{Service, ServiceId, Zone};

fn texts(source: SourceFacts<'_>, topology: &str, of: fn(&RestoreFacts<'_>, &str) -> Vec<String>) -> Vec<String> {
    let (id, zone) = (ServiceId::new("dbstaging001"), Zone::utc());
    let target = Service { topology: Some(topology.into()), ..Service::default() };
    let facts = RestoreFacts {
        source,
        source_id: None,
        source_service: None,
        chain: None,
        target_id: &id,
        target: Some(&target),
        lookup: LookupResult::Unknown,
        moment_lookup: LookupResult::Unknown,
        target_backup: NewestTargetBackup::Unknown,
        now: "2026-09-16T12:00:00Z".parse().unwrap(),
        zone: &zone,
    };
    let found = of(&facts, "staging");
    assert!(
        found
            .iter()
            .all(|text| !text.ends_with('.') && text.starts_with(char::is_uppercase) || text.starts_with("staging"))
    );
    found
}

fn backup(backup_type: BackupType) -> Backup {
    Backup {
        backup_type: Some(backup_type),
        start_time: ApiTime::read("2026-09-14T02:00:07Z"),
        end_time: ApiTime::read("2026-09-14T02:11:42Z"),
        point_in_time: ApiTime::read("2026-09-14T02:00:01Z"),
        binlog_gtid_position: Some("0-100-1".into()),
        ..Backup::default()
    }
}

fn has(texts: &[String], part: &str) -> bool {
    texts.iter().any(|text| text.contains(part))
}

#[test]
fn the_moment_of_the_data_depends_on_the_kind_of_the_backup() {
    let at = "2026-09-14T02:00:02Z".parse().unwrap();
    let [full, incremental, dump, snapshot, logs] =
        [BackupType::Full, BackupType::Incremental, BackupType::Dump, BackupType::Snapshot, BackupType::BinaryLog]
            .map(backup);
    let file = SourceFacts::File { method: BucketMethod::Mariabackup, object: "a.gz" };
    let cases = [
        (SourceFacts::Backup(Some(&full)), "up to the end of the backup, 2026-09-14 02:11:42 UTC"),
        (SourceFacts::Backup(Some(&incremental)), "up to the end of the backup, 2026-09-14 02:11:42 UTC"),
        (SourceFacts::Backup(Some(&dump)), "between 2026-09-14 02:00:07 UTC and 2026-09-14 02:11:42 UTC"),
        (SourceFacts::Backup(Some(&snapshot)), "the data of 2026-09-14 02:00:01 UTC"),
        (SourceFacts::Backup(Some(&logs)), "not known"),
        (SourceFacts::Backup(None), "not known"),
        (SourceFacts::Moment(at), "committed before 2026-09-14 02:00:02 UTC"),
        (file, "not known"),
    ];
    for (source, part) in cases {
        let found = texts(source, "es-single", consequences);
        assert!(has(&found, part), "{part}: {found:?}");
    }
}

#[test]
fn a_dump_does_not_stop_the_target_and_keeps_no_gtid_state() {
    let (full, dump) = (backup(BackupType::Full), backup(BackupType::Dump));
    let of_dump = SourceFacts::Backup(Some(&dump));
    let as_file = SourceFacts::File { method: BucketMethod::Mysqldump, object: "a.gz" };
    for source in [of_dump, as_file] {
        let found = texts(source, "es-single", consequences);
        assert!(has(&found, "keeps running") && has(&found, "GTID") && !has(&found, "stops while"), "{found:?}");
        let after = texts(source, "es-single", next_steps);
        assert!(has(&after, "FLUSH PRIVILEGES") && !has(&after, "gtid_slave_pos") && !has(&after, "XA"), "{after:?}");
    }
    let found = texts(SourceFacts::Backup(Some(&full)), "es-single", consequences);
    assert!(has(&found, "stops while it is restored") && !has(&found, "GTID"), "{found:?}");
    assert!(found[0].contains("erased") && has(&found, "passwords of staging become those of the source"));
    let after = texts(SourceFacts::Backup(Some(&full)), "es-single", next_steps);
    assert!(has(&after, "The backup is at 0-100-1") && has(&after, "4 days") && has(&after, "XA RECOVER"), "{after:?}");
    let moment = SourceFacts::Moment("2026-09-14T02:00:02Z".parse().unwrap());
    assert!(!has(&texts(moment, "es-single", next_steps), "The backup is at"));
}

#[test]
fn a_cluster_is_restored_by_one_node() {
    let full = backup(BackupType::Full);
    let source = SourceFacts::Backup(Some(&full));
    assert!(has(&texts(source, "galera", consequences), "One node"));
    assert!(!has(&texts(source, "es-replica", consequences), "One node"));
}
