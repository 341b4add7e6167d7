use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::tests::{any_cron, upcoming};
use super::*;

const NOVEMBER: &str = "2026-11-23T12:00:00Z";

fn zone(name: &str) -> Zone {
    Zone::new(TimeZone::get(name).unwrap())
}

fn clock<'a>(zone: &'a Zone, now: &str) -> LocalClock<'a> {
    LocalClock { zone, now: now.parse().unwrap() }
}

fn weekly(times: &str, days: &[u8]) -> Plan {
    let weekdays = days.iter().fold(Weekdays::NONE, |set, day| set.with(*day, true));
    Plan { times: times.to_owned(), weekdays, ..Plan::default() }
}

fn monthly(times: &str, days: &str) -> Plan {
    Plan { repeat: Repeat::Month, times: times.to_owned(), month_days: days.to_owned(), ..Plan::default() }
}

fn cron(plan: &Plan, zone_name: &str, now: &str) -> Result<String, String> {
    let zone = zone(zone_name);
    plan.to_cron(PlanZone::Local, clock(&zone, now)).map(|cron| cron.as_str().to_owned()).map_err(|error| error.message)
}

#[test]
fn a_plan_on_a_clock_of_its_own_is_an_expression_in_utc() {
    let every_day = Plan::default();
    let cases = [
        (every_day.clone(), "Europe/Berlin", NOVEMBER, "0 1 * * *"),
        (every_day.clone(), "Europe/Berlin", "2026-07-23T12:00:00Z", "0 0 * * *"),
        // The next run is after the change of the clocks, and so are those that follow.
        (every_day.clone(), "Europe/Berlin", "2027-03-27T12:00:00Z", "0 0 * * *"),
        (every_day.clone(), "Asia/Kolkata", NOVEMBER, "30 20 * * *"),
        (every_day, "America/New_York", NOVEMBER, "0 7 * * *"),
        // Monday half past midnight is still Sunday in UTC.
        (weekly("00:30", &[1]), "Europe/Berlin", NOVEMBER, "30 23 * * 0"),
        (weekly("00:30", &[1, 2, 3, 4, 5]), "Europe/Berlin", NOVEMBER, "30 23 * * 0-4"),
        (weekly("22:00", &[1, 2, 3, 4, 5]), "America/New_York", NOVEMBER, "0 3 * * 2-6"),
        (weekly("23:00", &[6]), "America/New_York", NOVEMBER, "0 4 * * 0"),
        (weekly("02:00", &[0, 6]), "Europe/Berlin", NOVEMBER, "0 1 * * 0,6"),
        (weekly("2:15, 14:15", &[1, 2, 3, 4, 5]), "Europe/Berlin", NOVEMBER, "15 1,13 * * 1-5"),
        // On every day it does not matter that one of the times is on another day in UTC.
        (Plan { times: "00:00, 12:00".to_owned(), ..Plan::default() }, "Europe/Berlin", NOVEMBER, "0 11,23 * * *"),
        (monthly("02:00", "1, 15"), "Europe/Berlin", NOVEMBER, "0 1 1,15 * *"),
        (monthly("02:00", "1-7"), "Europe/Berlin", NOVEMBER, "0 1 1-7 * *"),
        (monthly("00:30", "2 28"), "Europe/Berlin", NOVEMBER, "30 23 1,27 * *"),
        (monthly("22:00", "1"), "America/New_York", NOVEMBER, "0 3 2 * *"),
        (
            Plan { repeat: Repeat::Hourly, minute: " 05".to_owned(), ..Plan::default() },
            "Asia/Kolkata",
            NOVEMBER,
            "5 * * * *",
        ),
    ];
    for (plan, zone, now, want) in cases {
        assert_eq!(cron(&plan, zone, now).as_deref(), Ok(want), "{plan:?} {zone}");
    }
}

