//! Looking for a newer version: asked first, once a day, or never.

use super::*;
use crate::domain::Version;
use crate::msg::{PreferencesCommand, SystemEvent, WindowCommand};
use crate::settings::UpdateChoice;

const PAGE: &str = "https://example.org/skybackup";

/// Signed in with a build of version 1.2.3 that has an address for updates.
fn bench() -> Bench {
    let mut bench = Bench::ready();
    let file = ApiUrl::parse_with_path("https://example.org/skybackup/version.txt").unwrap();
    bench.model.data.config.build.version = "1.2.3";
    bench.model.data.config.build.updates = Some(UpdateSource { file, page: PAGE.to_owned() });
    bench
}

fn choose(bench: &mut Bench, choice: UpdateChoice) {
    bench.handle(Command::Preferences(PreferencesCommand::SetUpdates(choice)));
}

fn found(bench: &mut Bench, version: &str) -> Option<String> {
    bench.apply(Event::System(SystemEvent::UpdateFound(Version::parse(version).unwrap())));
    bench.model.data.newer_version().map(|newer| newer.to_string())
}

fn is_look(effect: &Effect) -> bool {
    matches!(effect, Effect::FindUpdate)
}

#[test]
fn nothing_is_looked_for_before_the_user_was_asked() {
    let mut bench = bench();
    assert!(bench.model.data.asks_about_updates());
    assert!(!bench.after(100_000).iter().any(is_look));
    choose(&mut bench, UpdateChoice::Never);
    assert!(!bench.model.data.asks_about_updates() && !bench.after(100_000).iter().any(is_look));
    assert_eq!(found(&mut bench, "9.9.9"), None, "a late word of it is not shown either");
}

#[test]
fn a_build_without_an_address_neither_asks_nor_looks() {
    let mut bench = Bench::ready();
    assert!(!bench.model.data.asks_about_updates());
    choose(&mut bench, UpdateChoice::Daily);
    assert!(!bench.after(100_000).iter().any(is_look));
    assert!(!bench.handle(Command::Window(WindowCommand::OpenDownloadPage)).iter().any(is_look));
}

#[test]
fn it_is_looked_for_once_a_day_whatever_comes_of_it() {
    let mut bench = bench();
    choose(&mut bench, UpdateChoice::Daily);
    let looks = |bench: &mut Bench, hours: i64| -> usize {
        (0..hours * 4).map(|_| bench.after(900).iter().filter(|effect| is_look(effect)).count()).sum()
    };
    assert_eq!(looks(&mut bench, 23), 1);
    assert_eq!(looks(&mut bench, 24), 1);
    let saved = bench.model.data.settings.clone();
    let (mut next, _) =
        Bench::new(ModelConfig { settings: saved, build: bench.model.data.config.build.clone(), ..start() });
    next.now = bench.now;
    assert!(!next.after(60).iter().any(is_look), "the next start knows when that was");
    next.now -= SignedDuration::from_hours(48);
    assert!(next.tick().iter().any(is_look), "a clock that was set back does not put it off");
}

#[test]
fn only_a_newer_version_is_shown_and_only_its_fixed_page_is_opened() {
    let mut bench = bench();
    choose(&mut bench, UpdateChoice::Daily);
    assert_eq!(found(&mut bench, "1.2.3"), None);
    assert_eq!(found(&mut bench, "1.2.2"), None);
    assert_eq!(found(&mut bench, "1.10.0").as_deref(), Some("1.10.0"));
    let effects = bench.handle(Command::Window(WindowCommand::OpenDownloadPage));
    assert!(matches!(&effects[..], [Effect::Window(WindowEffect::OpenWeb(page))] if page == PAGE), "{effects:?}");
    bench.handle(Command::Window(WindowCommand::PostponeUpdate));
    assert_eq!(bench.model.data.newer_version(), None);
}
