use super::*;
use crate::msg::{
    FormCommand, KeyFrom, KeyringEffect, ListCommand, SessionCommand, SessionEffect, SessionEvent, SettingsEvent,
    SystemEvent, WindowCommand,
};
use crate::settings::KeyringError;

#[test]
fn the_first_sign_in_takes_demo_then_environment_then_the_fitting_profile_then_the_form() {
    let other = "https://other.example";
    let saved = |active: Option<&str>| Settings {
        profiles: vec![profile("a", URL), profile("b", other)],
        active: active.map(ProfileId::new),
        ..Settings::default()
    };
    let address = |url| Some(ApiUrl::parse(url).unwrap());
    let all = ModelConfig { demo: true, has_environment_key: true, settings: saved(Some("b")), ..start() };
    let cases = [
        ("demo", all.clone(), "Demo", URL),
        ("environment", ModelConfig { demo: false, ..all.clone() }, "Environment", URL),
        ("its address", ModelConfig { demo: false, api_url: address(other), ..all.clone() }, "Environment", other),
        ("strange address", ModelConfig { demo: false, api_url: address("https://x.example"), ..all }, "", ""),
        ("active", ModelConfig { settings: saved(Some("b")), ..start() }, "Keyring b", other),
        ("signed out", ModelConfig { settings: saved(None), ..start() }, "", ""),
        ("address", ModelConfig { settings: saved(Some("b")), api_url: address(URL), ..start() }, "Keyring a", URL),
        (
            "same",
            ModelConfig { settings: saved(None), api_url: address("https://other.example/"), ..start() },
            "Keyring b",
            other,
        ),
        (
            "no fit",
            ModelConfig { settings: saved(Some("a")), api_url: address("https://x.example"), ..start() },
            "",
            "",
        ),
        ("nothing", start(), "", ""),
    ];
    for (name, start, want_key, want_url) in cases {
        let form_url = start.api_url.as_ref().map_or(URL.to_owned(), ToString::to_string);
        let (bench, effects) = Bench::new(start);
        match &effects[..] {
            [] => {
                assert_eq!(("", ""), (want_key, want_url), "{name}");
                assert_eq!(signed_out(&bench.model.data.session), Some(&None), "{name}");
                assert_eq!(bench.model.view.sign_in.url, form_url, "{name}");
            }
            [Effect::Session(SessionEffect::OpenSession { url, key, .. })] => {
                let from = match key {
                    KeyFrom::Keyring(account) => format!("Keyring {}", account.split(' ').next_back().unwrap()),
                    other => format!("{other:?}"),
                };
                assert_eq!((from.as_str(), url.as_str()), (want_key, want_url), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_typed_key_that_works_is_wiped_kept_and_its_profile_remembered() {
    let (mut bench, _) = Bench::new(start());
    bench.model.view.sign_in.key.as_mut_string().push_str(KEY);
    let generation = bench.model.view.sign_in.generation;
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    assert_eq!(names(&effects), ["OpenSession"]);
    assert!(!bench.model.view.sign_in.key.is_empty(), "kept until the service has said yes");
    let effects = bench.apply(opened(&effects));
    assert_eq!(
        names(&effects),
        ["UseSession", "SaveKey", "Open", "ListServices", "ListBackups", "ListSchedules", "FindOpenChanges"]
    );
    assert!(bench.model.view.sign_in.key.is_empty());
    assert_ne!(bench.model.view.sign_in.generation, generation, "the field forgets its undo history");
    let settings = &bench.model.data.settings;
    assert_eq!(settings.active, Some(ProfileId::fresh("production", bench.now)));
    assert_eq!(settings.profiles.len(), 1);
    assert_eq!(names(&bench.after(1)), ["SaveSettings"]);
    assert_eq!(bench.open().source, KeySource::ThisSession);
    bench.apply(Event::Session(SessionEvent::KeySaved(ticket(&effects, "SaveKey"), Ok(()))));
    assert_eq!((bench.open().source, bench.open().keeping), (KeySource::Keyring, None));
    assert_eq!(bench.notifications(), ["Key saved in the keyring"]);
}

#[test]
fn a_key_that_cannot_be_kept_is_a_problem_until_it_is_kept_or_accepted() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    let effects = bench.apply(opened(&effects));
    let problem = |bench: &Bench| bench.model.data.session.open().unwrap().key_problem.clone();
    bench.apply(Event::Session(SessionEvent::KeySaved(ticket(&effects, "SaveKey"), Err(KeyringError::Locked))));
    assert_eq!(problem(&bench), Some(KeyringError::Locked));
    let again = bench.handle(Command::Session(SessionCommand::SaveKey));
    assert_eq!((names(&again), problem(&bench)), (vec!["SaveKey".to_owned()], None));
    bench.apply(Event::Session(SessionEvent::KeySaved(ticket(&effects, "SaveKey"), Ok(()))));
    assert_eq!(bench.model.data.session.open().unwrap().source, KeySource::ThisSession, "a late response");
    bench.apply(Event::System(SystemEvent::TaskPanicked(ticket(&again, "SaveKey"))));
    assert!(matches!(problem(&bench), Some(KeyringError::Other(_))), "nothing waits for a broken task");
    bench.handle(Command::Session(SessionCommand::DismissKeyProblem));
    assert_eq!(problem(&bench), None);
}

#[test]
fn a_failed_sign_in_keeps_what_was_typed_and_says_why() {
    let (mut bench, _) = Bench::new(start());
    bench.model.view.sign_in.key.as_mut_string().push_str(KEY);
    "Production".clone_into(&mut bench.model.view.sign_in.name);
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    assert_eq!(
        names(&bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))))),
        Vec::<String>::new(),
        "once at a time"
    );
    let first = ticket(&effects, "OpenSession");
    let effects = bench.apply(Event::Session(SessionEvent::SessionOpened { ticket: first, result: Err(open_error()) }));
    assert_eq!(names(&effects), Vec::<String>::new());
    let problem = Some(open_error());
    assert_eq!(signed_out(&bench.model.data.session), Some(&problem));
    assert_eq!(bench.model.view.sign_in.key.as_str(), KEY);
    assert!(bench.model.data.settings.profiles.is_empty(), "only a session that opened is remembered");
    let again = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    bench.apply(Event::Session(SessionEvent::SessionOpened { ticket: first, result: Ok(opened_at(URL)) }));
    assert!(bench.model.data.session.open().is_none(), "the late response of the first try opens nothing");
    bench.apply(opened(&again));
    assert!(bench.model.data.session.open().is_some());
}

