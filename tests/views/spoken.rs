//! What a screen reader speaks without being asked: notices, and what a search found.

use egui::accesskit::Live;
use egui::{Key, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use skybackup::api::{ApiError, ErrorKind, NotSent, Operation};
use skybackup::grid::Filter;
use skybackup::msg::{
    Command, Event, ExportCommand, FormCommand, LedgerCommand, SystemEvent, TableCommand, TableId, WindowCommand,
};
use skybackup::ui::root_ui;
use skybackup::widgets::focus_table;

use super::signed_in::{Desk, fail, model, now, window};
use super::table::backups;
use crate::support::stepped::SteppedModel;

fn shown<'a>(model: SteppedModel) -> Harness<'a, Desk> {
    window(model, [1280.0, 800.0], Theme::Dark, root_ui)
}

/// Each notice with its politeness. Nothing within it is spoken a second time.
fn notices(window: &Harness<'_, Desk>) -> Vec<(String, Live)> {
    let notices = window.query_all_by_role(Role::Alert).map(|notice| {
        let node = notice.accesskit_node();
        let mut inside: Vec<_> = node.children().collect();
        assert!(!inside.is_empty());
        while let Some(part) = inside.pop() {
            assert_eq!(part.live(), Live::Off, "{:?}", part.label());
            inside.extend(part.children());
        }
        (node.label().unwrap_or_default(), node.live())
    });
    notices.collect()
}

#[test]
fn a_notice_is_spoken_once_and_only_an_error_interrupts() {
    let mut quiet = model(backups(3), Vec::new());
    quiet.handle(Command::Window(WindowCommand::Copy("1".to_owned(), "Text")), now());
    assert_eq!(notices(&shown(quiet)), [("Success: Text copied".to_owned(), Live::Polite)]);

    let mut loud = model(backups(3), Vec::new());
    loud.apply(Event::System(SystemEvent::TaskPanicked(skybackup::msg::Ticket(u64::MAX))), now());
    let spoken = notices(&shown(loud));
    assert!(matches!(&spoken[..], [(text, Live::Assertive)] if text.starts_with("Error: Something")), "{spoken:?}");

    let mut offline = model(backups(3), Vec::new());
    let host = "api.skysql.com".to_owned();
    fail(&mut offline, &ApiError::new(ErrorKind::NotSent(NotSent::HostNotFound { host }), Operation::ListBackups));
    let spoken = notices(&shown(offline));
    assert!(matches!(&spoken[..], [(text, Live::Polite)] if text.contains("api.skysql.com")), "{spoken:?}");
}

#[test]
fn what_a_search_found_is_spoken() {
    let mut model = model(backups(40), Vec::new());
    let found = Filter { text: "billing".to_owned(), ..Filter::default() };
    model.handle(Command::Table(TableId::Backups, TableCommand::SetFilter(found)), now());
    let window = shown(model);
    assert_eq!(window.get_by_label("10 of 40").accesskit_node().live(), Live::Polite);
}

/// What a screen reader moves through: Orca says nothing of a header that is beside its table instead of in it.
#[test]
fn headers_and_rows_are_inside_their_table() {
    let window = shown(model(backups(40), Vec::new()));
    let table = window.get_by_role(Role::Grid);
    let table = table.accesskit_node();
    assert_eq!(table.label().as_deref(), Some("backups"));
    let inside = |role| window.query_all_by_role(role).filter(|part| is_inside(&part.accesskit_node(), &table)).count();
    let everywhere = |role| window.query_all_by_role(role).count();
    for role in [Role::Row, Role::ColumnHeader] {
        assert!(everywhere(role) > 3, "{role:?}");
        assert_eq!(inside(role), everywhere(role), "{role:?}");
    }
}

fn is_inside(part: &AccessKitNode<'_>, whole: &AccessKitNode<'_>) -> bool {
    part.parent().is_some_and(|parent| parent.id() == whole.id() || is_inside(&parent, whole))
}

#[test]
fn a_dialog_has_its_title_for_a_name_and_the_keyboard_from_the_start() {
    for (command, name) in [
        (Command::Export(ExportCommand::OpenExport(None)), "Export backups"),
        (Command::Form(FormCommand::NewSchedule(None)), "New schedule"),
        (Command::Window(WindowCommand::OpenPalette), "Command palette"),
        (Command::Window(WindowCommand::OpenShortcuts), "Keyboard shortcuts"),
        (Command::Ledger(LedgerCommand::AskForget), "Forget"),
    ] {
        let mut model = model(backups(3), Vec::new());
        model.handle(command, now());
        let mut window = shown(model);
        window.run_steps(3);
        let dialog = window.get_by_role(Role::Dialog);
        let dialog = dialog.accesskit_node();
        let label = dialog.label().unwrap_or_default();
        assert!(label.starts_with(name), "{label:?} for {name}");
        assert!(dialog.is_modal());
        assert!(has_keyboard(&dialog), "nothing in {name} has the keyboard");
    }
}

#[test]
fn the_keyboard_is_somewhere_in_every_frame_in_which_a_dialog_opens_or_closes() {
    let is_somewhere =
        |window: &Harness<'_, Desk>| window.root().accesskit_node().children().any(|part| has_keyboard(&part));
    for command in [
        Command::Export(ExportCommand::OpenExport(None)),
        Command::Form(FormCommand::NewSchedule(None)),
        Command::Window(WindowCommand::OpenPalette),
        Command::Window(WindowCommand::OpenShortcuts),
    ] {
        let mut window = shown(model(backups(3), Vec::new()));
        focus_table(&window.ctx, "backups");
        window.run();
        assert!(is_somewhere(&window));
        window.state_mut().model.handle(command.clone(), now());
        for _ in 0..3 {
            window.step();
            assert!(window.query_by_role(Role::Dialog).is_some() && is_somewhere(&window), "{command:?} opens");
        }
        window.key_press(Key::Escape);
        for _ in 0..4 {
            window.step();
            assert!(is_somewhere(&window), "{command:?} closes");
        }
        assert!(window.query_by_role(Role::Dialog).is_none());
        assert!(has_keyboard(&window.get_by_role(Role::Grid).accesskit_node()));
    }
}

fn has_keyboard(part: &AccessKitNode<'_>) -> bool {
    part.is_focused() || part.children().any(|child| has_keyboard(&child))
}
