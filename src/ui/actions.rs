//! The one list of actions: menus, palette, keyboard and the overview of shortcuts all read it.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::row_actions::{RowAction, one_row};
use crate::domain::ServiceId;
use crate::model::{Data, View};
use crate::msg::{
    Command, Commands, CopyFormat, ExportCommand, FormCommand, ListCommand, PreferencesCommand, ProfileCommand, Screen,
    SessionCommand, TableCommand, TableId, WindowCommand,
};
use crate::settings::{Density, ThemeChoice, ZoneChoice};
use crate::theme::icon;
use crate::widgets::MenuMark;

/// Where an action is in the menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// The file menu.
    File,
    /// The edit menu.
    Edit,
    /// The view menu.
    View,
    /// The schedule menu.
    Schedule,
    /// The help menu.
    Help,
}

impl Group {
    pub(crate) const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Schedule, Self::Help];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Schedule => "Schedule",
            Self::Help => "Help",
        }
    }
}

/// What an action needs to be of use; else it stays visible, off, with the reason.
type Availability = fn(&Data, &View) -> Result<(), &'static str>;

/// One action.
pub(crate) struct Action {
    /// Its menu.
    pub(crate) group: Group,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Its words: verb and noun.
    pub(crate) name: &'static str,
    /// Its keys, the first ones shown.
    pub(crate) keys: &'static [KeyboardShortcut],
    /// Whether it can be used now.
    pub(crate) available: Availability,
    /// What it asks for.
    pub(crate) command: fn(&Data, &View) -> Option<Command>,
    /// For something that is on or off: which it is now.
    pub(crate) mark: Option<fn(&Data, &View) -> MenuMark>,
}

const fn command(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn command_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

#[expect(clippy::unnecessary_wraps, reason = "it has the form of an availability")]
fn always(_: &Data, _: &View) -> Result<(), &'static str> {
    Ok(())
}

fn signed_in(data: &Data, _: &View) -> Result<(), &'static str> {
    data.session.open().map(|_| ()).ok_or("Sign in first")
}

fn on_table(data: &Data, view: &View) -> Result<(), &'static str> {
    signed_in(data, view)?;
    view.table().map(|_| ()).ok_or("Go to the backups or the schedules first")
}

fn has_selection(data: &Data, view: &View) -> Result<(), &'static str> {
    on_table(data, view)?;
    let empty = match view.table() {
        Some(TableId::Backups) => data.backups().selection.is_empty(),
        _ => data.schedules().selection.is_empty(),
    };
    if empty { Err("Select a row first") } else { Ok(()) }
}

fn can_change(data: &Data, _: &View) -> Result<(), &'static str> {
    data.change_blocked_reason().map_or(Ok(()), Err)
}

/// What an action on the selected schedule asks for, or why it cannot be done now.
fn on_schedule(action: RowAction, data: &Data, view: &View) -> Result<Command, &'static str> {
    can_change(data, view)?;
    if view.screen != Screen::Schedules {
        return Err("Go to the schedules and select one first");
    }
    let row = one_row(data.schedules(), "Select a schedule first")?;
    action.block(row, data).map_or_else(|| Ok(action.command(row)), Err)
}

fn can_edit(data: &Data, view: &View) -> Result<(), &'static str> {
    on_schedule(RowAction::Edit, data, view).map(drop)
}

fn can_suspend(data: &Data, view: &View) -> Result<(), &'static str> {
    on_schedule(RowAction::Suspend, data, view).map(drop)
}

fn can_resume(data: &Data, view: &View) -> Result<(), &'static str> {
    on_schedule(RowAction::Resume, data, view).map(drop)
}

fn can_delete(data: &Data, view: &View) -> Result<(), &'static str> {
    on_schedule(RowAction::Delete, data, view).map(drop)
}

/// The service of the one selected row.
fn chosen_service(data: &Data, view: &View) -> Option<ServiceId> {
    match view.table()? {
        TableId::Backups => data.backups().chosen()?.service_id.clone(),
        TableId::Schedules => data.schedules().chosen()?.service_id.clone(),
    }
}

fn table(view: &View, command: TableCommand) -> Option<Command> {
    view.table().map(|table| Command::Table(table, command))
}

fn other_zone(data: &Data) -> ZoneChoice {
    match data.settings.preferences.zone {
        ZoneChoice::Utc => ZoneChoice::Local,
        ZoneChoice::Local => ZoneChoice::Utc,
    }
}