#[test]
fn a_cancelled_test_leaves_the_form_as_it_was_and_a_cancelled_keyring_shows_its_profile() {
    let (mut bench, _) = Bench::new(start());
    let form = &mut bench.model.view.sign_in;
    form.key.as_mut_string().push_str(KEY);
    "Production".clone_into(&mut form.name);
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::CancelSignIn))), ["CancelSignIn"]);
    let form = &bench.model.view.sign_in;
    assert_eq!((form.key.as_str(), form.name.as_str()), (KEY, "Production"));
    assert_eq!(names(&bench.apply(opened(&effects))), Vec::<String>::new());
    assert_eq!(signed_out(&bench.model.data.session), Some(&None));

    bench.model.data.settings.profiles = vec![profile("a", URL)];
    assert_eq!(
        names(&bench.handle(Command::Session(SessionCommand::OpenProfile(ProfileId::new("a"))))),
        ["OpenSession"]
    );
    bench.handle(Command::Session(SessionCommand::CancelSignIn));
    let form = &bench.model.view.sign_in;
    assert_eq!((form.profile.clone(), form.name.as_str(), form.key.as_str()), (Some(ProfileId::new("a")), "A", ""));
    let mut open = Bench::ready();
    assert_eq!(
        names(&open.handle(Command::Session(SessionCommand::CancelSignIn))),
        Vec::<String>::new(),
        "an open session is not left by it"
    );
    assert!(open.model.data.session.open().is_some());
}

