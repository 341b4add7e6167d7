use proptest::prelude::*;

use super::super::super::restore_request::BucketMethod;
use super::*;
use crate::domain::{BackupId, BackupType, ServiceId, Status, Zone};

/// What a test changes of the usual restore: a good full backup of `orders`, a day old, into `staging` beside it.
#[derive(Clone)]
struct Scene {
    backup: Backup,
    source: Service,
    target: Service,
    target_backup: Backup,
}

fn now() -> Timestamp {
    "2026-09-16T12:00:00Z".parse().unwrap()
}

fn service(id: &str) -> Service {
    Service {
        id: ServiceId::new(id),
        status: Some("ready".into()),
        provider: Some("gcp".into()),
        region: Some("us-central1".into()),
        topology: Some("es-single".into()),
        version: Some("11.4.3-1".into()),
        storage_gb: Some(100),
        ..Service::default()
    }
}

fn good(backup_type: BackupType, end: &str) -> Backup {
    Backup {
        id: BackupId::new("b1"),
        backup_type: Some(backup_type),
        status: Some(Status::new("Succeeded")),
        cloud_provider: Some("gcp".into()),
        end_time: ApiTime::read(end),
        disk_size_bytes: Some(50_000_000_000),
        storage_bytes: Some(9_000_000_000),
        ..Backup::default()
    }
}

fn world() -> Scene {
    Scene {
        backup: good(BackupType::Full, "2026-09-15T02:11:42Z"),
        source: service("dborders0001"),
        target: service("dbstaging001"),
        target_backup: good(BackupType::Full, "2026-09-16T02:00:00Z"),
    }
}

fn facts_of<'a>(world: &'a Scene, zone: &'a Zone) -> RestoreFacts<'a> {
    RestoreFacts {
        source: SourceFacts::Backup(Some(&world.backup)),
        source_id: Some(&world.source.id),
        source_service: Some(&world.source),
        chain: None,
        target_id: &world.target.id,
        target: Some(&world.target),
        lookup: LookupResult::Listed,
        moment_lookup: LookupResult::Unknown,
        target_backup: NewestTargetBackup::Known(&world.target_backup),
        now: now(),
        zone,
    }
}

/// The check of a topic in a world whose facts the closure may change.
fn check(world: &Scene, topic: CheckTopic, change: impl for<'a> Fn(&mut RestoreFacts<'a>)) -> Option<Check> {
    let zone = Zone::utc();
    let mut facts = facts_of(world, &zone);
    change(&mut facts);
    let found = checks(&facts);
    assert!(found.iter().all(|check| !check.text.ends_with('.')), "{found:?}");
    found.into_iter().find(|check| check.topic == topic)
}

/// Level and text of the check of a topic, in a changed world.
fn of(topic: CheckTopic, change: impl Fn(&mut Scene)) -> (CheckLevel, String) {
    let mut world = world();
    change(&mut world);
    let check = check(&world, topic, |_| {}).unwrap();
    (check.level, check.text)
}

#[test]
fn in_the_usual_case_nothing_speaks_against_it() {
    for topic in CheckTopic::ALL {
        let found = check(&world(), topic, |_| {});
        let applies = !matches!(topic, CheckTopic::Chain | CheckTopic::Moment | CheckTopic::SameService);
        assert_eq!(found.map(|check| check.level), applies.then_some(CheckLevel::Ok), "{}", topic.name());
    }
}

#[test]
fn only_another_cloud_provider_blocks_and_only_managed_backups() {
    let cases = [
        (Some("gcp"), Some("gcp"), CheckLevel::Ok),
        (Some("GCP"), Some("gcp"), CheckLevel::Ok),
        (Some("onpred"), Some("onprem"), CheckLevel::Ok),
        (Some("gcp"), Some("aws"), CheckLevel::Block),
        (Some("azure"), Some("gcp"), CheckLevel::Block),
        (Some("gcp"), None, CheckLevel::Unknown),
        (None, Some("aws"), CheckLevel::Block),
    ];
    for (from, to, want) in cases {
        let (level, _) = of(CheckTopic::Provider, |world| {
            world.backup.cloud_provider = from.map(Into::into);
            world.target.provider = to.map(Into::into);
        });
        assert_eq!(level, want, "{from:?} into {to:?}");
    }
    let mut crossing = world();
    crossing.target.provider = Some("aws".into());
    let found = check(&crossing, CheckTopic::Provider, |facts| facts.source = SourceFacts::Moment(now()));
    assert_eq!(found.unwrap().level, CheckLevel::Block, "by the provider of the source service");
    let file = |facts: &mut RestoreFacts<'_>| {
        facts.source = SourceFacts::File { method: BucketMethod::Mariabackup, object: "a.gz" };
    };
    assert_eq!(check(&crossing, CheckTopic::Provider, file).unwrap().level, CheckLevel::Ok);
}