fn theme_mark(data: &Data, theme: ThemeChoice) -> MenuMark {
    MenuMark::Radio(data.settings.preferences.theme == theme)
}

fn other_density(data: &Data) -> Density {
    match data.settings.preferences.density {
        Density::Comfortable => Density::Compact,
        Density::Compact => Density::Comfortable,
    }
}

macro_rules! marked {
    () => {
        None
    };
    ($mark:expr) => {
        Some($mark)
    };
}

macro_rules! actions {
    ($($group:ident $icon:ident $name:literal [$($keys:expr),*] $available:ident => $command:expr $(, $mark:expr)?;)*) => {
        &[$(Action {
            group: Group::$group,
            icon: icon::$icon,
            name: $name,
            keys: &[$($keys),*],
            available: $available,
            command: $command,
            mark: marked!($($mark)?),
        }),*]
    };
}

/// Every action of the application.
pub(crate) const ACTIONS: &[Action] = actions! {
    File REFRESH "Refresh" [plain(Key::F5), command(Key::R)] signed_in => |_, _| Some(Command::List(ListCommand::Refresh));
    File EXPORT "Export…" [command(Key::E), command_shift(Key::E)] on_table => |_, _| Some(Command::Export(ExportCommand::OpenExport));
    File GEAR "Settings" [command(Key::Comma)] signed_in => |_, _| Some(Command::Window(WindowCommand::Go(Screen::Settings)));
    File EDIT "Edit profile…" [] signed_in => |data, _| data.session.profile().map(|profile| Command::Profile(ProfileCommand::EditProfile(profile.id.clone())));
    File USER "Add profile…" [] always => |_, _| Some(Command::Session(SessionCommand::ShowSignIn(None)));
    File SIGN_OUT "Sign out" [] signed_in => |_, _| Some(Command::Session(SessionCommand::AskSignOut));
    File CLOSE "Quit" [command(Key::Q)] always => |_, _| Some(Command::Window(WindowCommand::Quit));
    Edit COPY "Copy rows" [command_shift(Key::C)] has_selection => |_, view| table(view, TableCommand::CopyRows(CopyFormat::Tsv));
    Edit CODE "Copy rows as JSON" [] has_selection => |_, view| table(view, TableCommand::CopyRows(CopyFormat::Json));
    Edit LIST "Copy rows as Markdown" [] has_selection => |_, view| table(view, TableCommand::CopyRows(CopyFormat::Markdown));
    Edit ROWS "Select all rows" [] on_table => |_, view| table(view, TableCommand::SelectAll);
    Edit SEARCH "Search" [command(Key::F)] on_table => |_, _| Some(Command::Window(WindowCommand::FocusSearch));
    Edit FILTER "Clear filters" [] on_table => |_, view| table(view, TableCommand::ClearFilter);
    View BACKUP "Go to backups" [command(Key::Num1)] signed_in => |_, _| Some(Command::Window(WindowCommand::Go(Screen::Backups)));
    View SCHEDULE "Go to schedules" [command(Key::Num2)] signed_in => |_, _| Some(Command::Window(WindowCommand::Go(Screen::Schedules)));
    View ACTIVITY "Go to activity" [command(Key::Num3)] signed_in => |_, _| Some(Command::Window(WindowCommand::Go(Screen::Activity)));
    View SIDEBAR "Details" [command(Key::D)] on_table => |_, view| table(view, TableCommand::ToggleDetail), |_, view| MenuMark::Check(view.detail);
    View COLUMNS "Choose columns…" [] on_table => |_, _| Some(Command::Window(WindowCommand::OpenColumns));
    View COLUMNS "Restore default columns" [] on_table => |_, view| table(view, TableCommand::ResetLayout);
    View GLOBE "Local time" [command(Key::U)] always => |data, _| Some(Command::Preferences(PreferencesCommand::SetZone(other_zone(data)))), |data, _| MenuMark::Check(data.settings.preferences.zone == ZoneChoice::Local);
    View ROWS "Compact rows" [] always => |data, _| Some(Command::Preferences(PreferencesCommand::SetDensity(other_density(data)))), |data, _| MenuMark::Check(data.settings.preferences.density == Density::Compact);
    View SUN "System theme" [] always => |_, _| Some(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::System))), |data, _| theme_mark(data, ThemeChoice::System);
    View SUN "Light theme" [] always => |_, _| Some(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::Light))), |data, _| theme_mark(data, ThemeChoice::Light);
    View SUN "Dark theme" [] always => |_, _| Some(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::Dark))), |data, _| theme_mark(data, ThemeChoice::Dark);
    Schedule PLUS "New schedule…" [command(Key::N)] can_change => |data, view| Some(Command::Form(FormCommand::NewSchedule(chosen_service(data, view))));
    Schedule LIGHTNING "Back up now…" [command(Key::B)] can_change => |data, view| Some(Command::Form(FormCommand::BackUpNow(chosen_service(data, view))));
    Schedule EDIT "Edit schedule…" [plain(Key::F2)] can_edit => |data, view| on_schedule(RowAction::Edit, data, view).ok();
    Schedule PAUSE "Suspend schedule" [] can_suspend => |data, view| on_schedule(RowAction::Suspend, data, view).ok();
    Schedule PLAY "Resume schedule" [] can_resume => |data, view| on_schedule(RowAction::Resume, data, view).ok();
    Schedule TRASH "Delete schedule…" [plain(Key::Delete)] can_delete => |data, view| on_schedule(RowAction::Delete, data, view).ok();
    Help COMMAND "Command palette" [command(Key::K)] always => |_, _| Some(Command::Window(WindowCommand::OpenPalette));
    Help KEYBOARD "Keyboard shortcuts" [plain(Key::F1), plain(Key::Questionmark)] always => |_, _| Some(Command::Window(WindowCommand::OpenShortcuts));
    Help INFO "About SkyBackup" [] always => |_, _| Some(Command::Window(WindowCommand::OpenAbout));
};

