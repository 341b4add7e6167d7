//! A restore that began is followed to its end.

use super::restoring::{form, sent, source, waiting};
use super::*;
use crate::domain::{Restore, RestoreId};
use crate::draft::RestoreRequest;
use crate::msg::{ChangeEvent, ChangeOutcome, ListCommand, RestoreCommand, SystemEvent, WindowCommand};

fn restore(status: &str) -> Restore {
    Restore {
        id: RestoreId::new("9"),
        service_id: Some(ServiceId::new("dbstage01")),
        status: Some(Status::new(status)),
        message: Some("disk full".into()),
        ..Restore::default()
    }
}

/// The same, and the list has it.
fn followed() -> Bench {
    let mut bench = began();
    let effects = bench.after(6);
    list_restores(&mut bench, &effects, "Running");
    bench
}

/// A restore of b1 into dbstage01 that the service took; the list does not have it yet.
fn began() -> Bench {
    let (mut bench, ticket) = sent();
    let created = ChangeOutcome::Created(restore("Running").into());
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket, created)));
    let read = super::ticket(&effects, "ListRestores");
    bench.apply(Event::List(ListEvent::RestoresListed(read, Ok(listed(Vec::new())))));
    bench
}

/// What was asked for reads the restores, which are this one.
fn list_restores(bench: &mut Bench, effects: &[Effect], status: &str) {
    let read = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListRestores { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    bench.apply(Event::List(ListEvent::RestoresListed(read.unwrap(), Ok(listed(vec![restore(status)])))));
}

#[test]
fn a_restore_that_began_is_followed_to_its_end() {
    for (status, told) in
        [("Succeeded", "Restore into dbstage01 succeeded"), ("Failed", "Restore into dbstage01 did not succeed")]
    {
        let mut bench = followed();
        let shown = form(&mut bench);
        assert_eq!((shown.step, shown.sent.as_ref().map(RestoreId::as_str)), (RestoreStep::Progress, Some("9")));
        // Also after the dialog is closed.
        bench.handle(Command::Window(WindowCommand::CloseDialog));
        assert!(bench.model.view.restore.is_none());
        let effects = bench.after(6);
        list_restores(&mut bench, &effects, "Running");
        assert!(!bench.notifications().contains(&told));
        let effects = bench.after(6);
        list_restores(&mut bench, &effects, status);
        assert!(bench.notifications().contains(&told), "{:?}", bench.notifications());
        assert!(!names(&bench.after(15)).contains(&"ListRestores".to_owned()), "its end is known");
    }
}

/// The next look at the restores, some seconds later, finds none of them; false where nobody looks.
fn looks_and_finds_none(bench: &mut Bench) -> bool {
    let effects = bench.after(6);
    let read = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListRestores { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    let Some(read) = read else { return false };
    bench.apply(Event::List(ListEvent::RestoresListed(read, Ok(listed(Vec::new())))));
    true
}

#[test]
fn a_restore_whose_entry_is_gone_is_not_followed_for_ever() {
    let mut bench = followed();
    assert!(bench.model.data.follows(&RestoreId::new("9")));
    assert!(looks_and_finds_none(&mut bench));
    let told = "SkySQL no longer lists the restore into dbstage01, so how it ends is not known";
    assert!(bench.notifications().contains(&told), "{:?}", bench.notifications());
    assert!(!bench.model.data.follows(&RestoreId::new("9")));
    assert!(!looks_and_finds_none(&mut bench), "nothing is read for it any more");

    // Deleted here.
    let mut bench = followed();
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.handle(Command::List(ListCommand::ShowRestore(RestoreId::new("9"))));
    let effects = bench.handle(Command::Restore(RestoreCommand::Delete(RestoreId::new("9"))));
    let deleted = ChangeOutcome::Deleted(crate::api::Deleted::Deleted);
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "DeleteRestore"), deleted)));
    assert!(!bench.model.data.follows(&RestoreId::new("9")));
    let read = ticket(&effects, "ListRestores");
    bench.apply(Event::List(ListEvent::RestoresListed(read, Ok(listed(Vec::new())))));
    assert!(!bench.notifications().iter().any(|text| text.contains("no longer lists")), "the user knows");
    assert!(!looks_and_finds_none(&mut bench));
}

#[test]
fn a_restore_that_the_list_shows_late_is_followed_all_the_same() {
    let mut bench = began();
    for _ in 0..3 {
        assert!(looks_and_finds_none(&mut bench));
    }
    let effects = bench.after(6);
    list_restores(&mut bench, &effects, "Succeeded");
    assert!(bench.notifications().contains(&"Restore into dbstage01 succeeded"), "{:?}", bench.notifications());
}

