use super::*;
use crate::cron::LocalClock;
use crate::export::render;
use crate::grid::{CellContext, NO_NAMES};
use crate::msg::{CopyFormat, FormCommand, PreferencesCommand, WindowCommand};
use crate::settings::ZoneChoice;

fn show(bench: &mut Bench, zone: ZoneChoice) {
    bench.handle(Command::Preferences(PreferencesCommand::SetZone(zone)));
}

fn name(bench: &mut Bench, zone: &str) {
    bench.handle(Command::Preferences(PreferencesCommand::SetNamedZone(zone.to_owned())));
}

fn labels(bench: &Bench) -> (&str, &str, Vec<&str>) {
    let data = &bench.model.data;
    let clocks = data.clocks().iter().map(|zone| zone.label()).collect();
    (data.zone().label(), data.second_zone().label(), clocks)
}

/// The clock of this computer is in Kolkata.
#[test]
fn a_named_zone_is_the_clock_beside_utc() {
    let mut bench = Bench::ready();
    assert_eq!(labels(&bench), ("UTC", "Asia/Kolkata", vec!["UTC", "Asia/Kolkata"]));
    name(&mut bench, "Europe/Berlin");
    assert_eq!(labels(&bench), ("Europe/Berlin", "Europe/Berlin", vec!["Europe/Berlin", "UTC", "Asia/Kolkata"]));
    show(&mut bench, ZoneChoice::Utc);
    assert_eq!(labels(&bench), ("UTC", "Europe/Berlin", vec!["UTC", "Asia/Kolkata", "Europe/Berlin"]));
    show(&mut bench, ZoneChoice::Local);
    assert_eq!(labels(&bench), ("Asia/Kolkata", "Asia/Kolkata", vec!["Asia/Kolkata", "UTC", "Europe/Berlin"]));
    show(&mut bench, ZoneChoice::Named);
    assert_eq!(bench.model.data.zone().label(), "Europe/Berlin", "it is kept while another one is shown");
    name(&mut bench, "Asia/Atlantis");
    assert_eq!(labels(&bench), ("UTC", "Asia/Kolkata", vec!["UTC", "Asia/Kolkata"]), "no such zone");
    name(&mut bench, "Asia/Kolkata");
    assert_eq!(labels(&bench).2, ["Asia/Kolkata", "UTC"], "no clock is shown twice");
}

#[test]
fn a_form_that_is_kept_says_the_same_on_another_clock() {
    let mut bench = Bench::ready();
    name(&mut bench, "Europe/Berlin");
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let typed = |bench: &Bench| {
        let data = &bench.model.data;
        let clock = LocalClock { zone: data.second_zone(), now: data.now };
        let when = &bench.model.view.form.as_ref().unwrap().draft.when;
        (when.plan(clock).unwrap().times, when.expression(clock))
    };
    let edit = |bench: &mut Bench| {
        let zone = bench.model.data.second_zone().clone();
        let clock = LocalClock { zone: &zone, now: bench.model.data.now };
        let when = &mut bench.model.view.form.as_mut().unwrap().draft.when;
        let plan = when.plan(clock).unwrap();
        when.set_plan(crate::cron::Plan { times: "03:30".to_owned(), ..plan }, clock);
    };
    edit(&mut bench);
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    let (times, in_utc) = typed(&bench);
    assert_eq!(times, "03:30");
    name(&mut bench, "Asia/Tokyo");
    let (there, same) = typed(&bench);
    assert_eq!(same, in_utc, "what is sent stays");
    assert_ne!(there, times);
    name(&mut bench, "Europe/Berlin");
    assert_eq!(typed(&bench), (times, in_utc), "and back");
}

/// On 25 October 2026 the clocks of Berlin show 02:00 to 03:00 twice.
#[test]
fn times_of_a_repeated_hour_carry_their_offset_in_copies() {
    let (mut bench, effects) = Bench::signed_in();
    let at = |second: i64| ApiTime::At(Timestamp::from_second(second).unwrap());
    let first = "2026-10-25T00:30:00Z".parse::<Timestamp>().unwrap().as_second();
    let rows = [("b1", first), ("b2", first + 3600), ("b3", first + 7200)];
    let rows = rows.map(|(id, second)| Backup { start_time: Some(at(second)), ..backup(id, "Succeeded") });
    bench.apply(backups(ticket(&effects, "ListBackups"), rows.to_vec()));
    name(&mut bench, "Europe/Berlin");
    bench.table(TableId::Backups, TableCommand::SelectAll);
    let asked = bench.table(TableId::Backups, TableCommand::CopyRows(CopyFormat::Tsv));
    let [Effect::Table(TableEffect::Render(_, table, format, zone))] = &asked[..] else { panic!("{asked:?}") };
    let context = CellContext { zone, now: bench.now, names: &NO_NAMES };
    let (text, _) = render(table, *format, &context);
    for time in ["2026-10-25 02:30:00+02:00", "2026-10-25 02:30:00+01:00", "2026-10-25 03:30:00\t", "(Europe/Berlin)"] {
        assert!(text.contains(time), "{time}: {text}");
    }
}