#[test]
fn a_profile_without_its_key_shows_its_form_with_the_reason() {
    let settings =
        Settings { profiles: vec![profile("a", URL)], active: Some(ProfileId::new("a")), ..Settings::default() };
    for error in [OpenError::NoKey, OpenError::Keyring(KeyringError::Locked)] {
        let (mut bench, effects) = Bench::new(ModelConfig { settings: settings.clone(), ..start() });
        assert!(matches!(&bench.model.data.session, Session::Opening { phase: SignInPhase::ReadingKeyring, .. }));
        bench.apply(Event::Session(SessionEvent::SessionOpened {
            ticket: ticket(&effects, "OpenSession"),
            result: Err(error.clone()),
        }));
        assert_eq!(signed_out(&bench.model.data.session), Some(&Some(error)));
        assert_eq!(bench.model.view.sign_in.profile, Some(ProfileId::new("a")));
        assert_eq!(
            names(&bench.handle(Command::Session(SessionCommand::OpenProfile(ProfileId::new("a"))))),
            ["OpenSession"],
            "try again"
        );
    }
}

#[test]
fn signing_out_drops_everything_that_was_read() {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::Select("b1".into()));
    bench.model.view.backups_search = "b1".to_owned();
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    bench.model.view.form.as_mut().unwrap().draft.bucket.key_file.as_mut_string().push_str("secret");
    let running = bench.handle(Command::List(ListCommand::Refresh));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::SignOut))), ["CloseSession"]);
    let data = &bench.model.data;
    assert_eq!(
        (data.backups().rows().len(), data.schedules().rows().len(), data.lists().known_services().len()),
        (0, 0, 0)
    );
    assert!(data.backups().selection.is_empty() && data.backups().focused.is_none() && !data.lists().is_loading());
    assert!(bench.model.view.form.is_none() && bench.model.view.dialog.is_none());
    assert!(bench.model.view.backups_search.is_empty());
    assert_eq!(data.settings.active, None);
    bench.answer_lists(&running);
    assert!(bench.model.data.backups().remote.value().is_none(), "late responses bring nothing back");
    assert_eq!(bench.model.next_refresh(), None);
}

#[test]
fn the_demo_never_changes_which_profile_is_the_active_one() {
    let settings =
        Settings { profiles: vec![profile("a", URL)], active: Some(ProfileId::new("a")), ..Settings::default() };
    let (mut bench, _) = Bench::new(ModelConfig { settings: settings.clone(), demo: true, ..start() });
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    assert_eq!(names(&effects), ["CancelSignIn", "OpenSession"]);
    bench.apply(opened(&effects));
    assert_eq!(bench.model.data.session.open().unwrap().source, KeySource::Demo);
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert_eq!(bench.model.data.settings, settings);
}

#[test]
fn forgetting_the_key_in_use_signs_out_and_removing_a_profile_takes_its_key_along() {
    let settings = Settings { profiles: vec![profile("a", URL), profile("b", URL)], ..Settings::default() };
    let (mut bench, _) = Bench::new(ModelConfig { settings, ..start() });
    let effects = bench.handle(Command::Session(SessionCommand::OpenProfile(ProfileId::new("a"))));
    bench.apply(opened(&effects));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::DeleteKey(ProfileId::new("b"))))), ["DeleteKey"]);
    assert!(bench.model.data.session.open().is_some(), "the key of another profile");
    let effects = bench.handle(Command::Session(SessionCommand::DeleteKey(ProfileId::new("a"))));
    assert_eq!(names(&effects), ["CloseSession", "DeleteKey"]);
    assert!(
        matches!(&effects[1], Effect::Keyring(KeyringEffect::DeleteKey { account, .. }) if account.ends_with(" a"))
    );
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Err(KeyringError::Locked))));
    assert!(bench.notifications()[0].starts_with("The key may still be in the keyring"));
    let effects = bench.handle(Command::Session(SessionCommand::RemoveProfile(ProfileId::new("a"))));
    assert_eq!(names(&effects), ["DeleteKey"]);
    assert_eq!(bench.model.data.settings.profiles.len(), 2, "it stays until its key is deleted");
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Ok(()))));
    assert_eq!(
        (bench.model.data.settings.profiles.clone(), bench.model.view.dialog.clone()),
        (vec![profile("b", URL)], None)
    );
    assert_eq!((bench.model.data.settings.active.clone(), bench.model.view.sign_in.profile.clone()), (None, None));
}

