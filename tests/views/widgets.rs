//! One test per widget: what it is called, and what it answers.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, Role, TextStyle, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::theme;
use skybackup::widgets::{
    Alert, DialogAnswer, Level, ModalDialog, Toast, ToastAnswer, alert_ui, dialog_ui, empty_state_ui, filter_menu,
    icon_button, key_value, labelled_field, primary_button, progress_bar, search_field, secret_field, segmented,
    text_field, toast_ui,
};

/// A harness with the app's fonts and style, without pictures.
fn harness<'a, S: 'a>(state: S, app: impl FnMut(&mut egui::Ui, &mut S) + 'a) -> Harness<'a, S> {
    let mut harness = Harness::builder()
        .with_size([640.0, 480.0])
        .with_theme(Theme::Dark)
        .with_max_steps(16)
        .with_context_setup(theme::install)
        .build_ui_state(app, state);
    harness.run();
    harness
}

#[test]
fn every_icon_has_a_glyph() {
    // A missing glyph is a panic of the harness.
    harness((), |ui, ()| {
        ui.horizontal_wrapped(|ui| {
            for (name, glyph) in theme::icon::ALL {
                ui.label(*glyph);
                ui.label(egui::RichText::new(format!("{glyph} {name}")).text_style(theme::section()));
                ui.label(egui::RichText::new(*glyph).monospace());
            }
        });
        for text in ["Ελλάδα Россия Łódź İstanbul", "– — … × ≥ ≤ µ → ← ↑ ↓ ✓ ⌘ ⌥ ⇧ ⌃ ● ▲ ▼"]
        {
            ui.label(text);
            ui.label(egui::RichText::new(text).monospace());
        }
    });
}

#[test]
fn a_button_answers_to_pointer_keyboard_and_reader() {
    let mut harness = harness(0, |ui, clicks: &mut i32| {
        *clicks += i32::from(primary_button(ui, "Create schedule").clicked());
    });
    harness.get_by_role_and_label(Role::Button, "Create schedule").click();
    harness.run();
    harness.get_by_label("Create schedule").click_accesskit();
    harness.run();
    harness.get_by_label("Create schedule").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(*harness.state(), 3);
}

#[test]
fn an_icon_is_read_by_its_name() {
    let mut harness = harness(0, |ui, clicks: &mut i32| {
        *clicks += i32::from(icon_button(ui, theme::icon::REFRESH, "Refresh").clicked());
    });
    harness.get_by_role_and_label(Role::Button, "Refresh").click();
    harness.run();
    assert_eq!(*harness.state(), 1);
}

#[test]
fn a_notice_is_an_alert_with_actions() {
    let mut harness = harness(None, |ui, clicked: &mut Option<usize>| {
        let alert = Alert {
            level: Level::Error,
            title: "No response",
            body: "SkySQL was asked three times.",
            advice: "Check the network",
            trace_id: Some("trace-7"),
            actions: &["Details", "Try again"],
        };
        if let Some(action) = alert_ui(ui, &alert) {
            *clicked = Some(action);
        }
    });
    assert!(harness.query_by_role_and_label(Role::Alert, "Error: No response").is_some());
    harness.get_by_label("Try again").click();
    harness.run();
    assert_eq!(*harness.state(), Some(1));
    harness.get_by_label("Copy trace ID").click();
    harness.step();
    let copied = harness
        .output()
        .platform_output
        .commands
        .iter()
        .any(|command| matches!(command, egui::OutputCommand::CopyText(text) if text == "trace-7"));
    assert!(copied, "the trace id goes to the clipboard");
}

#[test]
fn a_field_carries_its_label_and_its_error() {
    let mut harness = harness(String::new(), |ui, text: &mut String| {
        let error = text.is_empty().then_some("Choose a service");
        labelled_field(ui, "Service", "Its id", error, |ui| text_field(ui, text, "dbpgf…"));
    });
    assert!(harness.query_by_label("Choose a service").is_some());
    assert!(harness.query_by_label("Its id").is_none(), "the error takes the place of the help");
    harness.get_by_role_and_label(Role::TextInput, "Service").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Service").type_text("dbpgf1");
    harness.run();
    assert_eq!(harness.state(), "dbpgf1");
    assert!(harness.query_by_label("Its id").is_some());
}

/// Types a text into a field, clears the buffer as a form does, asks for it back, and says what came.
fn text_after_undo(role: Role, field: fn(&mut egui::Ui, &mut String) -> egui::Response) -> Vec<String> {
    let mut harness = harness(String::new(), move |ui, text: &mut String| {
        labelled_field(ui, "API key", "", None, |ui| field(ui, text));
    });
    harness.get_by_role(role).focus();
    harness.run();
    for part in ["sky", "sql", "secret"] {
        harness.get_by_role(role).type_text(part);
        harness.run_steps(40);
    }
    assert_eq!(harness.state(), "skysqlsecret");
    harness.state_mut().clear();
    harness.run();
    let mut came = Vec::new();
    for modifiers in [Modifiers::COMMAND, Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT] {
        harness.key_press_modifiers(modifiers, Key::Z);
        harness.run();
        came.push(harness.state().clone());
    }
    came
}

#[test]
fn a_cleared_secret_does_not_come_back() {
    let plain = text_after_undo(Role::TextInput, |ui, text| text_field(ui, text, ""));
    assert!(plain.iter().any(|text| text.contains("sky")), "undo brings back what is no secret: {plain:?}");
    let secret = text_after_undo(Role::PasswordInput, |ui, text| secret_field(ui, egui::Id::unique("key"), text, ""));
    assert!(secret.iter().all(String::is_empty), "{secret:?}");
}

#[test]
fn a_search_is_cleared_by_its_cross_and_by_escape() {
    let mut harness = harness("orders".to_owned(), |ui, text: &mut String| {
        search_field(ui, text, "Search backups");
    });
    harness.get_by_label("Clear search").click();
    harness.run();
    assert_eq!(harness.state(), "");
    assert!(harness.query_by_label("Clear search").is_none());
    harness.get_by_role_and_label(Role::TextInput, "Search").type_text("bill");
    harness.run();
    assert_eq!(harness.state(), "bill");
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state(), "");
}

