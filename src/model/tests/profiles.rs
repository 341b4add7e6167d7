use super::*;
use crate::api::Access;
use crate::msg::{
    ChangeCommand, ProfileChange, ProfileCommand, SessionCommand, SessionEffect, SettingsEvent, WindowCommand,
};
use crate::settings::ProfileColor;

/// Red, and what the words say.
fn flags(words: &str) -> ProfileFlags {
    ProfileFlags {
        color: ProfileColor::Red,
        production: words.contains("PROD"),
        read_only: words.contains("read only"),
    }
}

fn change(bench: &Bench, flags: ProfileFlags) -> Command {
    let id = bench.model.data.session.profile().unwrap().id.clone();
    Command::Profile(ProfileCommand::ChangeProfile(ProfileChange { id, name: "acme".to_owned(), flags }))
}

fn access_in(effects: &[Effect]) -> Option<Access> {
    effects.iter().find_map(|effect| match effect {
        Effect::Session(SessionEffect::SetAccess(access) | SessionEffect::OpenSession { access, .. }) => Some(*access),
        _ => None,
    })
}

#[test]
fn the_session_follows_the_read_only_switch_at_once_and_the_settings_keep_it() {
    let mut bench = Bench::ready();
    assert!(bench.model.data.can_change());
    let effects = bench.handle(change(&bench, flags("PROD, read only")));
    assert_eq!(access_in(&effects), Some(Access::ReadOnly));
    assert!(bench.model.data.can_read() && !bench.model.data.can_change());
    assert_eq!(bench.model.data.session.title(), "PROD acme (read only) – SkyBackup");
    let saved = &bench.model.data.settings.profiles[0];
    assert_eq!((saved.name.as_str(), saved.flags), ("acme", flags("PROD, read only")));
    assert_eq!(names(&bench.after(1)), ["SaveSettings"]);
    assert_eq!(bench.notifications(), ["Profile acme is read only from now on"]);
}

#[test]
fn a_read_only_profile_asks_for_no_change_whatever_the_command() {
    let mut bench = Bench::ready();
    bench.handle(change(&bench, flags("read only")));
    let id = || ScheduleId::new("1");
    let changes = [
        Command::Change(ChangeCommand::CreateSchedule(changes::new_schedule("0 4 * * *"))),
        Command::Change(ChangeCommand::Suspend(id())),
        Command::Change(ChangeCommand::Resume(id())),
        Command::Change(ChangeCommand::Delete(id())),
    ];
    for change in changes {
        assert_eq!(names(&bench.handle(change.clone())), Vec::<String>::new(), "{change:?}");
        assert!(bench.model.data.change().is_none());
    }
}

#[test]
fn production_is_freed_only_after_a_question() {
    let mut bench = Bench::ready();
    bench.handle(change(&bench, flags("PROD, read only")));
    for after in [flags("PROD"), flags("")] {
        let freeing = change(&bench, after);
        assert_eq!(access_in(&bench.handle(freeing.clone())), None);
        let Command::Profile(ProfileCommand::ChangeProfile(asked)) = freeing.clone() else { unreachable!() };
        assert_eq!(bench.model.view.dialog, Some(Dialog::AllowChanges(asked)));
        assert!(bench.model.data.is_read_only());
        bench.handle(Command::Window(WindowCommand::CloseDialog));
        assert!(bench.model.data.is_read_only(), "closed without an answer");
        bench.handle(freeing.clone());
        assert_eq!(access_in(&bench.handle(freeing)), Some(Access::Full), "asked and confirmed");
        assert!(bench.model.data.can_change() && bench.model.view.dialog.is_none());
        bench.handle(change(&bench, flags("PROD, read only")));
    }
    // Without the mark there is nothing to ask.
    bench.handle(change(&bench, flags("read only")));
    assert_eq!(access_in(&bench.handle(change(&bench, flags("")))), Some(Access::Full));
}

#[test]
fn a_new_profile_gets_the_marks_of_the_form_and_a_saved_one_keeps_its_own() {
    let mut saved = profile("a", URL);
    saved.flags = flags("PROD, read only");
    let settings = Settings { profiles: vec![saved], ..Settings::default() };
    let start = ModelConfig { settings, ..start() };
    let signed_in = |profile: Option<&str>, url: &str| {
        let (mut bench, _) = Bench::new(start.clone());
        let url = ApiUrl::parse(url).unwrap();
        let sign_in = SignIn { flags: flags(""), url, ..sign_in(profile, true) };
        let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in)));
        (access_in(&effects).unwrap(), bench.model.data.session.profile().unwrap().flags)
    };
    assert_eq!(signed_in(None, URL), (Access::Full, flags("")));
    assert_eq!(signed_in(Some("a"), URL), (Access::ReadOnly, flags("PROD, read only")));
    assert_eq!(signed_in(Some("a"), "https://other.example"), (Access::ReadOnly, flags("PROD, read only")));
}

#[test]
fn a_session_that_opens_is_what_it_was_asked_to_be() {
    let (mut bench, _) = Bench::new(start());
    let effects =
        bench.handle(Command::Session(SessionCommand::SignIn(SignIn { flags: flags("PROD"), ..sign_in(None, true) })));
    bench.handle(change(&bench, flags("read only")));
    assert_eq!(bench.notifications(), ["The profile was not saved: it is signing in, save it again after that"]);
    bench.apply(opened(&effects));
    let asked = access_in(&effects);
    assert_eq!((asked, bench.model.data.is_read_only()), (Some(Access::Full), false));
    assert_eq!(bench.model.data.settings.profiles[0].flags, flags("PROD"));
}

#[test]
fn another_profile_is_changed_without_touching_the_session() {
    let mut bench = Bench::ready();
    bench.model.data.settings.profiles.push(profile("other", URL));
    let change =
        ProfileChange { id: ProfileId::new("other"), name: "Other".to_owned(), flags: flags("PROD, read only") };
    assert_eq!(names(&bench.handle(Command::Profile(ProfileCommand::ChangeProfile(change)))), Vec::<String>::new());
    assert!(bench.model.data.can_change());
    assert_eq!(bench.model.data.settings.profiles[1].flags, flags("PROD, read only"));
    let gone = ProfileChange { id: ProfileId::new("gone"), name: "x".to_owned(), flags: flags("PROD, read only") };
    assert_eq!(names(&bench.handle(Command::Profile(ProfileCommand::ChangeProfile(gone)))), Vec::<String>::new());
}

#[test]
fn what_another_window_protected_is_protected_here_and_what_it_freed_stays() {
    let mut bench = Bench::ready();
    let id = bench.model.data.session.profile().unwrap().id.clone();
    let saved = |words| {
        Event::Settings(SettingsEvent::SettingsSaved(Ok(vec![Profile {
            flags: flags(words),
            ..profile(id.as_str(), URL)
        }])))
    };
    assert_eq!(access_in(&bench.apply(saved("PROD"))), Some(Access::Full));
    assert_eq!(access_in(&bench.apply(saved("read only"))), Some(Access::ReadOnly));
    assert!(bench.model.data.is_production() && !bench.model.data.can_change());
    let found = bench.model.data.settings.profiles[0].flags;
    assert_eq!((found.production, found.read_only, found.color), (true, true, ProfileColor::None));
    let told = bench.notifications();
    assert!(told[1].ends_with("is read only now: that was chosen in another window"), "{told:?}");
    assert_eq!(
        names(&bench.apply(Event::Settings(SettingsEvent::SettingsSaved(Ok(Vec::new()))))),
        Vec::<String>::new()
    );
    assert!(bench.model.data.is_read_only());
}
