//! The overview in the real window: what needs attention, why, and the way to the rows behind it.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use jiff::{SignedDuration, Timestamp};
use skybackup::api::{BackupQuery, Client, ClientLimits, ScheduleQuery};
use skybackup::domain::{ApiUrl, Backup, StatusKind, Zone};
use skybackup::insight::{CoverageJob, Observed, Targets, Urgency};
use skybackup::msg::Screen;
use skybackup::secrets::{ApiKey, KnownSecrets};

use crate::support::demo::{Demo, Fault, FaultScope};
use crate::support::story::{BEGINNING, Story};

fn on_overview() -> Story {
    let mut story = Story::signed_in();
    go_to_overview(&mut story);
    story
}

fn go_to_overview(story: &mut Story) {
    story.press_with(Modifiers::COMMAND, Key::Num1);
    story.until("the overview is shown", |story| story.model().view.screen == Screen::Overview);
    story.step();
}

/// The accessible names of a role, from top to bottom.
fn names(story: &Story, role: Role) -> Vec<String> {
    let mut found: Vec<(f32, String)> = story
        .window
        .get_all_by_role(role)
        .map(|node| (node.rect().top(), node.accesskit_node().label().unwrap_or_default()))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn the_overview_is_the_first_screen() {
    assert_eq!(skybackup::model::View::default().screen, Screen::Overview);
}

#[test]
fn the_words_say_which_two_services_need_attention_and_why() {
    let story = on_overview();
    assert!(story.texts().iter().any(|text| text.starts_with("2 of 14 services need attention")));
    let rows = names(&story, Role::Row);
    assert!(
        rows[0].starts_with("inventory, needs attention. Full: Failed. Newest good backup 2 days ago"),
        "{}",
        rows[0]
    );
    assert!(rows[1].starts_with("search-index, needs attention. pending scale. Full: Too old."), "{}", rows[1]);
    assert!(rows[2..].iter().all(|row| !row.contains("needs attention")), "{rows:#?}");
    let findings: Vec<String> =
        names(&story, Role::Button).into_iter().filter(|name| name.starts_with("Problem: ")).collect();
    let expected = [
        "Problem: inventory. Newest good full backup is 2 days old, target 26 h. The last 2 runs failed. Look at the failed runs, then back up now",
        "Problem: search-index. Newest good full backup is 2 days old, target 26 h. The service is pending scale. Back up as soon as the service is ready",
    ];
    assert_eq!(findings, expected);
}

#[test]
fn a_finding_leads_to_its_rows_and_back() {
    let mut story = on_overview();
    story.click_at(&By::new().role(Role::Button).label_contains("Problem: inventory."));
    story.until("the backups are shown", |story| story.model().view.screen == Screen::Backups);
    story.calm();
    let table = story.model().data.backups();
    let shown: Vec<_> = table.index.order.iter().map(|&at| table.rows().get(at).unwrap()).collect();
    assert!(!shown.is_empty() && shown.iter().all(|row| row.service_name.as_deref() == Some("inventory")));
    assert_eq!(table.chosen().map(Backup::status_kind), Some(StatusKind::Bad), "a failed run is selected");
    story.click("Back to overview");
    story.until("the overview is shown", |story| story.model().view.screen == Screen::Overview);

    story.click_at(&By::new().role(Role::Button).label_contains("old-shop. A schedule of a service"));
    story.until("the schedules are shown", |story| story.model().view.screen == Screen::Schedules);
    story.calm();
    let chosen = story.model().data.schedules().chosen().cloned().unwrap();
    assert_eq!(chosen.service_name.as_deref(), Some("old-shop"));
    // Who goes elsewhere is not led back.
    story.press_with(Modifiers::COMMAND, Key::Num3);
    story.step();
    assert!(!story.shows("Back to overview"));
}

#[test]
fn nothing_is_called_missing_while_the_list_is_not_whole() {
    let mut story = Story::new();
    let fault = Fault::Status { code: 503, body: String::new(), headers: Vec::new() };
    story.world().set_fault_for(fault, FaultScope::default().on_path("/skybackup/v1/backups/schedules"));
    let key = story.key();
    story.sign_in_with(&key);
    story.until("the backups are read", |story| story.model().data.backups().remote.at.is_some());
    story.calm();
    go_to_overview(&mut story);
    let report = story.model().data.coverage().unwrap().report().unwrap().clone();
    assert_eq!(report.problems, 0);
    assert!(story.texts().iter().any(|text| text.contains("Not checkable")), "{:?}", story.texts());
}

/// At any hour of the week the same two need attention, so that pictures and the tour can rely on it.
#[tokio::test]
async fn two_services_of_the_demo_need_attention_at_any_hour() {
    for hours in (0..7 * 24).step_by(5) {
        let now: Timestamp = BEGINNING.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours);
        let demo = Demo::start_at(0, now).await;
        let key = Arc::new(ApiKey::clean(&demo.key).unwrap().key);
        let url = ApiUrl::parse(&demo.url).unwrap();
        let access = skybackup::api::Access::ReadOnly;
        let limits = ClientLimits::default();
        let client = Client::new(url, key, access, KnownSecrets::default(), Arc::new(|_| {}), limits).unwrap();
        let backups = client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap().rows;
        let schedules = client.list_schedules(&ScheduleQuery::default(), &[], &mut |_, _| {}).await.unwrap().rows;
        let services = client.list_services().await.unwrap().rows;
        let job = CoverageJob {
            backups,
            schedules,
            services: Some(services.iter().collect()),
            observed: Observed::default().with_list(now),
            targets: Targets::default(),
            now,
            previous: None,
            planned: None,
        };
        let report = job.run().report;
        let problems: Vec<&str> = report
            .services
            .iter()
            .filter(|service| service.urgency == Urgency::Problem)
            .filter_map(|service| service.name.as_deref())
            .collect();
        let words: Vec<String> = report.findings.iter().map(|finding| finding.sentence(&Zone::utc(), now)).collect();
        assert_eq!(problems, ["inventory", "search-index"], "{hours} {words:#?}");
        assert!((5..=8).contains(&words.len()), "{hours} {words:#?}");
    }
}