#[test]
fn the_backup_itself_is_judged() {
    type Change = fn(&mut Backup);
    let cases: [(&str, Change, CheckLevel, &str); 6] = [
        ("good", |_| {}, CheckLevel::Ok, "only a restore"),
        ("failed", |it| it.status = Some(Status::new("Failed")), CheckLevel::Warning, "status is Failed"),
        ("no status", |it| it.status = None, CheckLevel::Warning, "unknown"),
        ("empty", |it| it.storage_bytes = Some(0), CheckLevel::Warning, "0 bytes"),
        ("old", |it| it.end_time = ApiTime::read("2026-09-01T00:00:00Z"), CheckLevel::Warning, "7 days"),
        (
            "old, in an own bucket",
            |it| {
                it.end_time = ApiTime::read("2026-09-01T00:00:00Z");
                it.is_external_storage = Some(true);
            },
            CheckLevel::Ok,
            "",
        ),
    ];
    for (name, change, level, part) in cases {
        let found = of(CheckTopic::Backup, |world| change(&mut world.backup));
        assert!(found.0 == level && found.1.contains(part), "{name}: {found:?}");
    }
    let gone = check(&world(), CheckTopic::Backup, |facts| facts.source = SourceFacts::Backup(None)).unwrap();
    assert_eq!(gone.level, CheckLevel::Warning);
    for (object, level) in [("a.sql.gz", CheckLevel::Ok), ("A.TGZ", CheckLevel::Ok), ("a.sql", CheckLevel::Warning)] {
        let file = check(&world(), CheckTopic::Backup, |facts| {
            facts.source = SourceFacts::File { method: BucketMethod::Mysqldump, object };
        });
        assert_eq!(file.unwrap().level, level, "{object}");
    }
}

#[test]
fn an_incremental_needs_its_chain() {
    let cases = [
        (ChainFacts::Whole("All of it"), CheckLevel::Ok, "All of it"),
        (ChainFacts::Broken("It should not be"), CheckLevel::Warning, "It should not be"),
        (ChainFacts::NotKnown("Not known"), CheckLevel::Unknown, "Not known"),
    ];
    for (chain, level, text) in cases {
        let found = check(&world(), CheckTopic::Chain, |facts| facts.chain = Some(chain)).unwrap();
        assert_eq!((found.level, found.text.as_str()), (level, text));
    }
    assert_eq!(check(&world(), CheckTopic::Chain, |_| {}), None);
}

#[test]
fn point_in_time_rules_warn_and_never_block() {
    type Change = fn(&mut Service);
    let cases: [(Change, CheckLevel, &str); 5] = [
        (|_| {}, CheckLevel::Unknown, "snapshots"),
        (|it| it.topology = Some("galera".into()), CheckLevel::Warning, "Galera"),
        (|it| it.topology = Some("serverless-standalone".into()), CheckLevel::Warning, "serverless"),
        (|it| it.version = Some("10.6.11-6-1".into()), CheckLevel::Warning, "10.8"),
        (|it| it.version = None, CheckLevel::Unknown, "snapshots"),
    ];
    for (change, level, part) in cases {
        let mut world = world();
        change(&mut world.source);
        let found = check(&world, CheckTopic::Moment, |facts| facts.source = SourceFacts::Moment(now())).unwrap();
        assert!(found.level == level && found.text.contains(part), "{found:?}");
    }
    // Where SkySQL has told, that counts; what the documents say against it counts more.
    for (moment_lookup, level, part) in [
        (LookupResult::Listed, CheckLevel::Ok, "SkySQL lists it as a point in time"),
        (LookupResult::NotListed, CheckLevel::Warning, "SkySQL does not list it"),
    ] {
        let set = |facts: &mut RestoreFacts<'_>| {
            (facts.source, facts.moment_lookup) = (SourceFacts::Moment(now()), moment_lookup);
        };
        let found = check(&world(), CheckTopic::Moment, set).unwrap();
        assert!(
            found.level == level && found.text.starts_with(part) && found.origin == CheckOrigin::Lookup,
            "{found:?}"
        );
        let mut galera = world();
        galera.source.topology = Some("galera".into());
        assert_eq!(check(&galera, CheckTopic::Moment, set).unwrap().level, CheckLevel::Warning);
    }
    let later = now() + jiff::SignedDuration::from_secs(1);
    let found = check(&world(), CheckTopic::Moment, |facts| facts.source = SourceFacts::Moment(later)).unwrap();
    assert!(found.text.contains("future"), "{found:?}");
}

