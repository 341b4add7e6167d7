use super::*;
use crate::insight::{CalendarBuilder, DayState};
use crate::msg::{LedgerCommand, LedgerEffect, LedgerEvent, ListCommand, PreferencesCommand, WindowCommand};

fn asked(effects: &[Effect]) -> Option<(Ticket, CalendarBuilder)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ledger(LedgerEffect::ReadCalendar(ticket, builder)) => Some((*ticket, (**builder).clone())),
        _ => None,
    })
}

fn read(bench: &mut Bench, ticket: Ticket, builder: CalendarBuilder) {
    let calendar = builder.finish([bench.now]);
    bench.apply(Event::Ledger(LedgerEvent::CalendarRead(ticket, Ok(calendar))));
}

/// The calendar is on screen, and was asked for.
fn asking() -> (Bench, Ticket, CalendarBuilder) {
    let mut bench = Bench::ready();
    bench.model.view.overview.is_calendar = true;
    let (ticket, builder) = asked(&bench.handle(Command::Window(WindowCommand::Go(Screen::Overview)))).unwrap();
    (bench, ticket, builder)
}

#[test]
fn the_calendar_is_read_while_it_is_on_screen_and_when_anything_may_differ() {
    let mut bench = Bench::ready();
    assert!(asked(&bench.handle(Command::Window(WindowCommand::Go(Screen::Overview)))).is_none(), "the other face");
    let (mut bench, ticket, builder) = asking();
    assert!(asked(&bench.tick()).is_none(), "one at a time");
    read(&mut bench, Ticket(u64::MAX), builder.clone());
    assert!(bench.model.data.calendar().is_none(), "of another question");
    read(&mut bench, ticket, builder);
    let calendar = bench.model.data.calendar().unwrap();
    let mut services: Vec<_> = calendar.services.iter().map(|service| service.id.as_str()).collect();
    services.sort_unstable();
    assert_eq!((services, calendar.days.len()), (vec!["db1", "db2"], 7), "the services of the account");
    assert_eq!(calendar.state(&calendar.services[0], 6), DayState::NoBackup);
    assert!(asked(&bench.after(10)).is_none(), "nothing is new");
    // Days of another zone.
    let zone = Command::Preferences(PreferencesCommand::SetNamedZone("Pacific/Auckland".to_owned()));
    let (ticket, builder) = asked(&bench.handle(zone)).unwrap();
    read(&mut bench, ticket, builder);
    // Another list.
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    assert!(asked(&effects).is_none(), "it waits for the end of the list");
    let effects = bench.apply(backups(super::ticket(&effects, "ListBackups"), vec![backup("b9", "Failed")]));
    let (ticket, _) = asked(&effects).unwrap();
    let failed = Err("the disk is gone".to_owned());
    bench.apply(Event::Ledger(LedgerEvent::CalendarRead(ticket, failed)));
    assert_eq!(bench.model.data.calendar_error(), Some("the disk is gone"));
    assert!(bench.model.data.calendar().is_some() && asked(&bench.tick()).is_none(), "the old one stays");
}

#[test]
fn a_history_that_was_forgotten_leaves_no_calendar() {
    let (mut bench, ticket, builder) = asking();
    read(&mut bench, ticket, builder);
    let effects = bench.handle(Command::Ledger(LedgerCommand::Forget));
    let effects = bench.apply(Event::Ledger(LedgerEvent::Forgotten(super::ticket(&effects, "Forget"), Ok(()))));
    assert!(bench.model.data.calendar().is_none());
    assert!(asked(&effects).is_some(), "it is read anew");
}
