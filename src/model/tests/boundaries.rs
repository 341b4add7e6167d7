//! Where a rule begins and ends: values just inside and just outside.

use super::*;
use crate::domain::BackupType;
use crate::msg::{
    ChangeCommand, ChangeEvent, ChangeOutcome, FormCommand, ProfileChange, ProfileCommand, SessionCommand,
    SettingsEvent, SystemEvent,
};
use crate::settings::WindowPlace;

#[test]
fn a_response_during_which_the_clock_was_set_by_five_seconds_does_not_tell_the_time() {
    for (set_by_ms, is_taken) in [(4_999, true), (5_000, false), (-5_000, false), (-4_999, true)] {
        let mut bench = Bench::ready();
        let ended_at = bench.now;
        // The stopwatch counted one millisecond meanwhile.
        let at = ended_at.checked_sub(SignedDuration::from_millis(1 + set_by_ms)).unwrap();
        let server_date = ended_at.checked_add(SignedDuration::from_secs(600)).ok();
        let record = RequestRecord { at, ended_at, duration_ms: 1, server_date, ..bench.record() };
        bench.apply(Event::System(SystemEvent::Requested(bench.session(), record)));
        let ahead = bench.model.data.now.duration_since(bench.now).as_secs();
        assert_eq!(ahead != 0, is_taken, "set by {set_by_ms} ms");
    }
}

#[test]
fn a_change_whose_task_panics_is_unknown_by_its_own_name() {
    let id = || ScheduleId::new("1");
    for (command, effect, operation) in [
        (ChangeCommand::Suspend(id()), "UpdateSchedule", Operation::UpdateSchedule),
        (ChangeCommand::Delete(id()), "DeleteSchedule", Operation::DeleteSchedule),
    ] {
        let mut bench = Bench::ready();
        let sent = bench.act(Command::Change(command));
        bench.apply(Event::System(SystemEvent::TaskPanicked(ticket(&sent, effect))));
        let change = bench.model.data.change().unwrap();
        let ChangeState::Unknown { error, checked, .. } = &change.state else { panic!("{change:?}") };
        assert_eq!((error.operation, *checked), (operation, false));
    }
}

#[test]
fn the_demo_profile_has_its_own_id_name_and_mark() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    bench.apply(opened(&effects));
    let profile = &bench.model.data.session.open().unwrap().profile;
    assert_eq!((profile.id.clone(), profile.name.as_str(), profile.is_demo), (ProfileId::demo(), "Demo", true));
}

#[test]
fn a_window_place_is_kept_in_whole_points_on_each_side() {
    let mut bench = Bench::ready();
    let place = |width, height, x, y| WindowPlace { width, height, x: Some(x), y: Some(y), maximized: false };
    bench.model.note_window(place(1000.4, 700.4, 10.4, 20.4));
    assert_eq!(bench.model.data.settings.window, Some(place(1000.0, 700.0, 10.0, 20.0)));
    bench.model.note_window(place(1000.0, 700.6, 10.6, 20.6));
    assert_eq!(bench.model.data.settings.window, Some(place(1000.0, 701.0, 11.0, 21.0)));
}

#[test]
fn a_save_that_goes_on_failing_for_another_reason_is_reported_once() {
    let mut bench = Bench::ready();
    for why in ["disk full", "access denied"] {
        let failure = NotSaved { why: why.to_owned(), is_for_good: false };
        bench.apply(Event::Settings(SettingsEvent::SettingsSaved(Err(failure))));
        bench.after(6);
    }
    assert_eq!(bench.notifications(), ["Settings were not saved: disk full"]);
}

#[test]
fn a_suggested_type_never_replaces_a_chosen_one() {
    let (mut bench, effects) = Bench::signed_in();
    bench.apply(services(ticket(&effects, "ListServices"), &["dbpgf001"]));
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let mut form = bench.model.view.form.take().unwrap();
    form.draft.service = "dbpgf001".to_owned();
    form.draft.backup_type = BackupType::Incremental;
    form.type_chosen = true;
    form.suggest_type(&bench.model.data);
    assert_eq!(form.draft.backup_type, BackupType::Incremental);
    form.type_chosen = false;
    form.suggest_type(&bench.model.data);
    assert_ne!(form.draft.backup_type, BackupType::Incremental, "not chosen: suggested");
}

#[test]
fn a_created_row_is_called_as_its_own_service_is() {
    let (mut bench, effects) = Bench::signed_in();
    let asked = bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let is_services = |effect: &Effect| matches!(effect, Effect::List(ListEffect::ListServices { .. }));
    let (services, lists): (Vec<Effect>, Vec<Effect>) = effects.into_iter().chain(asked).partition(is_services);
    bench.answer_lists(&lists);
    let named =
        |id: &str, name: &str| Service { id: ServiceId::new(id), name: Some(name.into()), ..Service::default() };
    let rows = vec![named("db2", "billing"), named("db1", "orders")];
    bench.apply(Event::List(ListEvent::ServicesListed(ticket(&services, "ListServices"), Ok(listed(rows)))));
    let sent = bench.act(Command::Change(ChangeCommand::CreateSchedule(changes::new_schedule("0 4 * * *"))));
    let created = ChangeOutcome::Created(Schedule { id: ScheduleId::new("9"), ..Schedule::default() }.into());
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "CreateSchedule"), created)));
    assert_eq!(bench.model.data.schedules().find("9").unwrap().service_name.as_deref(), Some("orders"));
}

#[test]
fn the_sign_in_form_follows_a_change_of_its_own_profile_alone() {
    let mut bench = Bench::ready();
    bench.model.data.settings.profiles.push(profile("other", URL));
    let own = bench.model.data.session.profile().unwrap().id.clone();
    bench.handle(Command::Session(SessionCommand::ShowSignIn(Some(own.clone()))));
    for (id, name, shown) in [(ProfileId::new("other"), "Other", false), (own, "Renamed", true)] {
        let change = ProfileChange { id, name: name.to_owned(), flags: ProfileFlags::default() };
        bench.handle(Command::Profile(ProfileCommand::ChangeProfile(change)));
        assert_eq!(bench.model.view.sign_in.name == name, shown, "{name}");
    }
}

#[test]
fn opening_a_row_shows_the_detail_pane_and_never_hides_it() {
    for is_open in [false, true] {
        let mut bench = Bench::ready();
        bench.model.view.detail = is_open;
        bench.table(TableId::Backups, TableCommand::Open("b1".into()));
        assert!(bench.model.view.detail, "{is_open}");
        assert_eq!(bench.model.data.backups().chosen().map(|row| row.id.as_str()), Some("b1"));
    }
}
