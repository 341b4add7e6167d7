use super::*;
use crate::msg::{
    ChangeCommand, ExportCommand, FormCommand, ListCommand, ListEvent, PreferencesCommand, Screen, SessionCommand,
    SettingsEvent, SystemEvent, WindowCommand,
};
use crate::settings::WindowPlace;

#[test]
fn closing_asks_first_while_a_change_is_sent_and_never_twice() {
    let mut bench = Bench::ready();
    assert_eq!(names(&bench.handle(Command::Window(WindowCommand::Quit))), ["SaveSettings", "CloseWindow"]);
    bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    assert_eq!(names(&bench.handle(Command::Window(WindowCommand::Quit))), Vec::<String>::new());
    assert_eq!(bench.model.view.dialog, Some(Dialog::Quit));
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert_eq!(names(&bench.handle(Command::Window(WindowCommand::Quit))), Vec::<String>::new());
    assert_eq!(
        names(&bench.handle(Command::Window(WindowCommand::Quit))),
        ["SaveSettings", "CloseWindow"],
        "the user insists"
    );
}

#[test]
fn dialogs_open_once_and_close() {
    let mut bench = Bench::ready();
    for (command, dialog) in [
        (Command::Window(WindowCommand::OpenPalette), Dialog::Palette),
        (Command::Window(WindowCommand::OpenShortcuts), Dialog::Shortcuts),
        (Command::Window(WindowCommand::OpenAbout), Dialog::About),
        (Command::Window(WindowCommand::OpenColumns), Dialog::Columns(TableId::Backups)),
        (Command::Export(ExportCommand::OpenExport(None)), Dialog::Export(TableId::Backups)),
        (Command::Form(FormCommand::NewSchedule(None)), Dialog::Schedule),
    ] {
        bench.handle(command);
        assert_eq!(bench.model.view.dialog, Some(dialog));
        assert!(bench.model.view.dialog_opened);
    }
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert_eq!(bench.model.view.dialog, None);
    bench.handle(Command::Window(WindowCommand::Go(Screen::Settings)));
    bench.handle(Command::Window(WindowCommand::OpenColumns));
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    bench.handle(Command::Window(WindowCommand::FocusSearch));
    assert_eq!((bench.model.view.dialog.clone(), bench.model.view.focus_search), (None, false), "no table, no columns");
}

#[test]
fn a_window_place_is_written_when_it_changes_and_never_for_ever() {
    let place = |width| WindowPlace { width, height: 700.0, x: Some(10.0), y: None, maximized: false };
    let mut bench = Bench::ready();
    bench.model.note_window(place(1000.0));
    assert_eq!(names(&bench.after(1)), ["SaveSettings"]);
    for frame in 0..20_u8 {
        bench.model.note_window(place(1000.0 + f32::from(frame % 2) * 0.3));
        assert_eq!(names(&bench.after(1)), Vec::<String>::new(), "it only trembles");
    }
    bench.model.note_window(place(f32::NAN));
    assert_eq!(names(&bench.after(1)), Vec::<String>::new(), "no number");
    assert_eq!(bench.model.data.settings.window, Some(place(1000.0)));
    bench.model.note_window(place(1001.0));
    assert_eq!(names(&bench.after(1)), ["SaveSettings"]);
}

#[test]
fn a_maximised_window_keeps_the_place_it_goes_back_to() {
    let normal = WindowPlace { width: 1000.0, height: 700.0, x: Some(10.0), y: Some(20.0), maximized: false };
    let full = WindowPlace { width: 1920.0, height: 1050.0, x: Some(0.0), y: Some(0.0), maximized: false };
    let kept = WindowPlace { maximized: true, ..normal };
    // The new size comes with the word that it is maximised, or one frame earlier.
    for is_size_first in [false, true] {
        let mut bench = Bench::ready();
        bench.model.note_window(normal);
        if is_size_first {
            bench.model.note_window(full);
        }
        for _frame in 0..3 {
            bench.model.note_window(WindowPlace { maximized: true, ..full });
            assert_eq!(bench.model.data.settings.window, Some(kept), "{is_size_first}");
        }
        bench.model.note_window(normal);
        assert_eq!(bench.model.data.settings.window, Some(normal));
    }
    let mut bench = Bench::ready();
    let always = WindowPlace { maximized: true, ..full };
    bench.model.note_window(always);
    assert_eq!(bench.model.data.settings.window, Some(always), "nothing else is known");
}

#[test]
fn settings_that_cannot_be_written_are_reported_once() {
    let mut bench = Bench::ready();
    let failed = |why: &str| {
        Event::Settings(SettingsEvent::SettingsSaved(Err(NotSaved { why: why.to_owned(), is_for_good: false })))
    };
    for _ in 0..3 {
        bench.apply(failed("disk full"));
        assert_eq!(names(&bench.after(4)), Vec::<String>::new(), "not at once");
        assert_eq!(names(&bench.after(2)), ["SaveSettings"], "tried again");
    }
    assert_eq!(bench.notifications(), ["Settings were not saved: disk full"]);
    bench.apply(Event::Settings(SettingsEvent::SettingsSaved(Ok(Vec::new()))));
    assert_eq!(names(&bench.after(20)), Vec::<String>::new());
    bench.apply(failed("disk full again"));
    assert_eq!(bench.notifications().len(), 2, "another failure is another matter");
}

