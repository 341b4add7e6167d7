//! The one list of actions: menus, palette, keyboard and the overview of shortcuts all read it.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::restore_questions::{delete_block, delete_command};
use super::row_actions::{RowAction, one_row, restore_block, restore_command};
use crate::domain::ServiceId;
use crate::export::FileFormat;
use crate::grid::RowSource;
use crate::model::{Data, View, Workspace};
use crate::msg::{
    BatchCommand, Command, Commands, CopyFormat, ExportCommand, FormCommand, LedgerCommand, ListCommand,
    PreferencesCommand, ProfileCommand, RestoreCommand, Screen, SessionCommand, TableCommand, TableId, ViewsCommand,
    WindowCommand,
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
    /// The restore menu.
    Restore,
    /// The help menu.
    Help,
}

impl Group {
    pub(crate) const ALL: [Self; 6] = [Self::File, Self::Edit, Self::View, Self::Schedule, Self::Restore, Self::Help];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Schedule => "Schedule",
            Self::Restore => "Restore",
            Self::Help => "Help",
        }
    }
}

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
    /// What it asks for; where it is of no use now it stays visible, off, with the reason.
    pub(crate) command: fn(&Data, &View) -> Result<Command, &'static str>,
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

fn signed_in(data: &Data) -> Result<&Workspace, &'static str> {
    data.session.open().ok_or("Sign in first")
}

fn on_table(data: &Data, view: &View) -> Result<TableId, &'static str> {
    signed_in(data)?;
    view.table().ok_or("Go to a table first")
}

fn export_as(format: FileFormat, data: &Data, view: &View) -> Result<Command, &'static str> {
    on_table(data, view).map(|_| Command::Export(ExportCommand::OpenExport(Some(format))))
}

/// Opens the dialog of an evidence pack.
pub(super) fn evidence_pack(data: &Data) -> Result<Command, &'static str> {
    data.history_blocked_reason().map_or(Ok(Command::Export(ExportCommand::OpenEvidence)), Err)
}

fn has_selection(data: &Data, view: &View) -> Result<TableId, &'static str> {
    let table = on_table(data, view)?;
    let selection = match table {
        TableId::Backups => &data.shown_backups().selection,
        TableId::Schedules => &data.schedules().selection,
        TableId::Restores => &data.restores().selection,
    };
    if selection.is_empty() { Err("Select a row first") } else { Ok(table) }
}

fn is_grouped(data: &Data, view: &View) -> bool {
    view.table().is_some_and(|table| match table {
        TableId::Backups => data.shown_backups().layout.by_service,
        TableId::Schedules => data.schedules().layout.by_service,
        TableId::Restores => data.restores().layout.by_service,
    })
}

fn can_change(data: &Data) -> Result<(), &'static str> {
    data.change_blocked_reason().map_or(Ok(()), Err)
}

/// What an action on the selected schedule asks for, or why it cannot be done now.
fn on_schedule(action: RowAction, data: &Data, view: &View) -> Result<Command, &'static str> {
    can_change(data)?;
    if view.screen != Screen::Schedules {
        return Err("Go to the schedules and select one first");
    }
    let table = data.schedules();
    let row = table.focused.as_ref().filter(|row| table.selection.contains(row.id.as_str()));
    let row = row.map_or_else(|| one_row(table, "Select a schedule first"), Ok)?;
    action.block(row, data).map_or_else(|| Ok(action.command(row, data)), Err)
}

/// Opens the restore dialog for the selected backup, or says why it cannot be restored.
fn on_backup(data: &Data, view: &View) -> Result<Command, &'static str> {
    can_change(data)?;
    if view.screen != Screen::Backups {
        return Err("Go to the backups and select one first");
    }
    let row = one_row(data.shown_backups(), "Select a backup first")?;
    restore_block(row, data).map_or_else(|| Ok(restore_command(row)), Err)
}

/// Asks whether to delete the entry of the selected restore, or says why not.
fn on_restore(data: &Data, view: &View) -> Result<Command, &'static str> {
    can_change(data)?;
    if view.table() != Some(TableId::Restores) {
        return Err("Go to the restores and select one first");
    }
    let row = one_row(data.restores(), "Select a restore first")?;
    delete_block(row, data).map_or_else(|| Ok(delete_command(row)), Err)
}

/// The service of the one selected row.
fn chosen_service(data: &Data, view: &View) -> Option<ServiceId> {
    match view.table()? {
        TableId::Backups => data.shown_backups().chosen().filter(|row| row.is_listed())?.service_id.clone(),
        TableId::Schedules => data.schedules().chosen()?.service_id.clone(),
        TableId::Restores => data.restores().chosen()?.service_id.clone(),
    }
}

