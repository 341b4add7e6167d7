use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::SchedulePatch;
use super::*;
use crate::cron::tests::any_cron;
use crate::domain::{BackupType, Recurrence, Schedule};

fn berlin() -> Zone {
    Zone::new(TimeZone::get("Europe/Berlin").unwrap())
}

fn clock(zone: &Zone) -> LocalClock<'_> {
    LocalClock { zone, now: "2026-11-23T12:00:00Z".parse().unwrap() }
}

fn empty() -> [String; 5] {
    Default::default()
}

/// Texts that a server may hold and that are no five fields.
const UNUSUAL: [&str; 12] = [
    "@daily",
    "@every 90m",
    "@reboot",
    "TZ=Europe/Berlin 0 2 * * *",
    "CRON_TZ=Asia/Tokyo 0 2 * *",
    "0 0 2 * * *",
    "0 2 * * ? *",
    "cron",
    "",
    "   ",
    "every night",
    "0 2 * *",
];

#[test]
fn boxes_of_a_text_without_five_fields_are_empty_and_nothing_is_sent() {
    let zone = berlin();
    for text in UNUSUAL {
        for shown in [PlanZone::Utc, PlanZone::Local] {
            let when = When::of(text, shown);
            assert_eq!(when.boxes(clock(&zone)), empty(), "{text}");
            assert_eq!(when.expression(clock(&zone)), text);
            assert_eq!(when.plan(clock(&zone)), None, "{text}");
            assert!(when.is_kept() && when.is_original_unusual(), "{text}");
        }
    }
    let plain = When::of("0 2 * * MON-FRI", PlanZone::Utc);
    assert_eq!(plain.boxes(clock(&zone)), ["0", "2", "*", "*", "MON-FRI"]);
    assert!(plain.is_kept() && !plain.is_original_unusual());
}

#[test]
fn typing_into_a_box_of_such_a_text_writes_that_box_only() {
    let zone = berlin();
    let mut when = When::of("@daily", PlanZone::Utc);
    when.set_box(CronField::Minute, "30", clock(&zone));
    assert_eq!(when.boxes(clock(&zone)), ["30", "", "", "", ""]);
    let error = when.cron(clock(&zone)).unwrap().unwrap_err();
    assert_eq!(error.field, DraftField::Cron(Some(CronField::Hour)));
    assert_eq!((when.original(), when.is_kept()), (Some("@daily"), false));
    when.keep();
    assert_eq!((when.expression(clock(&zone)).as_str(), when.is_kept()), ("@daily", true));
}

#[test]
fn boxes_and_expression_stay_in_step() {
    let zone = berlin();
    let clock = clock(&zone);
    let mut when = When::new(PlanZone::Utc);
    when.set_expression(" 5  3 * * MON ");
    assert_eq!(when.boxes(clock), ["5", "3", "*", "*", "MON"]);
    when.set_box(CronField::Hour, "4", clock);
    assert_eq!(when.expression(clock), "5 4 * * MON");
    assert_eq!(when.cron(clock).unwrap().unwrap().as_str(), "5 4 * * 1");
    // A text with too few words has no boxes.
    when.set_expression("5 4 *");
    assert_eq!(when.boxes(clock), empty());
    // An emptied box is named, with a star as the fix.
    when.set_expression("5 4 * * MON");
    when.set_box(CronField::DayOfMonth, " ", clock);
    let error = when.cron(clock).unwrap().unwrap_err();
    let want = (DraftField::Cron(Some(CronField::DayOfMonth)), Some("5 4 * * 1"));
    assert_eq!((error.field, error.fixes.first().map(|fix| fix.text.as_str())), want);
    // A word too many in one box never slips into the next one.
    when.set_box(CronField::DayOfMonth, "1 2", clock);
    when.set_box(CronField::Weekday, "", clock);
    assert!(when.cron(clock).unwrap().is_err());
    when.set_box(CronField::Weekday, "*", clock);
    let error = when.cron(clock).unwrap().unwrap_err();
    assert_eq!(error.field, DraftField::Cron(Some(CronField::DayOfMonth)));
    // A whole expression pasted into a box is one.
    when.set_box(CronField::Minute, "0 6 * * 1-5", clock);
    assert_eq!(when.boxes(clock), ["0", "6", "*", "*", "1-5"]);
}