#[test]
fn settings_of_a_newer_version_are_not_tried_again() {
    let mut bench = Bench::ready();
    for _ in 0..2 {
        bench.apply(Event::Settings(SettingsEvent::SettingsSaved(Err(NotSaved {
            why: "newer".to_owned(),
            is_for_good: true,
        }))));
        assert_eq!(names(&bench.after(20)), Vec::<String>::new());
    }
    assert_eq!(bench.notifications(), ["Settings were not saved: newer"]);
}

#[test]
fn requests_are_listed_newest_first_and_not_without_end() {
    let mut bench = Bench::ready();
    let record = |attempt| RequestRecord { attempt, ..bench.record() };
    let records: Vec<_> = (1..=1_200).map(record).collect();
    for record in records {
        bench.apply(Event::System(SystemEvent::Requested(bench.session(), record)));
    }
    let activity = &bench.model.data.activity;
    assert_eq!((activity.len(), activity[0].attempt), (1_000, 1_200));
    bench.handle(Command::Window(WindowCommand::ClearActivity));
    assert!(bench.model.data.activity.is_empty());
}

/// The window wakes at the time it is given. Were that a moment that has passed, it would draw for ever.
#[test]
fn a_wake_up_that_was_served_is_never_asked_for_again() {
    type Scene = fn() -> Bench;
    let scenes: [(&str, Scene); 9] = [
        ("signed out", || Bench::new(start()).0),
        ("reading keyring", || Bench::new(ModelConfig { demo: true, ..start() }).0),
        ("first load", || Bench::signed_in().0),
        ("ready", Bench::ready),
        ("offline", || {
            let (mut bench, effects) = Bench::signed_in();
            let list = ticket(&effects, "ListBackups");
            bench.apply(Event::List(ListEvent::BackupsListed(list, Err(offline(Operation::ListBackups)))));
            bench.apply(schedules(ticket(&effects, "ListSchedules"), Vec::new()));
            bench
        }),
        ("refused", || {
            let (mut bench, effects) = Bench::signed_in();
            let refused = error(ErrorKind::KeyRefused, Operation::ListBackups);
            bench.apply(Event::List(ListEvent::BackupsListed(ticket(&effects, "ListBackups"), Err(refused))));
            bench
        }),
        ("notices and settings", || {
            let mut bench = Bench::ready();
            bench.handle(Command::Window(WindowCommand::Copy("x".to_owned(), "Id")));
            bench.handle(Command::Preferences(PreferencesCommand::SetZoom(1.5)));
            bench
        }),
        ("changing", || {
            let mut bench = Bench::ready();
            bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
            bench
        }),
        ("signed out again", || {
            let mut bench = Bench::ready();
            bench.handle(Command::Session(SessionCommand::SignOut));
            bench
        }),
    ];
    for (name, scene) in scenes {
        let mut bench = scene();
        for _ in 0..200 {
            let Some(wake) = bench.model.next_wake() else { break };
            bench.now = bench.now.max(wake);
            bench.tick();
            let next = bench.model.next_wake();
            assert!(next.is_none_or(|next| next > bench.now), "{name}: {next:?} is not after {}", bench.now);
        }
    }
}

#[test]
fn a_broken_part_ends_whatever_waited_for_it_and_only_that() {
    for broken in ["ListBackups", "ListSchedules", "ListServices", "ReadSchedule"] {
        let mut bench = Bench::ready();
        let mut running = bench.handle(Command::List(ListCommand::Refresh));
        running.extend(bench.table(TableId::Schedules, TableCommand::Select("1".into())));
        assert_eq!(
            names(&bench.apply(Event::System(SystemEvent::TaskPanicked(ticket(&running, broken))))),
            Vec::<String>::new()
        );
        let data = &bench.model.data;
        let loading = [
            ("ListBackups", data.backups().remote.is_loading()),
            ("ListSchedules", data.schedules().remote.is_loading()),
            ("ListServices", data.lists().services.is_loading()),
            ("ReadSchedule", data.lists().single_schedule.is_loading()),
        ];
        for (name, is_loading) in loading {
            assert_eq!(is_loading, name != broken, "{broken}: {name}");
        }
        assert_eq!(bench.notifications(), ["Something in SkyBackup failed"]);
    }
}

#[test]
fn warnings_of_the_start_are_shown_until_they_are_dismissed() {
    let (mut bench, _) = Bench::new(ModelConfig { warnings: vec!["The settings were damaged".to_owned()], ..start() });
    bench.after(100_000);
    assert_eq!(bench.notifications(), ["The settings were damaged"]);
    let id = bench.model.data.notifications.list[0].id;
    bench.handle(Command::Window(WindowCommand::DismissNotification(id)));
    assert_eq!(bench.notifications(), Vec::<&str>::new());
}

#[test]
fn a_notice_that_is_dismissed_takes_no_other_with_it() {
    let mut bench = Bench::ready();
    for text in ["one", "two"] {
        bench.model.data.notifications.add(Notification::new(Severity::Info, text, None, None), bench.now);
    }
    let first = bench.model.data.notifications.list[0].id;
    bench.handle(Command::Window(WindowCommand::DismissNotification(first)));
    assert_eq!(
        bench.model.data.notifications.list.iter().map(|notification| notification.text.as_str()).collect::<Vec<_>>(),
        ["two"]
    );
}
