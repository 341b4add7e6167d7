//! What a restore does, in plain words, and what is to be done after it.

use super::facts::{RestoreFacts, SourceFacts, is_galera};
use crate::domain::{ApiTime, Backup, BackupType, sanitize_for_display};

/// What happens, most important first, each one sentence without its full stop. `target` is what the target is called.
#[must_use]
pub fn consequences(facts: &RestoreFacts<'_>, target: &str) -> Vec<String> {
    let mut texts = vec![
        format!("All data of {target} is erased and replaced"),
        if facts.is_logical() {
            format!("{target} keeps running while the dump is read into it")
        } else {
            format!("{target} stops while it is restored, and nobody can use it")
        },
        format!(
            "User names and passwords of {target} become those of the source; its default credentials in the portal stop working"
        ),
        data_words(facts),
    ];
    if facts.is_logical() {
        texts.push("A dump keeps no GTID state: replication cannot go on from it by GTID".to_owned());
    }
    if facts.target.is_some_and(is_galera) {
        texts.push("One node of the cluster is restored; the others synchronize with it afterwards".to_owned());
    }
    texts.push("Events of the source run at once where its event scheduler is on".to_owned());
    texts.push("It cannot be cancelled once it has begun".to_owned());
    texts
}

/// Which moment the restored data is of.
fn data_words(facts: &RestoreFacts<'_>) -> String {
    let shown = |at| format!("{} {}", facts.zone.date_time(at), facts.zone.short_label());
    let time = |time: &Option<ApiTime>| time.as_ref().and_then(ApiTime::at).map(shown);
    let backup = match facts.source {
        SourceFacts::Moment(at) => {
            return format!(
                "It will hold what was committed before {}; statements that began earlier and took long may be in it too",
                shown(at)
            );
        }
        SourceFacts::File { .. } | SourceFacts::Backup(None) => {
            return "Which moment its data will be of is not known".to_owned();
        }
        SourceFacts::Backup(Some(backup)) => backup,
    };
    match backup.backup_type {
        Some(BackupType::Full | BackupType::Incremental) => match time(&backup.end_time) {
            Some(end) => format!("It will hold what was committed up to the end of the backup, {end}"),
            None => "It will hold what was committed up to the end of the backup".to_owned(),
        },
        Some(BackupType::Dump) => match (time(&backup.start_time), time(&backup.end_time)) {
            (Some(start), Some(end)) => {
                format!("It will hold data from between {start} and {end}, possibly of several moments")
            }
            _ => "It will hold data from between start and end of the dump, possibly of several moments".to_owned(),
        },
        Some(BackupType::Snapshot) => match time(&backup.point_in_time) {
            Some(at) => format!("It will hold the data of {at}, as SkySQL gives the moment of the snapshot"),
            None => "It will hold the data of the moment of the snapshot, which the list does not give".to_owned(),
        },
        Some(BackupType::BinaryLog | BackupType::Other(_)) | None => {
            "Which moment its data will be of is not known".to_owned()
        }
    }
}

/// What to do once it has succeeded, each one sentence without its full stop.
#[must_use]
pub fn next_steps(facts: &RestoreFacts<'_>, target: &str) -> Vec<String> {
    let mut texts = vec![
        format!("Sign in to {target} with the users and passwords of the source"),
        "Read its tables before anybody relies on them: a restore that succeeded proves only that the server started"
            .to_owned(),
    ];
    if facts.is_logical() {
        texts.push("If its users cannot sign in, run FLUSH PRIVILEGES".to_owned());
        texts.push("For replication, take the position from the dump itself: it keeps no GTID state".to_owned());
        return texts;
    }
    texts.push("Look for prepared XA transactions with XA RECOVER: those of the source come along".to_owned());
    let gtid = match facts.source {
        SourceFacts::Backup(backup) => backup.and_then(|backup: &Backup| backup.binlog_gtid_position.as_deref()),
        SourceFacts::Moment(_) | SourceFacts::File { .. } => None,
    };
    texts.push(match gtid {
        Some(gtid) => format!(
            "For replication, set gtid_slave_pos by hand: it is empty after a restore. The backup is at {}",
            sanitize_for_display(gtid)
        ),
        None => "For replication, set gtid_slave_pos by hand: it is empty after a restore".to_owned(),
    });
    texts.push(
        "Replication also needs binary logs that the source still has: it keeps 4 days unless changed".to_owned(),
    );
    texts
}

#[cfg(test)]
#[path = "consequences_tests.rs"]
mod tests;