#[test]
fn the_hour_of_weekdays_stays_weekdays() {
    let zone = berlin();
    let clock = clock(&zone);
    for mut when in [When::new(PlanZone::Local), When::of("0 1 * * *", PlanZone::Local)] {
        when.choose(Cadence::Weekdays, clock);
        assert_eq!(when.expression(clock), "0 1 * * 1-5", "02:00 in Berlin");
        let plan = when.plan(clock).unwrap();
        when.set_plan(Plan { times: "04:30".to_owned(), ..plan }, clock);
        assert_eq!((when.cadence(clock), when.expression(clock).as_str()), (Cadence::Weekdays, "30 3 * * 1-5"));
        // The clock is another one, what was typed stays.
        when.set_zone(PlanZone::Utc);
        assert_eq!(when.expression(clock), "30 4 * * 1-5");
    }
}

#[test]
fn looking_at_a_schedule_changes_nothing() {
    let zone = berlin();
    let clock = clock(&zone);
    let mut when = When::of("0 2 * * 1-5", PlanZone::Utc);
    assert_eq!(when.cadence(clock), Cadence::Weekdays);
    when.set_zone(PlanZone::Local);
    assert_eq!(when.plan(clock).unwrap().times, "03:00", "the same moment on the other clock");
    for cadence in [Cadence::Advanced, Cadence::Weekdays] {
        when.choose(cadence, clock);
        assert_eq!(when.cadence(clock), cadence);
    }
    assert!(when.is_kept());
    // Another choice starts from the time that the schedule has, whatever it is written as.
    let mut when = When::of("0 5 * * *", PlanZone::Utc);
    when.choose(Cadence::Monthly, clock);
    assert_eq!(when.expression(clock), "0 5 1 * *");
}

#[test]
fn a_day_without_a_fixed_place_in_the_zone_stays_in_utc() {
    let zone = berlin();
    let clock = clock(&zone);
    // In Berlin that is the first of some months and the 31st of none.
    let mut when = When::of("30 23 31 * *", PlanZone::Local);
    assert_eq!((when.zone(clock), when.has_local_times(clock)), (PlanZone::Utc, false));
    assert_eq!(when.cadence(clock), Cadence::Monthly);
    when.set_zone(PlanZone::Local);
    when.choose(Cadence::Monthly, clock);
    assert!(when.is_kept(), "a click on what is chosen moves nothing");
    let plan = when.plan(clock).unwrap();
    when.set_plan(Plan { times: "22:30".to_owned(), ..plan }, clock);
    assert_eq!((when.expression(clock).as_str(), when.zone(clock)), ("30 22 31 * *", PlanZone::Utc));
}

#[test]
fn days_that_were_chosen_come_back() {
    let zone = berlin();
    let clock = clock(&zone);
    let mut when = When::new(PlanZone::Utc);
    when.choose(Cadence::Weekly, clock);
    assert_eq!(when.expression(clock), "0 2 * * 0");
    let plan = when.plan(clock).unwrap();
    when.set_plan(Plan { weekdays: plan.weekdays.with(3, true), ..plan }, clock);
    when.choose(Cadence::Monthly, clock);
    assert_eq!(when.expression(clock), "0 2 1 * *");
    when.choose(Cadence::Weekly, clock);
    assert_eq!(when.expression(clock), "0 2 * * 0,3");
    when.choose(Cadence::Once, clock);
    assert!(when.is_once() && when.cron(clock).is_none());
    when.choose(Cadence::Advanced, clock);
    assert!(when.cron(clock).is_some_and(|cron| cron.is_ok()));
}

/// One thing a user can do with the form.
#[derive(Clone, Debug)]
enum BoxEdit {
    Box(usize, String),
    Expression(String),
    Keep,
    Choose(usize),
    Zone(bool),
    Times(String),
    Days(String, u8),
}