#[test]
fn what_skysql_lists_and_whether_it_is_the_source_itself() {
    for (lookup, level) in [
        (LookupResult::Listed, CheckLevel::Ok),
        (LookupResult::NotListed, CheckLevel::Warning),
        (LookupResult::Unknown, CheckLevel::Unknown),
    ] {
        let found = check(&world(), CheckTopic::Target, |facts| facts.lookup = lookup);
        assert_eq!(found.unwrap().level, level);
    }
    let mut same = world();
    same.target = same.source.clone();
    assert_eq!(check(&same, CheckTopic::SameService, |_| {}).unwrap().level, CheckLevel::Warning);
}

#[test]
fn the_disk_is_compared_in_both_readings_of_a_gigabyte() {
    let cases = [
        (Some(100_000_000_000), Some(100), CheckLevel::Ok, "100 GB of disk"),
        (Some(100_000_000_001), Some(100), CheckLevel::Warning, "may not fit"),
        (Some(107_374_182_401), Some(100), CheckLevel::Warning, "does not fit"),
        (Some(0), Some(100), CheckLevel::Unknown, "not known"),
        (None, Some(100), CheckLevel::Unknown, "not known"),
        (Some(1), None, CheckLevel::Unknown, "not known"),
        (None, None, CheckLevel::Unknown, "Neither"),
        (Some(u64::MAX), Some(u64::MAX), CheckLevel::Ok, ""),
    ];
    for (needed, size, level, part) in cases {
        let found = of(CheckTopic::Space, |world| {
            world.backup.disk_size_bytes = needed;
            world.target.storage_gb = size;
        });
        assert!(found.0 == level && found.1.contains(part), "{needed:?} into {size:?}: {found:?}");
    }
}

#[test]
fn an_older_server_is_a_warning_in_words_of_the_method() {
    let cases = [
        ("11.4.3", "11.4.9", CheckLevel::Ok, "11.4"),
        ("11.4.3", "10.6.11-6-1", CheckLevel::Warning, "does not run on an older one"),
        ("10.6.11", "11.4.3", CheckLevel::Warning, "not documented"),
        ("", "11.4.3", CheckLevel::Unknown, "not known"),
    ];
    for (from, to, level, part) in cases {
        let found = of(CheckTopic::Version, |world| {
            world.source.version = Some(from.into());
            world.target.version = Some(to.into());
        });
        assert!(found.0 == level && found.1.contains(part), "{from} into {to}: {found:?}");
    }
    let dump = of(CheckTopic::Version, |world| {
        world.backup.backup_type = Some(BackupType::Dump);
        world.target.version = Some("10.6.1".into());
    });
    assert!(dump.0 == CheckLevel::Warning && dump.1.contains("may fail"), "{dump:?}");
    let newer = of(CheckTopic::Version, |world| {
        world.backup.backup_type = Some(BackupType::Dump);
        world.source.version = Some("10.6.1".into());
    });
    assert_eq!(newer.0, CheckLevel::Ok, "{newer:?}");
}

#[test]
fn the_target_is_described() {
    let states = [
        ("ready", CheckLevel::Ok),
        ("READY", CheckLevel::Ok),
        ("pending_scale", CheckLevel::Warning),
        ("stopped", CheckLevel::Warning),
        ("failed", CheckLevel::Warning),
        ("unknown", CheckLevel::Unknown),
        ("", CheckLevel::Unknown),
    ];
    for (status, level) in states {
        let found = of(CheckTopic::State, |world| world.target.status = Some(status.into()));
        assert_eq!(found.0, level, "{status}: {found:?}");
    }
    let topologies = [
        ("es-single", CheckLevel::Ok, "Both"),
        ("es-replica", CheckLevel::Ok, "no document"),
        ("galera", CheckLevel::Warning, "one node"),
        ("serverless-standalone", CheckLevel::Warning, "serverless"),
    ];
    for (topology, level, part) in topologies {
        let found = of(CheckTopic::Topology, |world| world.target.topology = Some(topology.into()));
        assert!(found.0 == level && found.1.contains(part), "{topology}: {found:?}");
    }
    let other = of(CheckTopic::Region, |world| world.target.region = Some("eu-west1".into()));
    assert!(other.0 == CheckLevel::Ok && other.1.contains("us-central1 to eu-west1"), "{other:?}");
}

