//! What the screens say about schedules that are unusual, unsure or unreadable.

use egui::Theme;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use skybackup::domain::{Recurrence, Schedule};
use skybackup::msg::{ChangeCommand, Command, TableCommand, TableId};
use skybackup::ui::root_ui;
use skybackup::ui::schedules::schedules_ui;

use super::signed_in::{Desk, model, now, schedules, window};

/// The first schedule of the lists, with this text; without one where that is empty.
fn written(text: &str) -> Schedule {
    let recurrence = (!text.is_empty()).then(|| Recurrence::read(text));
    Schedule { recurrence, ..schedules().swap_remove(0) }
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

/// Every part is on the screen, except those that begin with `not: `.
fn assert_says(harness: &Harness<'_, Desk>, text: &str, parts: &[&str]) {
    for part in parts {
        match part.strip_prefix("not: ") {
            Some(absent) => assert!(!says(harness, absent), "{text}: says {absent:?}"),
            None => assert!(says(harness, part), "{text}: does not say {part:?}"),
        }
    }
}

#[test]
fn deleting_says_only_what_is_sure_about_the_next_run() {
    let cases: [(&str, &[&str]); 9] = [
        ("0 2 * * 1-5", &["This run will not happen:", "Tue 24 Nov 02:00", "Tue 24 Nov 03:00"]),
        ("@daily", &["At 00:00 UTC every day", "Tue 24 Nov 00:00"]),
        ("CRON_TZ=America/New_York 0 2 * * *", &["At 02:00 America/New_York every day", "Tue 24 Nov 07:00"]),
        ("0 0 29 2 *", &["in leap years only", "Tue 29 Feb 2028 00:00"]),
        (
            "0 0 */2 * 1",
            &[
                "either on odd days",
                "This run will not happen, one of these two:",
                "Wed 25 Nov 00:00",
                "Mon 07 Dec 00:00",
            ],
        ),
        ("0 0 30 2 */2", &["Tue 02 Feb 2027 00:00", "by one of them it never runs"]),
        ("cron", &["Unreadable: cron", "When it would run next is not known", "not: runs once", "not: No further run"]),
        ("", &["When it would run next is not known", "not: runs once"]),
        ("0 0 31 2 *", &["Never runs: there is no day 31 in February", "It would never have run"]),
    ];
    for (text, parts) in cases {
        let row = written(text);
        let mut model = model(Vec::new(), vec![row.clone()]);
        let select = TableCommand::Select(row.id.as_str().into());
        model.handle(Command::Table(TableId::Schedules, select), now());
        model.handle(Command::Change(ChangeCommand::AskDelete(row.id)), now());
        let harness = window(model, [900.0, 600.0], Theme::Light, root_ui);
        assert_says(&harness, text, parts);
    }
}

#[test]
fn the_pane_marks_what_is_not_certain_and_names_long_gaps() {
    let cases: [(&str, &[&str]); 7] = [
        ("0 2 * * *", &["At 02:00 UTC every day", "Next run", "not: perhaps", "not: without a backup"]),
        ("0 2 1 * *", &["Leaves about 3 weeks without a backup: backups are kept 7 days"]),
        (
            "0 0 */2 * 1",
            &[
                "Next run, perhaps",
                "not known which of them SkySQL follows",
                "Read alike by all: 0 0 1-31/2 * 1",
                "May leave about 2 weeks without a backup",
            ],
        ),
        ("cron", &["Unreadable: cron", "cannot be read here, so the next run is not known", "next run not known"]),
        ("", &["gave no schedule here", "next run not known", "not: one-time"]),
        ("@every 90m", &["Every 90 minutes", "does not say from when it is counted"]),
        ("0 0 31 2 *", &["This schedule will never run", "Never runs: there is no day 31 in February", "never runs"]),
    ];
    for (text, parts) in cases {
        let mut harness = window(model(Vec::new(), vec![written(text)]), [1400.0, 800.0], Theme::Dark, schedules_ui);
        harness.get_by_label_contains("orders-prod, ").click();
        harness.run();
        assert_says(&harness, text, parts);
    }
}
