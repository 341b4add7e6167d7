//! "About": what a report needs to name.

use std::path::PathBuf;

use egui::{Role, Theme};
use egui_kittest::kittest::Queryable as _;
use skybackup::domain::ApiUrl;
use skybackup::model::{BuildInfo, UpdateSource};
use skybackup::msg::{Command, PreferencesCommand, Screen, WindowCommand};
use skybackup::settings::UpdateChoice;
use skybackup::ui::root_ui;

use super::signed_in::{asked, model, now, window};
use super::table::backups;

#[test]
fn about_tells_what_was_built_and_shows_the_licences_that_a_package_has() {
    let licences = PathBuf::from("/usr/share/doc/skybackup/licences.txt.gz");
    for licences in [None, Some(licences)] {
        let mut model = model(backups(3), Vec::new());
        model.data.config.build = BuildInfo {
            version: "7.8.9",
            commit: Some("1a2b3c4d5e6f"),
            target: "x86_64-unknown-linux-gnu",
            renderer: "wgpu, vulkan on llvmpipe".to_owned(),
            licences: licences.clone(),
            updates: None,
        };
        model.handle(Command::Window(WindowCommand::OpenAbout), now());
        let mut window = window(model, [1280.0, 800.0], Theme::Dark, root_ui);
        let built = ["7.8.9 (1a2b3c4d5e6f)", "x86_64-unknown-linux-gnu", "wgpu, vulkan on llvmpipe"];
        for text in built {
            assert!(window.query_all_by_label_contains(text).next().is_some(), "{text}");
        }
        window.get_by_role_and_label(Role::Button, "Copy diagnostics").click();
        let commands = asked(&mut window);
        let [Command::Window(WindowCommand::Copy(report, _))] = &commands[..] else { panic!("{commands:?}") };
        assert!(built.iter().all(|text| report.contains(text)), "{report}");
        assert_eq!(window.query_by_label("Show component licences").is_some(), licences.is_some());
        if let Some(file) = licences {
            window.get_by_label("Show component licences").click();
            assert_eq!(asked(&mut window), [Command::Window(WindowCommand::OpenPath(file))]);
        }
    }
}

#[test]
fn the_settings_have_the_choice_only_where_the_build_has_an_address() {
    for has_address in [true, false] {
        let mut model = model(backups(3), Vec::new());
        model.data.config.build.updates = has_address.then(|| UpdateSource {
            file: ApiUrl::parse_with_path("https://example.org/skybackup/version.txt").unwrap(),
            page: "https://example.org/skybackup".to_owned(),
        });
        model.handle(Command::Window(WindowCommand::Go(Screen::Settings)), now());
        // High enough for all settings.
        let mut window = window(model, [1280.0, 1000.0], Theme::Dark, root_ui);
        let says =
            |window: &egui_kittest::Harness<'_, _>, text| window.query_all_by_label_contains(text).next().is_some();
        assert_eq!(says(&window, "New versions"), has_address);
        assert_eq!(says(&window, "Check for new versions of SkyBackup?"), has_address);
        assert_eq!(says(&window, "from example.org"), has_address);
        if has_address {
            window.get_by_role_and_label(Role::RadioButton, "Check once a day").click();
            let daily = Command::Preferences(PreferencesCommand::SetUpdates(UpdateChoice::Daily));
            assert_eq!(asked(&mut window), [daily]);
        }
    }
}