#[test]
fn the_newest_backup_of_the_target_has_an_age() {
    let ended = |end: &str| of(CheckTopic::TargetBackup, |world| world.target_backup.end_time = ApiTime::read(end));
    let fresh = ended("2026-09-16T09:00:00Z");
    assert_eq!(
        fresh,
        (
            CheckLevel::Ok,
            "The newest good backup of the target is a full backup of 2026-09-16 09:00 UTC, 3 h ago".to_owned()
        )
    );
    let old = ended("2026-09-13T12:00:00Z");
    assert!(old.0 == CheckLevel::Warning && old.1.ends_with("3 days ago: what was written since then is lost"));
    assert_eq!(ended("soon").0, CheckLevel::Unknown);
    for (newest, level) in
        [(NewestTargetBackup::None, CheckLevel::Warning), (NewestTargetBackup::Unknown, CheckLevel::Unknown)]
    {
        let found = check(&world(), CheckTopic::TargetBackup, |facts| {
            facts.target_backup = match newest {
                NewestTargetBackup::None => NewestTargetBackup::None,
                NewestTargetBackup::Known(_) | NewestTargetBackup::Unknown => NewestTargetBackup::Unknown,
            };
        });
        assert_eq!(found.unwrap().level, level);
    }
}

#[test]
fn the_documentation_has_every_check_and_every_origin() {
    let text = include_str!("../../../docs/restore.md");
    for topic in CheckTopic::ALL {
        assert!(text.contains(&format!("\n| {} | ", topic.name())), "{}", topic.name());
    }
    let origins = [
        CheckOrigin::RestoreDocuments,
        CheckOrigin::Faq,
        CheckOrigin::MomentDocuments,
        CheckOrigin::Lookup,
        CheckOrigin::Lists,
        CheckOrigin::Server,
    ];
    for origin in origins {
        assert!(text.contains(origin.name()), "{}", origin.name());
    }
}

/// Any text the API may send for a word.
fn any_word() -> impl Strategy<Value = Option<compact_str::CompactString>> {
    proptest::option::of("\\PC{0,20}".prop_map(compact_str::CompactString::from))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the lists hold: the topics come in their order and at most once, texts are sentences safe for the screen, what is not
    /// known never counts as good, and only the provider of a managed backup blocks.
    #[test]
    fn checks_hold_for_any_words(
        words in proptest::array::uniform10(any_word()),
        sizes in proptest::array::uniform3(proptest::option::of(any::<u64>())),
        ended in -4_000_000_000_i64..4_000_000_000,
    ) {
        let [provider, to, region, from_version, to_version, topology, from_topology, status, state, kind] = words;
        let mut world = world();
        world.source = Service { version: from_version, topology: from_topology, ..world.source };
        world.target = Service {
            provider: to.clone(), region, version: to_version, topology, status: state, storage_gb: sizes[0], ..world.target
        };
        world.backup.cloud_provider.clone_from(&provider);
        world.backup.status = status.map(Status::new);
        world.backup.backup_type = kind.map(|kind| BackupType::from_word(&kind));
        (world.backup.disk_size_bytes, world.backup.storage_bytes) = (sizes[1], sizes[2]);
        world.target_backup.end_time = ApiTime::from_epoch(ended);
        let zone = Zone::utc();
        let facts = RestoreFacts { lookup: LookupResult::Unknown, ..facts_of(&world, &zone) };
        let found = checks(&facts);
        let order: Vec<usize> = found
            .iter()
            .map(|check| CheckTopic::ALL.iter().position(|topic| *topic == check.topic).unwrap())
            .collect();
        prop_assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
        for check in &found {
            prop_assert!(!check.text.is_empty());
            prop_assert!(!check.text.chars().any(crate::domain::is_control_or_bidi), "{:?}", check.text);
            prop_assert!(check.level != CheckLevel::Block || check.topic == CheckTopic::Provider);
        }
        let of = |topic| found.iter().find(|check| check.topic == topic).map(|check| check.level);
        prop_assert!(of(CheckTopic::Target) == Some(CheckLevel::Unknown));
        if sizes[0].is_none() || sizes[1].is_none() {
            prop_assert_eq!(of(CheckTopic::Space), Some(CheckLevel::Unknown));
        }
        if to.is_none() {
            prop_assert_eq!(of(CheckTopic::Provider), Some(CheckLevel::Unknown));
        }
    }
}