#[test]
fn what_has_no_expression_is_refused_with_a_way_out() {
    let cases = [
        (
            monthly("00:30", "1"),
            "Europe/Berlin",
            "00:30 in Berlin is 23:30 UTC the day before, and day 1 has no fixed day there. Choose a time from 01:00 on, days 2 to 28, or enter the time in UTC",
        ),
        (monthly("00:30", "29, 30"), "Europe/Berlin", "day 29, 30 has no fixed day"),
        (monthly("22:00", "28"), "America/New_York", "Choose a time before 19:00, days 1 to 27"),
        (weekly("00:30, 12:30", &[1]), "Europe/Berlin", "not all on the same day"),
        (weekly("02:00, 14:30", &[1]), "Europe/Berlin", "same minutes"),
        (weekly("02:00", &[]), "Europe/Berlin", "at least one weekday"),
        (weekly("", &[1]), "Europe/Berlin", "Enter a time"),
        (weekly("25:00", &[1]), "Europe/Berlin", "“25:00” is not a time"),
        (monthly("02:00", "32"), "Europe/Berlin", "“32” is not a day of the month"),
        (monthly("02:00", "7-1"), "Europe/Berlin", "“7-1” is not"),
        (monthly("02:00", " "), "Europe/Berlin", "Enter the days"),
        (Plan { repeat: Repeat::Hourly, minute: "60".to_owned(), ..Plan::default() }, "UTC", "0 to 59"),
    ];
    for (plan, zone, part) in cases {
        let message = cron(&plan, zone, NOVEMBER).unwrap_err();
        assert!(message.contains(part) && !message.ends_with('.'), "{plan:?}: {message}");
    }
}

#[test]
fn times_are_read_as_people_write_them() {
    let cases = [
        ("02:00", Some(120)),
        ("2:00", Some(120)),
        ("2.30", Some(150)),
        ("0230", Some(150)),
        ("2", Some(120)),
        ("12 am", Some(0)),
        ("12:15pm", Some(735)),
        ("11 PM", Some(1380)),
        ("23:59", Some(1439)),
        ("24:00", None),
        ("13 pm", None),
        ("0 am", None),
        ("2:0", None),
        ("2:000", None),
        ("+2:00", None),
        ("-1", None),
        ("٢", None),
        ("", None),
    ];
    for (text, want) in cases {
        assert_eq!(read_time(text), want, "{text}");
    }
    assert_eq!(read_times("14:00, 2:00 and 02:00"), Ok(vec![120, 840]));
}

#[test]
fn the_conversion_is_shown_with_the_change_of_the_clocks() {
    let cases = [
        (
            Plan::default(),
            "Europe/Berlin",
            NOVEMBER,
            Some("02:00 in Berlin = 01:00 UTC now, 00:00 UTC from 28 March 2027"),
        ),
        (
            Plan::default(),
            "Europe/Berlin",
            "2026-07-23T12:00:00Z",
            Some("02:00 in Berlin = 00:00 UTC now, 01:00 UTC from 25 October"),
        ),
        (
            weekly("00:30", &[1]),
            "Europe/Berlin",
            NOVEMBER,
            Some("00:30 in Berlin = 23:30 UTC the day before now, 22:30 UTC the day before from 28 March 2027"),
        ),
        (
            weekly("02:00, 14:00", &[1]),
            "Europe/Berlin",
            NOVEMBER,
            Some("02:00 and 14:00 in Berlin = 01:00 UTC and 13:00 UTC now, 00:00 UTC and 12:00 UTC from 28 March 2027"),
        ),
        (Plan::default(), "Asia/Kolkata", NOVEMBER, Some("02:00 in Kolkata = 20:30 UTC the day before now")),
        (weekly("x", &[1]), "Europe/Berlin", NOVEMBER, None),
    ];
    for (plan, name, now, want) in cases {
        let zone = zone(name);
        assert_eq!(plan.conversion(PlanZone::Local, clock(&zone, now)).as_deref(), want, "{plan:?}");
        assert_eq!(plan.conversion(PlanZone::Utc, clock(&zone, now)), None);
        assert_eq!(plan.conversion(PlanZone::Local, clock(&Zone::utc(), now)), None, "both clocks are one");
    }
}

