//! What the app concludes from lists, for `scripts/check-restore`, which compares it with a real MariaDB.

use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};
use skybackup::api::decode_page;
use skybackup::domain::{Backup, BackupId, SeenState, ServiceId, Sighting, Zone};
use skybackup::insight::{
    CANNOT_BE_KNOWN, Chain, ChainMember, KnownLists, NOT_VERIFIED, PointInTimeRange, ServiceBackups, ServiceMoments,
};
use skybackup::rows::Rows;

/// The rows of one service, in the page form of the API: `{"backups": […]}`.
fn rows(page: &Value) -> Vec<Backup> {
    let page = decode_page(&serde_json::to_vec(page).unwrap()).unwrap();
    assert_eq!(page.unreadable, 0);
    page.rows
}

fn members(chain: &[ChainMember]) -> Vec<&str> {
    chain.iter().map(|member| member.id.as_str()).collect()
}

/// Reads `{"service", "now", "listed": {page}, "seen": {page} or null, "moments": […], "chains": […]}`: the rows of one service, the
/// moments that are asked for, and the ids of backups whose chains are. Writes `{"moments": […], "chains": […], "always": […]}`.
#[test]
#[ignore = "reads the questions that scripts/check-restore writes"]
fn conclusions_from_lists() {
    let path = |name: &str| PathBuf::from(std::env::var_os(name).expect("the path of a file"));
    let question: Value = serde_json::from_slice(&std::fs::read(path("SKYBACKUP_QUESTIONS")).unwrap()).unwrap();
    let texts = |name: &str| question[name].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let now: Timestamp = question["now"].as_str().unwrap().parse().unwrap();
    let seen = question["seen"].is_object().then(|| {
        let sighting = Some(Sighting { state: SeenState::Gone, first_seen: now, last_seen: now });
        Rows::new(rows(&question["seen"]).into_iter().map(|row| Backup { sighting, ..row }))
    });
    let listed = Rows::new(rows(&question["listed"]));
    let lists = KnownLists { listed, seen, is_complete: true, listed_at: Some(now), now };
    let service = ServiceId::new(question["service"].as_str().unwrap());
    let backups = ServiceBackups::new(&lists, &service);
    let moments = ServiceMoments::new(backups.clone(), None, PointInTimeRange::None, Some(now), now);
    let zone = Zone::utc();
    let answer = |at: &str| {
        let answer = moments.answer(at.parse().unwrap());
        json!({
            "at": at,
            "verdict": format!("{:?}", answer.verdict),
            "sentence": answer.sentence(&zone),
            "chain": members(&answer.chain),
            "warnings": answer.warnings.iter().map(|warning| warning.sentence(&zone)).collect::<Vec<_>>(),
            "before": answer.before.map(|nearest| nearest.at.to_string()),
            "after": answer.after.map(|nearest| nearest.at.to_string()),
        })
    };
    let chain = |id: &str| {
        let chain = Chain::of(&backups, &BackupId::new(id)).expect("a backup that needs others");
        json!({
            "id": id,
            "verdict": format!("{:?}", chain.verdict),
            "sentence": chain.sentence(&zone),
            "members": members(&chain.members),
            "warnings": chain.warnings().iter().map(|warning| warning.sentence(&zone)).collect::<Vec<_>>(),
        })
    };
    let conclusions = json!({
        "moments": texts("moments").map(answer).collect::<Vec<_>>(),
        "chains": texts("chains").map(chain).collect::<Vec<_>>(),
        "always": [NOT_VERIFIED, CANNOT_BE_KNOWN],
    });
    std::fs::write(path("SKYBACKUP_CONCLUSIONS"), serde_json::to_vec(&conclusions).unwrap()).unwrap();
}