#[test]
fn a_filter_menu_takes_several_and_clears() {
    let options = vec![("Failed".to_owned(), "Failed".to_owned(), 3), ("Running".to_owned(), "Running".to_owned(), 1)];
    let mut harness = harness((BTreeSet::new(), 0), move |ui, (chosen, changes): &mut (BTreeSet<String>, i32)| {
        *changes += i32::from(filter_menu(ui, "Status", &options, chosen));
    });
    harness.get_by_role_and_label(Role::Button, "Status").click();
    harness.run();
    harness.get_by_role_and_label(Role::CheckBox, "Failed").click();
    harness.run();
    harness.get_by_role_and_label(Role::CheckBox, "Running").click();
    harness.run();
    assert_eq!(harness.state().0.iter().map(String::as_str).collect::<Vec<_>>(), ["Failed", "Running"]);
    assert!(harness.query_by_role_and_label(Role::Button, "Status: 2").is_some());
    harness.get_by_label("Clear").click();
    harness.run();
    assert_eq!(*harness.state(), (BTreeSet::new(), 3));
}

#[test]
fn a_segment_is_chosen() {
    let mut harness = harness(0, |ui, chosen: &mut usize| {
        segmented(ui, &["UTC", "Local"], chosen);
    });
    harness.get_by_role_and_label(Role::RadioButton, "Local").click();
    harness.run();
    assert_eq!(*harness.state(), 1);
}

#[test]
fn progress_and_values_are_read_out() {
    let harness = harness((), |ui, ()| {
        progress_bar(ui, Some(0.4), "Page 4 of 10");
        key_value(ui, "Service", "Its name", "orders-prod", &TextStyle::Body);
        key_value(ui, "Reference", "", "", &TextStyle::Monospace);
    });
    let bar = harness.get_by_role_and_label(Role::ProgressIndicator, "Page 4 of 10");
    assert_eq!(bar.accesskit_node().numeric_value().map(f64::round), Some(40.0));
    assert!(harness.query_by_label("orders-prod").is_some());
    assert!(harness.query_by_label("Copy service").is_some());
    assert!(harness.query_by_label("Copy reference").is_none(), "nothing to copy");
}

#[test]
fn a_toast_is_an_alert_that_can_go() {
    let mut harness = harness(Vec::new(), |ui, answers: &mut Vec<ToastAnswer>| {
        let toasts = [
            Toast { level: Level::Success, text: "Schedule created", action: None },
            Toast { level: Level::Error, text: "File in use", action: Some("Try again") },
        ];
        answers.extend(toast_ui(ui.ctx(), &toasts));
    });
    assert!(harness.query_by_role_and_label(Role::Alert, "Success: Schedule created").is_some());
    harness.get_by_label("Try again").click();
    harness.run();
    harness.get_all_by_label("Dismiss").next().unwrap().click();
    harness.run();
    assert_eq!(*harness.state(), [ToastAnswer::Acted(1), ToastAnswer::Dismissed(0)]);
}

#[test]
fn an_empty_screen_offers_one_way_on() {
    let mut harness = harness(false, |ui, acted: &mut bool| {
        *acted |= empty_state_ui(ui, theme::icon::TRAY, "No backups yet", Some("Create schedule"));
    });
    harness.get_by_role_and_label(Role::Button, "Create schedule").click();
    harness.run();
    assert!(*harness.state());
}

fn question(ui: &mut egui::Ui, answers: &mut Vec<DialogAnswer>) {
    if !answers.is_empty() {
        return;
    }
    let dialog = ModalDialog {
        id: "delete",
        title: "Delete schedule 301?",
        width: 420.0,
        confirm: "Delete schedule",
        cancel: "Keep it",
        is_danger: true,
        can_confirm: true,
    };
    answers.extend(dialog_ui(ui.ctx(), &dialog, |ui| {
        ui.label("The next full backup will not be made.");
    }));
}

#[test]
fn a_dangerous_question_is_answered_safely_by_enter_and_escape() {
    for key in [Key::Enter, Key::Escape] {
        let mut harness = harness(Vec::new(), question);
        assert!(harness.get_by_label("Keep it").is_focused(), "the safe button has the keyboard");
        harness.key_press(key);
        harness.run();
        assert_eq!(*harness.state(), [DialogAnswer::Cancelled], "{key:?}");
    }
    let mut harness = harness(Vec::new(), question);
    harness.get_by_label("Delete schedule").click();
    harness.run();
    assert_eq!(*harness.state(), [DialogAnswer::Confirmed]);
}