#[test]
fn a_broken_sign_in_ends() {
    let (mut bench, _) = Bench::new(start());
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    bench.apply(Event::System(SystemEvent::TaskPanicked(ticket(&effects, "OpenSession"))));
    assert!(matches!(bench.model.data.session, Session::SignedOut { problem: Some(_) }));
}

#[test]
fn the_key_of_another_server_gets_a_profile_of_its_own() {
    let settings = Settings { profiles: vec![profile("a", URL)], ..Settings::default() };
    for (url, is_own) in [(URL, true), ("https://other.example", false)] {
        let (mut bench, _) = Bench::new(ModelConfig { settings: settings.clone(), ..start() });
        let new = ProfileId::fresh("production", bench.now);
        let want = if is_own { vec!["a"] } else { vec!["a", new.as_str()] };
        let url = ApiUrl::parse(url).unwrap();
        let effects =
            bench.handle(Command::Session(SessionCommand::SignIn(SignIn { url, ..sign_in(Some("a"), true) })));
        let effects = bench.apply(opened(&effects));
        let ids: Vec<&str> = bench.model.data.settings.profiles.iter().map(|profile| profile.id.as_str()).collect();
        assert_eq!(ids, want);
        let account = bench.model.data.session.profile().unwrap().account();
        assert!(
            matches!(&effects[1], Effect::Keyring(KeyringEffect::SaveKey { account: kept, .. }) if *kept == account)
        );
        assert_eq!(bench.model.data.settings.profiles[0].api_url, URL, "the key that was kept is still found");
    }
}

#[test]
fn a_profile_called_demo_or_environment_is_not_the_demo_nor_the_environment() {
    for (name, special) in [("Demo", ProfileId::demo()), ("Environment", ProfileId::environment())] {
        assert_ne!(ProfileId::fresh(name, Timestamp::UNIX_EPOCH), special);
    }
    let settings = Settings { profiles: vec![profile("demo", URL)], ..Settings::default() };
    let (mut bench, _) = Bench::new(ModelConfig { settings, demo: true, ..start() });
    assert_ne!(bench.model.data.session.profile().unwrap().id, ProfileId::new("demo"));
    assert_eq!(
        names(&bench.handle(Command::Session(SessionCommand::DeleteKey(ProfileId::new("demo"))))),
        ["DeleteKey"],
        "the demo goes on"
    );
}

#[test]
fn removing_the_profile_of_a_failed_sign_in_takes_the_reason_along() {
    let settings =
        Settings { profiles: vec![profile("a", URL)], active: Some(ProfileId::new("a")), ..Settings::default() };
    let (mut bench, effects) = Bench::new(ModelConfig { settings, ..start() });
    let result = Err(OpenError::Keyring(KeyringError::Locked));
    bench.apply(Event::Session(SessionEvent::SessionOpened { ticket: ticket(&effects, "OpenSession"), result }));
    let effects = bench.handle(Command::Session(SessionCommand::RemoveProfile(ProfileId::new("a"))));
    bench.apply(Event::Session(SessionEvent::KeyDeleted(ticket(&effects, "DeleteKey"), Ok(()))));
    assert_eq!(signed_out(&bench.model.data.session), Some(&None));
}

#[test]
fn signing_out_asks_only_where_the_key_is_in_the_keyring() {
    for (source, asks) in [(KeySource::ThisSession, false), (KeySource::Environment, false), (KeySource::Keyring, true)]
    {
        let mut bench = Bench::ready();
        bench.model.data.session.open_mut().unwrap().source = source;
        let effects = bench.handle(Command::Session(SessionCommand::AskSignOut));
        assert_eq!(bench.model.view.dialog == Some(Dialog::SignOut { forget: false }), asks, "{source:?}");
        assert_eq!(effects.is_empty(), asks, "{source:?}");
    }
}