#[test]
fn the_end_of_a_restore_is_shown_where_nobody_looks_at_the_window_and_a_click_opens_its_row() {
    use NotificationChoice::{All, Off, Problems};
    let told = |is_focused, choice, status: &str| {
        let mut bench = followed();
        bench.model.view.is_focused = is_focused;
        bench.model.data.settings.preferences.notifications = choice;
        let effects = bench.after(6);
        let read = ticket(&effects, "ListRestores");
        let ended = Event::List(ListEvent::RestoresListed(read, Ok(listed(vec![restore(status)]))));
        let effects = bench.apply(ended);
        let told = effects.into_iter().find_map(|effect| match effect {
            Effect::Notify(ticket, notification) => Some((ticket, notification.title)),
            _ => None,
        });
        (bench, told)
    };
    let title = |(_, told): &(Bench, Option<(Ticket, String)>)| told.as_ref().map(|(_, title)| title.clone());
    assert_eq!(title(&told(false, Off, "Succeeded")), None);
    assert_eq!(title(&told(true, All, "Succeeded")), None, "the window shows it");
    assert_eq!(title(&told(false, All, "Failed")).as_deref(), Some("Restore did not succeed"));
    let (mut bench, told) = told(false, Problems, "Succeeded");
    let (ticket, title) = told.unwrap();
    assert_eq!(title, "Restore succeeded");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.apply(Event::System(SystemEvent::NotificationClicked(ticket)));
    assert_eq!(bench.model.view.screen, Screen::Restores);
    assert_eq!(bench.model.data.restores().chosen().map(|row| row.id.as_str()), Some("9"));
}

/// What cannot be read is not asked for every few seconds, whichever list it is.
#[test]
fn a_list_that_cannot_be_read_is_waited_for_more_patiently() {
    let reads = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::List(ListEffect::ListRestores { ticket, .. }) => Some(*ticket),
            _ => None,
        })
    };
    let mut bench = followed();
    let read = reads(&bench.after(6)).unwrap();
    let refused = error(ErrorKind::Forbidden, Operation::ListRestores);
    bench.apply(Event::List(ListEvent::RestoresListed(read, Err(refused))));
    assert_eq!(reads(&bench.after(10)), None);
    let again = bench.after(21);
    list_restores(&mut bench, &again, "Running");
    assert!(reads(&bench.after(6)).is_some(), "as often as before");

    let mut bench = waiting();
    let reads = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::List(ListEffect::ListBackups { ticket, .. } | ListEffect::RefreshBackups { ticket, .. }) => {
                Some(*ticket)
            }
            _ => None,
        })
    };
    let read = reads(&bench.after(6)).unwrap();
    let refused = error(ErrorKind::Forbidden, Operation::ListBackups);
    bench.apply(Event::List(ListEvent::BackupsListed(read, Err(refused))));
    assert_eq!(reads(&bench.after(10)), None);
    assert!(reads(&bench.after(21)).is_some());
}

#[test]
fn of_two_restores_that_end_at_once_the_one_that_failed_is_shown() {
    let mut bench = followed();
    let request = RestoreRequest { target: ServiceId::new("dbempty01"), source: source("b1") };
    let effects = bench.handle(Command::Restore(RestoreCommand::Create(request.into())));
    let other = |status: &str| Restore {
        id: RestoreId::new("10"),
        service_id: Some(ServiceId::new("dbempty01")),
        ..restore(status)
    };
    let created = ChangeOutcome::Created(other("Running").into());
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CreateRestore"), created)));
    bench.model.view.is_focused = false;
    bench.model.data.settings.preferences.notifications = NotificationChoice::All;
    let rows = vec![restore("Failed"), other("Succeeded")];
    let read = ticket(&effects, "ListRestores");
    let effects = bench.apply(Event::List(ListEvent::RestoresListed(read, Ok(listed(rows)))));
    let titles: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Notify(_, notification) => Some(notification.title.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(titles, ["Restore did not succeed"]);
    let told = bench.notifications();
    assert!(
        told.contains(&"Restore into dbstage01 did not succeed") && told.contains(&"Restore into dbempty01 succeeded")
    );
}

#[test]
fn a_restore_that_was_found_after_a_lost_response_is_followed_too() {
    let (mut bench, ticket) = sent();
    let outcome = ChangeOutcome::CreationUnknown {
        error: error(ErrorKind::Lost, Operation::CreateRestore),
        found: vec![restore("Running").into()],
        checked: true,
    };
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, outcome)));
    assert_eq!(form(&mut bench).step, RestoreStep::Target, "not before the user has read it");
    bench.handle(Command::Change(ChangeCommand::DismissChange));
    assert_eq!(form(&mut bench).step, RestoreStep::Progress);
}