/// The service whose moments are asked for: that of the one selected row, or the only one there is.
fn service_of_moments(data: &Data, view: &View) -> Option<ServiceId> {
    let only = match data.lists().known_services() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    view.table().filter(|table| *table != TableId::Restores).and_then(|_| chosen_service(data, view)).or(only)
}

fn other_zone(data: &Data) -> ZoneChoice {
    match data.settings.preferences.zone {
        ZoneChoice::Utc | ZoneChoice::Named => ZoneChoice::Local,
        ZoneChoice::Local => ZoneChoice::Utc,
    }
}

fn theme_mark(data: &Data, theme: ThemeChoice) -> MenuMark {
    MenuMark::Radio(data.settings.preferences.theme == theme)
}

/// Switches between the backups that are listed now and all that were ever seen.
fn show_other_backups(data: &Data) -> Result<Command, &'static str> {
    let other = match data.lists().backups_shown {
        RowSource::Listed => RowSource::AllSeen,
        RowSource::AllSeen => RowSource::Listed,
    };
    let command = Command::List(ListCommand::ShowBackups(other));
    data.history_blocked_reason().map_or(Ok(command), Err)
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
    ($($group:ident $icon:ident $name:literal [$($keys:expr),*] $command:expr $(, $mark:expr)?;)*) => {
        &[$(Action {
            group: Group::$group,
            icon: icon::$icon,
            name: $name,
            keys: &[$($keys),*],
            command: $command,
            mark: marked!($($mark)?),
        }),*]
    };
}

