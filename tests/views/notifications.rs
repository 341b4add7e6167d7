//! The choice of notifications in the settings, and why the last one is not shown.

use egui::{Role, Theme};
use egui_kittest::kittest::Queryable as _;
use skybackup::model::Session;
use skybackup::msg::{Command, PreferencesCommand, Screen, WindowCommand};
use skybackup::notify::NotifyError;
use skybackup::settings::NotificationChoice;
use skybackup::ui::root_ui;

use super::signed_in::{asked, model, now, window};
use super::table::backups;
use crate::support::stepped::SteppedModel;

fn settings(choice: NotificationChoice) -> SteppedModel {
    let mut model = model(backups(3), Vec::new());
    model.data.settings.preferences.notifications = choice;
    model.data.settings.preferences.auto_refresh_secs = 60;
    model.handle(Command::Window(WindowCommand::Go(Screen::Settings)), now());
    model
}

#[test]
fn each_choice_is_offered_and_names_only_where_there_are_notifications() {
    let mut off = window(settings(NotificationChoice::Off), [1280.0, 1000.0], Theme::Light, root_ui);
    assert!(off.query_by_label("Names in notifications").is_none());
    off.get_by_label("Problems and warnings").click();
    let set = Command::Preferences(PreferencesCommand::SetNotifications(NotificationChoice::All));
    assert_eq!(asked(&mut off), [set]);
    let mut on = window(settings(NotificationChoice::Problems), [1280.0, 1000.0], Theme::Light, root_ui);
    on.get_by_label("Names of services").click();
    assert_eq!(asked(&mut on), [Command::Preferences(PreferencesCommand::SetNotificationNames(true))]);
}

#[test]
fn the_settings_say_why_there_are_none() {
    type Change = fn(&mut SteppedModel);
    let cases: [(&str, Change); 4] = [
        ("The demo shows none", demo),
        ("Automatic refresh is off", |model| model.data.settings.preferences.auto_refresh_secs = 0),
        ("has no service that shows notifications", |model| {
            model.data.notification_problem = Some(NotifyError::NoService);
        }),
        ("does not respond", |model| model.data.notification_problem = Some(NotifyError::NoResponse)),
    ];
    for (words, change) in cases {
        let mut model = settings(NotificationChoice::Problems);
        let before = window(settings(NotificationChoice::Problems), [1280.0, 1000.0], Theme::Dark, root_ui);
        assert!(before.query_by_label_contains(words).is_none(), "{words}");
        change(&mut model);
        let window = window(model, [1280.0, 1000.0], Theme::Dark, root_ui);
        assert!(window.query_by_label_contains(words).is_some(), "{words}");
        assert!(window.query_by_role_and_label(Role::RadioButton, "Problems").is_some());
    }
}

fn demo(model: &mut SteppedModel) {
    if let Session::Open(open) = &mut model.data.session {
        open.profile.is_demo = true;
    }
}
