//! The calendar: squares in words, by pointer and keyboard, and what cannot be shown.

use egui::accesskit::Role;
use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::{SignedDuration, Timestamp};
use skybackup::grid::RowSource;
use skybackup::insight::CalendarBuilder;
use skybackup::msg::{Command, Effect, Event, LedgerEffect, LedgerEvent, ListCommand, Screen, Ticket, WindowCommand};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, window};
use crate::support::stepped::SteppedModel;

/// On the calendar; the ledger was asked for it.
fn asking() -> (SteppedModel, Ticket, CalendarBuilder) {
    let mut model = model(Vec::new(), Vec::new());
    model.view.overview.is_calendar = true;
    let effects = model.handle(Command::Window(WindowCommand::Go(Screen::Overview)), now());
    let asked = effects.into_iter().find_map(|effect| match effect {
        Effect::Ledger(LedgerEffect::ReadCalendar(ticket, builder)) => Some((ticket, *builder)),
        _ => None,
    });
    let (ticket, builder) = asked.expect("the history is asked for the calendar");
    (model, ticket, builder)
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

/// 120 days, of which those older than the last six were seen in one list only; on the 20th before now a backup failed.
fn a_third_of_a_year() -> SteppedModel {
    let (mut model, ticket, mut builder) = asking();
    for days in 0..120 {
        let status = if days == 20 { "Failed" } else { "Succeeded" };
        builder.add("dbpgf41870000", Some("orders-prod"), status, days_ago(days));
    }
    builder.add("dbpgf41870000", None, "Failed", days_ago(3));
    let calendar = builder.finish([now()]);
    model.apply(Event::Ledger(LedgerEvent::CalendarRead(ticket, Ok(calendar))), now());
    model
}

fn names(harness: &Harness<'_, Desk>, role: Role) -> Vec<String> {
    harness.get_all_by_role(role).map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

/// The list is one stop of Tab; orders-prod is below billing.
fn focus_second(harness: &mut Harness<'_, Desk>) {
    harness.get_all_by_role(Role::Row).next().unwrap().focus();
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
}

#[test]
fn each_square_has_words_and_leads_to_its_rows() {
    let mut harness = window(a_third_of_a_year(), [1280.0, 800.0], Theme::Dark, root_ui);
    harness.get_by_label_contains("120 days since Mon 27 Jul 2026, in UTC");
    let rows = names(&harness, Role::Row);
    // Both services of the account, one of which has no backup.
    assert!(
        rows.iter().any(|row| row == "orders-prod. 120 days with backups, 2 with failures, 0 without a backup"),
        "{rows:?}"
    );
    assert!(
        rows.iter().any(|row| row.starts_with("billing. 0 days with backups, 0 with failures, 6 without")),
        "{rows:?}"
    );
    focus_second(&mut harness);
    let today = "Mon 23 Nov 2026: 1 backup, succeeded so far";
    assert!(harness.query_all_by_label_contains(today).next().is_some());
    for (days, words) in [
        (3, "Fri 20 Nov 2026: 2 backups, 1 succeeded, 1 failed"),
        (17, "Tue 3 Nov 2026: 1 backup, failed, not observed as a whole"),
    ] {
        for _ in 0..days {
            harness.key_press(Key::ArrowLeft);
            harness.run();
        }
        assert!(harness.query_all_by_label_contains(words).next().is_some(), "{words}");
    }
    harness.key_press(Key::Enter);
    let asked = asked(&mut harness);
    let period = asked.iter().find_map(|command| match command {
        Command::List(ListCommand::ShowBackupsSeen(service, period)) => Some((service.as_str().to_owned(), *period)),
        _ => None,
    });
    let (service, period) = period.expect("Enter leads to the rows");
    let at = |text: &str| text.parse::<Timestamp>().ok();
    assert_eq!(
        (service.as_str(), period.from, period.until),
        ("dbpgf41870000", at("2026-11-03T00:00:00Z"), at("2026-11-04T00:00:00Z"))
    );
    let data = harness.state().data();
    assert_eq!(data.lists().backups_shown, RowSource::AllSeen);
    assert_eq!(data.shown_backups().filter.period, period);
    harness.get_by_role_and_label(Role::Button, "Back to overview").click();
    harness.run();
    harness.get_by_label_contains("120 days since");
}

#[test]
fn days_out_of_sight_are_reached_by_buttons_and_keys() {
    let mut harness = window(a_third_of_a_year(), [900.0, 600.0], Theme::Light, root_ui);
    let first = |harness: &Harness<'_, Desk>| harness.state().model.view.overview.first_day;
    assert!(harness.get_by_role_and_label(Role::Button, "Later").accesskit_node().is_disabled());
    harness.get_by_role_and_label(Role::Button, "Earlier").click();
    harness.run();
    let earlier = first(&harness).unwrap();
    assert!((40..90).contains(&earlier), "{earlier}");
    harness.get_by_role_and_label(Role::Button, "Later").click();
    harness.run();
    assert_eq!(first(&harness), None, "the newest again");
    focus_second(&mut harness);
    for _ in 0..60 {
        harness.key_press(Key::ArrowLeft);
        harness.run();
    }
    assert!(first(&harness).is_some_and(|first| first <= 59), "the days follow the keyboard");
    assert!(harness.query_all_by_label_contains("Thu 24 Sep 2026").next().is_some());
    // By the pointer.
    let square =
        harness.get_by_role_and_label(Role::Button, "Thu 24 Sep 2026: 1 backup, succeeded, not observed as a whole");
    square.click();
    assert!(asked(&mut harness).iter().any(|it| matches!(it, Command::List(ListCommand::ShowBackupsSeen(..)))));
}

#[test]
fn the_calendar_waits_or_says_why_there_is_none() {
    let (mut model, ticket, _) = asking();
    let harness = window(model, [1280.0, 800.0], Theme::Dark, root_ui);
    harness.get_by_role_and_label(Role::Heading, "Overview");
    assert!(harness.query_by_role(Role::Row).is_none(), "still read");
    (model, ..) = asking();
    let failed = Err("it is not kept in this session".to_owned());
    model.apply(Event::Ledger(LedgerEvent::CalendarRead(ticket, failed)), now());
    let harness = window(model, [1280.0, 800.0], Theme::Dark, root_ui);
    harness.get_by_label_contains("The calendar cannot be shown: it is not kept in this session");
}