impl Action {
    /// Asks for it, where it can be used.
    pub(crate) fn run(&self, data: &Data, view: &View, commands: &mut Commands) {
        if (self.available)(data, view).is_ok()
            && let Some(command) = (self.command)(data, view)
        {
            commands.push(command);
        }
    }

    /// Its first keys, as this system writes them.
    pub(crate) fn keys_text(&self, ctx: &egui::Context) -> String {
        self.keys.first().map(|keys| keys_text(ctx, *keys)).unwrap_or_default()
    }
}

/// Keys as people write them: the sign on the key where it has one.
pub(crate) fn keys_text(ctx: &egui::Context, keys: KeyboardShortcut) -> String {
    ctx.format_shortcut(&keys).replace("Comma", ",").replace("Questionmark", "?")
}

/// Takes the shortcuts out of the input, those with the most modifiers first, and does what they ask for. While a dialog
/// is open they are its own; while text is edited, plain keys and keys that edit stay with the text.
pub(crate) fn handle_shortcuts(ui: &egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    if view.dialog.is_some() {
        return;
    }
    let typing = ui.text_edit_focused();
    for shifted in [true, false] {
        let keys = ACTIONS.iter().flat_map(|action| action.keys.iter().map(move |keys| (action, keys)));
        for (action, keys) in keys.filter(|(_, keys)| keys.modifiers.shift == shifted) {
            if typing && keys.conflicts_with_text_editing() && !is_function_key(keys.logical_key) {
                continue;
            }
            let question = keys.logical_key == Key::Questionmark;
            let pressed = ui.input_mut(|input| {
                input.consume_shortcut(keys)
                    || question && !typing && input.consume_key(Modifiers::SHIFT, Key::Questionmark)
            });
            if !pressed {
                continue;
            }
            match (action.available)(data, view) {
                Ok(()) => action.run(data, view, commands),
                // A key that does nothing says why; a button has its tooltip for that.
                Err(reason) => commands.push(Command::Window(WindowCommand::SayWhyNot(reason))),
            }
        }
    }
}

fn is_function_key(key: Key) -> bool {
    matches!(key, Key::F1 | Key::F2 | Key::F5)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_actions_share_their_keys_or_name() {
        let mut keys_of = BTreeMap::new();
        let mut names = std::collections::BTreeSet::new();
        for action in ACTIONS {
            assert!(names.insert(action.name), "{} stands twice", action.name);
            for keys in action.keys {
                let other = keys_of.insert(format!("{keys:?}"), action.name);
                assert_eq!(other, None, "{} has the keys of another", action.name);
            }
        }
    }

    #[test]
    fn every_menu_has_actions_and_words_are_in_sentence_case() {
        for group in Group::ALL {
            assert!(ACTIONS.iter().any(|action| action.group == group), "{}", group.name());
        }
        for action in ACTIONS {
            assert!(action.name.starts_with(char::is_uppercase) && !action.name.ends_with('.'), "{}", action.name);
        }
    }
}