/// Every action of the application.
pub(crate) const ACTIONS: &[Action] = actions! {
    File REFRESH "Refresh" [plain(Key::F5), command(Key::R)] |data, _| signed_in(data).map(|_| Command::List(ListCommand::Refresh));
    File EXPORT "Export…" [command(Key::E), command_shift(Key::E)] |data, view| on_table(data, view).map(|_| Command::Export(ExportCommand::OpenExport(None)));
    File EXPORT "Export as Excel workbook…" [] |data, view| export_as(FileFormat::Workbook, data, view);
    File EXPORT "Export as JSON…" [] |data, view| export_as(FileFormat::Json, data, view);
    File EXPORT "Evidence pack…" [] |data, _| evidence_pack(data);
    File EXPORT "Export history…" [] |data, _| signed_in(data).map(|_| Command::Ledger(LedgerCommand::Export));
    File TRASH "Forget history…" [] |data, _| signed_in(data).map(|_| Command::Ledger(LedgerCommand::AskForget));
    File GEAR "Settings" [command(Key::Comma)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Settings)));
    File EDIT "Edit profile…" [] |data, _| signed_in(data).map(|open| Command::Profile(ProfileCommand::EditProfile(open.profile.id.clone())));
    File USER "Add profile…" [] |_, _| Ok(Command::Session(SessionCommand::ShowSignIn(None)));
    File SIGN_OUT "Sign out" [] |data, _| signed_in(data).map(|_| Command::Session(SessionCommand::AskSignOut));
    File CLOSE "Quit" [command(Key::Q)] |_, _| Ok(Command::Window(WindowCommand::Quit));
    Edit COPY "Copy rows" [command_shift(Key::C)] |data, view| has_selection(data, view).map(|table| Command::Table(table, TableCommand::CopyRows(CopyFormat::Tsv)));
    Edit CODE "Copy rows as JSON" [] |data, view| has_selection(data, view).map(|table| Command::Table(table, TableCommand::CopyRows(CopyFormat::Json)));
    Edit LIST "Copy rows as Markdown" [] |data, view| has_selection(data, view).map(|table| Command::Table(table, TableCommand::CopyRows(CopyFormat::Markdown)));
    Edit ROWS "Select all rows" [] |data, view| on_table(data, view).map(|table| Command::Table(table, TableCommand::SelectAll));
    Edit SEARCH "Search" [command(Key::F)] |data, view| on_table(data, view).map(|_| Command::Window(WindowCommand::FocusSearch));
    Edit FILTER "Clear filters" [] |data, view| on_table(data, view).map(|table| Command::Table(table, TableCommand::ClearFilter));
    View OVERVIEW "Go to overview" [command(Key::Num1)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Overview)));
    View TIMELINE "Go to timeline" [command(Key::Num2)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Timeline)));
    View BACKUP "Go to backups" [command(Key::Num3)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Backups)));
    View SCHEDULE "Go to schedules" [command(Key::Num4)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Schedules)));
    View RESTORE "Go to restores" [command(Key::Num5)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Restores)));
    View ACTIVITY "Go to activity" [command(Key::Num6)] |data, _| signed_in(data).map(|_| Command::Window(WindowCommand::Go(Screen::Activity)));
    View SIDEBAR "Details" [command(Key::D)] |data, view| on_table(data, view).map(|table| Command::Table(table, TableCommand::ToggleDetail)), |_, view| MenuMark::Check(view.detail);
    View CLOCK "All backups ever seen" [] |data, _| show_other_backups(data), |data, _| MenuMark::Check(data.lists().backups_shown == RowSource::AllSeen);
    View ROWS "Group by service" [] |data, view| on_table(data, view).map(|table| Command::Table(table, TableCommand::GroupByService(!is_grouped(data, view)))), |data, view| MenuMark::Check(is_grouped(data, view));
    View COLUMNS "Choose columns…" [] |data, view| on_table(data, view).map(|_| Command::Window(WindowCommand::OpenColumns));
    View COLUMNS "Restore default columns" [] |data, view| on_table(data, view).map(|table| Command::Table(table, TableCommand::ResetLayout));
    View FILTER "Save view…" [] |data, view| on_table(data, view).map(|_| Command::Views(ViewsCommand::AskSave));
    View FILTER "Saved views…" [] |data, _| signed_in(data).map(|_| Command::Views(ViewsCommand::Manage));
    View GLOBE "Local time" [command(Key::U)] |data, _| Ok(Command::Preferences(PreferencesCommand::SetZone(other_zone(data)))), |data, _| MenuMark::Check(data.settings.preferences.zone == ZoneChoice::Local);
    View GLOBE "Choose time zone…" [] |_, _| Ok(Command::Window(WindowCommand::OpenZones));
    View ROWS "Compact rows" [] |data, _| Ok(Command::Preferences(PreferencesCommand::SetDensity(other_density(data)))), |data, _| MenuMark::Check(data.settings.preferences.density == Density::Compact);
    View SUN "System theme" [] |_, _| Ok(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::System))), |data, _| theme_mark(data, ThemeChoice::System);
    View SUN "Light theme" [] |_, _| Ok(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::Light))), |data, _| theme_mark(data, ThemeChoice::Light);
    View SUN "Dark theme" [] |_, _| Ok(Command::Preferences(PreferencesCommand::SetTheme(ThemeChoice::Dark))), |data, _| theme_mark(data, ThemeChoice::Dark);
    Schedule PLUS "New schedule…" [command(Key::N)] |data, view| can_change(data).map(|()| Command::Form(FormCommand::NewSchedule(chosen_service(data, view))));
    Schedule LIGHTNING "Back up now…" [command(Key::B)] |data, view| can_change(data).map(|()| Command::Form(FormCommand::BackUpNow(chosen_service(data, view))));
    Schedule EDIT "Edit schedule…" [plain(Key::F2)] |data, view| on_schedule(RowAction::Edit, data, view);
    Schedule PAUSE "Suspend schedule…" [] |data, view| on_schedule(RowAction::Suspend, data, view);
    Schedule PLAY "Resume schedule" [] |data, view| on_schedule(RowAction::Resume, data, view);
    Schedule CLOCK "Change time of schedules…" [] |data, view| on_schedule(RowAction::ChangeTime, data, view);
    Schedule COPY "Copy schedule to services…" [] |data, view| on_schedule(RowAction::Copy, data, view);
    Schedule TRASH "Delete schedule…" [plain(Key::Delete)] |data, view| on_schedule(RowAction::Delete, data, view);
    Schedule RESTORE "Recreate deleted schedules…" [] |data, _| can_change(data).map(|()| Command::Batch(BatchCommand::AskRecreate));
    Restore RESTORE "Restore backup…" [] |data, view| on_backup(data, view);
    Restore CLOUD "Restore from own bucket…" [] |data, _| can_change(data).map(|()| Command::Restore(RestoreCommand::Start(None)));
    Restore CLOCK "Can I get back to…?" [] |data, view| signed_in(data).map(|_| Command::List(ListCommand::ShowMoments(service_of_moments(data, view))));
    Restore TRASH "Delete restore entry…" [] |data, view| on_restore(data, view);
    Help COMMAND "Command palette" [command(Key::K)] |_, _| Ok(Command::Window(WindowCommand::OpenPalette));
    Help KEYBOARD "Keyboard shortcuts" [plain(Key::F1), plain(Key::Questionmark)] |_, _| Ok(Command::Window(WindowCommand::OpenShortcuts));
    Help INFO "About SkyBackup" [] |_, _| Ok(Command::Window(WindowCommand::OpenAbout));
};

impl Action {
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
            // A key that does nothing says why; a button has its tooltip for that.
            let why_not = |reason| Command::Window(WindowCommand::SayWhyNot(reason));
            let command = (action.command)(data, view).unwrap_or_else(why_not);
            // Who goes to a table by key goes on in it by key.
            if let Command::Window(WindowCommand::Go(screen)) = &command
                && let Some(table) = view.table_of(*screen)
            {
                super::keyboard_to_table(ui, table);
            }
            commands.push(command);
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