#[test]
fn an_expression_is_shown_as_a_plan_where_it_is_one() {
    let berlin = zone("Europe/Berlin");
    let of = |text: &str, zone| Plan::of(&Cron::parse(text).unwrap(), zone, clock(&berlin, NOVEMBER));
    assert_eq!(of("0 2 * * 1-5", PlanZone::Utc), Some(weekly("02:00", &[1, 2, 3, 4, 5])));
    assert_eq!(of("0 2 * * 1-5", PlanZone::Local), Some(weekly("03:00", &[1, 2, 3, 4, 5])));
    assert_eq!(of("30 23 * * 0", PlanZone::Local), Some(weekly("00:30", &[1])));
    assert_eq!(of("30 23 1 * *", PlanZone::Local), Some(monthly("00:30", "2")));
    assert_eq!(of("30 23 31 * *", PlanZone::Local), None, "on that clock it has no fixed day");
    assert_eq!(of("0 2,14 * * *", PlanZone::Utc), Some(Plan { times: "02:00, 14:00".to_owned(), ..Plan::default() }));
    let hourly = Plan { repeat: Repeat::Hourly, minute: "5".to_owned(), ..Plan::default() };
    for text in ["5 * * * *", "5,5 * * * *", "05 * * * *", "5-5 * * * *"] {
        assert_eq!(of(text, PlanZone::Utc).as_ref(), Some(&hourly), "{text}");
    }
    for text in ["*/15 * * * *", "0 */2 * * *", "0 2 1 * 1", "0 2 * 1 *", "0 2 */2 * 1", "5 * * * 1"] {
        assert_eq!(of(text, PlanZone::Utc), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_plan_of_an_expression_runs_as_the_expression(
        text in any_cron(),
        simple in ("[0-9]|[1-5][0-9]", 0_u8..24, prop_oneof![Just("*"), Just("1-5"), Just("0"), Just("1,3,6")], 1_u8..29, any::<bool>()),
        start in 1_700_000_000_i64..1_900_000_000,
        zone_name in prop_oneof![
            Just("Europe/Berlin"), Just("America/New_York"), Just("Asia/Kolkata"), Just("Pacific/Auckland"),
            Just("Australia/Lord_Howe"), Just("Pacific/Chatham")
        ],
    ) {
        let (minute, hour, weekday, day, is_monthly) = simple;
        let simple = if is_monthly { format!("{minute} {hour} {day} * *") } else { format!("{minute} {hour} * * {weekday}") };
        let now = Timestamp::from_second(start).unwrap();
        let there = zone(zone_name);
        let clock = LocalClock { zone: &there, now };
        for text in [text, simple] {
            let cron = Cron::parse(&text).unwrap();
            for zone in [PlanZone::Utc, PlanZone::Local] {
                let Some(plan) = Plan::of(&cron, zone, clock) else { continue };
                // In the hour that the clocks repeat or leave out a time on the wall is not one moment. Where the clocks change
                // before the next run, its time on the wall may still be ahead today, at another time of UTC.
                let (next, tz) = (cron.readings().widest().next_after(now).unwrap(), there.time_zone());
                let is_one_moment = tz.to_timestamp(tz.to_datetime(next)).unwrap() == next;
                let is_before_change = tz.to_offset(next) == tz.to_offset(now);
                if zone == PlanZone::Local && !(is_one_moment && is_before_change) {
                    continue;
                }
                let again = plan.to_cron(zone, clock).unwrap();
                let runs = |cron: &Cron| upcoming(&cron.readings().widest(), now, 50);
                prop_assert_eq!(runs(&cron), runs(&again), "{} as {:?} is {}", text, plan, again.as_str());
            }
        }
    }

    #[test]
    fn the_next_run_is_at_the_time_that_was_typed(
        hour in 0_i32..24,
        minute in 0_i32..60,
        days in 1_u8..128,
        start in 1_700_000_000_i64..1_900_000_000,
        zone_name in prop_oneof![Just("Europe/Berlin"), Just("America/New_York"), Just("Asia/Kolkata"), Just("Pacific/Apia")],
    ) {
        let there = zone(zone_name);
        let clock = LocalClock { zone: &there, now: Timestamp::from_second(start).unwrap() };
        let chosen: Vec<u8> = (0..7).filter(|day| days & (1 << day) != 0).collect();
        let plan = weekly(&format!("{hour}:{minute:02}"), &chosen);
        let cron = plan.to_cron(PlanZone::Local, clock).unwrap();
        let next = cron.readings().widest().next_after(clock.now).unwrap();
        let shown = there.time_zone().to_datetime(next);
        let is_plain = |at: Timestamp| there.time_zone().to_offset(at) == there.time_zone().to_offset(clock.now);
        // A week without a change of the clocks: nothing is ambiguous.
        let week = jiff::SignedDuration::from_hours(24 * 9);
        if is_plain(clock.now + week) && is_plain(next) {
            prop_assert_eq!((i32::from(shown.hour()), i32::from(shown.minute())), (hour, minute));
            prop_assert!(chosen.contains(&u8::try_from(shown.weekday().to_sunday_zero_offset()).unwrap()));
        }
    }
}