/// A session with rows, a selection and a search, whose key is from there.
fn open_session(source: KeySource) -> Bench {
    let mut bench = Bench::ready();
    if let Session::Open(open) = &mut bench.model.data.session {
        open.source = source;
    }
    bench.table(TableId::Backups, TableCommand::Select("b1".into()));
    bench.model.view.backups_search = "b".to_owned();
    bench
}

fn nothing_is_lost(bench: &Bench, source: KeySource) -> bool {
    let data = &bench.model.data;
    data.session.open().is_some_and(|open| open.source == source)
        && !data.backups().rows().is_empty()
        && data.backups().selection.contains("b1")
        && bench.model.view.backups_search == "b"
        && bench.model.next_refresh().is_some()
}

const SOURCES: [KeySource; 4] = [KeySource::Keyring, KeySource::ThisSession, KeySource::Environment, KeySource::Demo];

#[test]
fn a_profile_is_added_over_the_session_which_is_left_only_for_an_open_one() {
    for source in SOURCES {
        let mut bench = open_session(source);
        assert_eq!(
            names(&bench.handle(Command::Session(SessionCommand::ShowSignIn(None)))),
            Vec::<String>::new(),
            "{source:?}"
        );
        assert_eq!(bench.model.view.dialog, Some(Dialog::SignIn));
        assert!(names(&bench.after(0)).contains(&"ProbeKeyring".to_owned()), "said before a key is typed");
        bench.handle(Command::Window(WindowCommand::CloseDialog));
        assert!(nothing_is_lost(&bench, source) && !bench.model.data.is_signing_in_over());

        bench.handle(Command::Session(SessionCommand::ShowSignIn(None)));
        bench.model.view.sign_in.key.as_mut_string().push_str(KEY);
        let other = || SignIn { name: "Other".to_owned(), ..sign_in(None, false) };
        let first = bench.handle(Command::Session(SessionCommand::SignIn(other())));
        assert_eq!(names(&first), ["OpenSession"]);
        bench.apply(Event::Session(SessionEvent::SessionOpened {
            ticket: ticket(&first, "OpenSession"),
            result: Err(open_error()),
        }));
        assert!(nothing_is_lost(&bench, source), "a refused key");
        assert_eq!(signed_out(bench.model.data.sign_in()), Some(&Some(open_error())));
        assert_eq!(bench.model.view.sign_in.key.as_str(), KEY, "to be mended");

        let second = bench.handle(Command::Session(SessionCommand::SignIn(other())));
        assert!(nothing_is_lost(&bench, source), "while the key is tried");
        let effects = bench.apply(opened(&second));
        assert_eq!(names(&effects)[..1], ["UseSession"]);
        let data = &bench.model.data;
        assert_eq!(data.session.profile().unwrap().name, "Other");
        assert!(data.backups().rows().is_empty() && data.backups().selection.is_empty(), "nothing of the old session");
        assert_eq!((data.is_signing_in_over(), &bench.model.view.dialog), (false, &None));
    }
}

#[test]
fn esc_gives_a_sign_in_over_the_session_up() {
    for source in SOURCES {
        let mut bench = open_session(source);
        bench.handle(Command::Session(SessionCommand::ShowSignIn(None)));
        bench.model.view.sign_in.key.as_mut_string().push_str(KEY);
        let asked = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, true))));
        assert_eq!(names(&bench.handle(Command::Window(WindowCommand::CloseDialog))), ["CancelSignIn"]);
        assert!(bench.model.view.sign_in.key.is_empty(), "the typed key is wiped");
        assert_eq!(names(&bench.apply(opened(&asked))), Vec::<String>::new(), "too late");
        assert!(nothing_is_lost(&bench, source));
    }
}