fn any_edit() -> impl Strategy<Value = BoxEdit> {
    let word = prop_oneof![
        Just(String::new()),
        "[0-9*/,-]{1,4}",
        Just("*".to_owned()),
        Just("30".to_owned()),
        Just("1 2".to_owned()),
        Just("@daily".to_owned()),
        any_cron(),
    ];
    let text = prop_oneof![any_cron(), any_text()];
    prop_oneof![
        3 => (0_usize..5, word).prop_map(|(place, text)| BoxEdit::Box(place, text)),
        2 => text.prop_map(BoxEdit::Expression),
        1 => Just(BoxEdit::Keep),
        2 => (0_usize..7).prop_map(BoxEdit::Choose),
        1 => any::<bool>().prop_map(BoxEdit::Zone),
        1 => "[0-9]{0,2}:?[0-9]{0,2}(, 1[0-9]:00)?".prop_map(BoxEdit::Times),
        1 => ("[0-9]{0,2}", any::<u8>()).prop_map(|(days, week)| BoxEdit::Days(days, week)),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(UNUSUAL.as_slice()).prop_map(str::to_owned),
        "[@=TZ a-z0-9*/?,-]{0,20}",
        "\\PC{0,12}",
    ]
}

fn apply(when: &mut When, edit: &BoxEdit, clock: LocalClock<'_>) {
    match edit {
        BoxEdit::Box(place, text) => when.set_box(CronField::ALL[*place], text, clock),
        BoxEdit::Expression(text) => when.set_expression(text),
        BoxEdit::Keep => when.keep(),
        BoxEdit::Choose(place) => when.choose(Cadence::ALL[*place], clock),
        BoxEdit::Zone(is_local) => when.set_zone(if *is_local { PlanZone::Local } else { PlanZone::Utc }),
        BoxEdit::Times(text) => {
            if let Some(plan) = when.plan(clock) {
                when.set_plan(Plan { times: text.clone(), ..plan }, clock);
            }
        }
        BoxEdit::Days(text, week) => {
            if let Some(plan) = when.plan(clock) {
                let weekdays = (0..7).fold(Weekdays::NONE, |set, day| set.with(day, week & (1 << day) != 0));
                when.set_plan(Plan { month_days: text.clone(), weekdays, ..plan }, clock);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_sent_means_what_the_boxes_show(
        original in prop_oneof![any_cron(), any_text()],
        edits in proptest::collection::vec(any_edit(), 0..8),
    ) {
        let zone = berlin();
        let clock = clock(&zone);
        let mut when = When::of(&original, PlanZone::Utc);
        let server = Schedule { recurrence: Some(Recurrence::Cron(original.as_str().into())), backup_type: Some(BackupType::Full), ..Schedule::default() };
        let steps = std::iter::once(None).chain(edits.iter().map(Some));
        for edit in steps {
            if let Some(edit) = edit {
                apply(&mut when, edit, clock);
            }
            prop_assert_eq!(when.original(), Some(original.as_str()), "the server's text is never lost");
            let boxes = when.boxes(clock);
            let entered = when.cron(clock).filter(|_| !when.is_kept());
            let patch = SchedulePatch::between(&server, &BackupType::Full, entered.as_ref().and_then(|it| it.as_ref().ok()));
            if when.is_kept() {
                prop_assert_eq!(patch.recurrence, None);
                let shown = original.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                prop_assert!(boxes == empty() || boxes.as_slice() == shown.as_slice(), "{:?} shows {:?}", original, boxes);
                continue;
            }
            if let Some(Ok(cron)) = &entered {
                let shown = Cron::parse(&boxes.join(" "));
                prop_assert_eq!(shown.as_ref().map(Cron::as_str), Ok(cron.as_str()), "after {:?}", edit);
                prop_assert!(boxes.iter().all(|text| text.split_whitespace().count() == 1));
                prop_assert!(patch.recurrence.as_deref().is_none_or(|sent| sent == cron.as_str()));
            }
        }
    }
}