#[test]
fn another_profile_or_the_demo_is_opened_over_the_session_too() {
    for command in [
        Command::Session(SessionCommand::OpenProfile(ProfileId::new("other"))),
        Command::Session(SessionCommand::TryDemo),
    ] {
        let mut bench = open_session(KeySource::Environment);
        bench.model.data.settings.profiles.push(profile("other", URL));
        let asked = bench.handle(command.clone());
        assert_eq!((names(&asked), &bench.model.view.dialog), (vec!["OpenSession".to_owned()], &Some(Dialog::SignIn)));
        assert_eq!(
            names(&bench.handle(Command::Session(SessionCommand::CancelSignIn))),
            ["CancelSignIn"],
            "{command:?}"
        );
        assert!(nothing_is_lost(&bench, KeySource::Environment) && bench.model.view.dialog.is_none());
        let asked = bench.handle(command);
        bench.apply(Event::Session(SessionEvent::SessionOpened {
            ticket: ticket(&asked, "OpenSession"),
            result: Err(OpenError::NoKey),
        }));
        assert!(nothing_is_lost(&bench, KeySource::Environment));
        assert_eq!(signed_out(bench.model.data.sign_in()), Some(&Some(OpenError::NoKey)));
    }
}

#[test]
fn the_key_of_the_environment_goes_to_a_strange_address_only_after_a_question() {
    let strange = ApiUrl::parse("https://x.example").unwrap();
    let start = ModelConfig { has_environment_key: true, api_url: Some(strange.clone()), ..start() };
    let (mut bench, effects) = Bench::new(start.clone());
    assert_eq!(
        (names(&effects), &bench.model.view.dialog),
        (Vec::new(), &Some(Dialog::EnvironmentKey(strange.clone())))
    );
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert_eq!(signed_out(&bench.model.data.session), Some(&None));
    let (mut bench, _) = Bench::new(start);
    let effects = bench.handle(Command::Session(SessionCommand::UseEnvironmentKey));
    assert!(
        matches!(&effects[..], [Effect::Session(SessionEffect::OpenSession { url, key: KeyFrom::Environment, .. })] if *url == strange)
    );
    assert_eq!(bench.model.view.dialog, None);
}

#[test]
fn the_key_of_the_environment_is_as_protected_as_the_profiles_of_its_server() {
    let mut safe = profile("safe", URL);
    safe.flags = ProfileFlags { production: true, read_only: true, ..ProfileFlags::default() };
    let settings = Settings { profiles: vec![profile("a", URL), safe], ..Settings::default() };
    let (mut bench, effects) = Bench::new(ModelConfig { settings, has_environment_key: true, ..start() });
    assert!(matches!(
        &effects[..],
        [Effect::Session(SessionEffect::OpenSession { access: crate::api::Access::ReadOnly, .. })]
    ));
    bench.apply(opened(&effects));
    assert!(bench.model.data.is_read_only() && bench.model.data.is_production());
}

#[test]
fn a_key_of_the_environment_takes_over_the_marks_of_a_profile_that_another_window_added() {
    let (mut bench, effects) = Bench::new(ModelConfig { has_environment_key: true, ..start() });
    bench.apply(opened(&effects));
    let flags = ProfileFlags { read_only: true, ..ProfileFlags::default() };
    let protected =
        |url| Event::Settings(SettingsEvent::ProfilesProtected(vec![Profile { flags, ..profile("new", url) }]));
    assert_eq!(names(&bench.apply(protected("https://other.example"))), Vec::<String>::new());
    assert!(!bench.model.data.is_read_only());
    assert_eq!(names(&bench.apply(protected(URL))), ["SetAccess"]);
    assert!(bench.model.data.is_read_only() && bench.model.data.session.title().contains("(read only)"));
    // Reported again by each look at the file, it is shown once.
    assert_eq!(names(&bench.apply(protected(URL))), Vec::<String>::new());
    assert_eq!(bench.notifications().len(), 1);
}

#[test]
fn what_was_protected_while_a_session_was_opened_is_protected_in_it() {
    let settings = Settings { profiles: vec![profile("a", URL)], ..Settings::default() };
    let (mut bench, _) = Bench::new(ModelConfig { settings, ..start() });
    let asked = bench.handle(Command::Session(SessionCommand::OpenProfile(ProfileId::new("a"))));
    let flags = ProfileFlags { read_only: true, ..ProfileFlags::default() };
    bench.apply(Event::Settings(SettingsEvent::ProfilesProtected(vec![Profile { flags, ..profile("a", URL) }])));
    let effects = bench.apply(opened(&asked));
    assert_eq!(names(&effects)[..2], ["UseSession", "SetAccess"]);
    assert!(bench.model.data.is_read_only());
}
