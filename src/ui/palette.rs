//! The command palette: type a few letters, press Enter.

use egui::{Key, Modifiers, ScrollArea};

use super::actions::{ACTIONS, Action, Group};
use super::text::quiet_ui;
use crate::domain::{Service, sanitize_for_display};
use crate::grid::folded;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand, ViewsCommand, WindowCommand};
use crate::settings::SavedView;
use crate::theme::{self, icon, space};
use crate::widgets::{list_item, name_dialog, search_field};

/// Services offered at most; typing narrows them.
const MOST_SERVICES: usize = 8;

/// The list is never higher, in points.
const HEIGHT: f32 = 320.0;

/// One line of the palette.
struct PaletteLine {
    icon: &'static str,
    text: String,
    keys: String,
    /// What it asks for, or why it cannot be used now.
    command: Result<Command, &'static str>,
}

impl PaletteLine {
    fn of_action(ui: &egui::Ui, action: &Action, data: &Data, view: &View) -> Self {
        let command = (action.command)(data, view);
        Self { icon: action.icon, text: action.name.to_owned(), keys: action.keys_text(ui), command }
    }

    fn of_view(view: &SavedView) -> Self {
        Self {
            icon: icon::FILTER,
            text: format!("Open view {}", sanitize_for_display(&view.name)),
            keys: String::new(),
            command: Ok(Command::Views(ViewsCommand::Open(view.name.clone()))),
        }
    }

    fn of_service(service: &Service) -> Self {
        Self {
            icon: icon::DATABASE,
            text: format!("Show backups of {} ({})", sanitize_for_display(service.label()), service.id.shown()),
            keys: String::new(),
            command: Ok(Command::List(ListCommand::ShowBackupsOf(service.id.clone()))),
        }
    }
}

pub(super) fn palette_ui(ui: &egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let lines = lines(ui, data, view);
    view.palette_line = view.palette_line.min(lines.len().saturating_sub(1));
    let (up, down, enter, escape) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter), pressed(Key::Escape))
    });
    if down && view.palette_line + 1 < lines.len() {
        view.palette_line += 1;
    }
    if up {
        view.palette_line = view.palette_line.saturating_sub(1);
    }
    let tokens = theme::tokens(ui);
    let frame = egui::Frame::new()
        .fill(tokens.raised)
        .stroke(egui::Stroke::new(1.0, tokens.line_strong))
        .corner_radius(theme::radius::DIALOG)
        .inner_margin(egui::Margin::same(8));
    let area =
        egui::Modal::default_area(egui::Id::unique("palette")).anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, 80.0));
    let modal = egui::Modal::new(egui::Id::unique("palette")).area(area).frame(frame).backdrop_color(tokens.scrim);
    let shown = modal.show(ui, |ui| {
        name_dialog(ui, "Command palette");
        ui.set_width(480.0);
        let field = search_field(ui, &mut view.palette, "Type a command or a service");
        if view.dialog_opened {
            field.request_focus();
            // egui only measures it at first, and shows nothing that could have the keyboard.
            ui.request_discard("the palette opens");
        }
        if field.changed() {
            view.palette_line = 0;
        }
        ui.add_space(space::XS);
        lines_ui(ui, data, view, &lines, up || down)
    });
    let chosen = shown.inner.or(enter.then_some(view.palette_line));
    if let Some(Ok(command)) = chosen.and_then(|place| lines.get(place)).map(|line| &line.command) {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        commands.push(command.clone());
    } else if escape || shown.should_close() {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn lines(ui: &egui::Ui, data: &Data, view: &View) -> Vec<PaletteLine> {
    let wanted = folded(&view.palette);
    let fits = |line: &PaletteLine| wanted.split_whitespace().all(|word| folded(&line.text).contains(word));
    let actions = ACTIONS.iter().filter_map(|action| {
        let line = PaletteLine::of_action(ui, action, data, view);
        // What a read-only profile forbids stays in sight, off; anything else that is of no use now does not.
        (line.command.is_ok() || data.is_read_only() && matches!(action.group, Group::Schedule | Group::Restore))
            .then_some(line)
    });
    let services = data.lists().known_services().iter().map(PaletteLine::of_service).filter(fits).take(MOST_SERVICES);
    let views = data.settings.saved_views.iter().filter(|_| data.session.open().is_some());
    actions.filter(fits).chain(views.map(PaletteLine::of_view).filter(fits)).chain(services).collect()
}

/// Draws the lines; the place of a clicked one.
fn lines_ui(ui: &mut egui::Ui, data: &Data, view: &View, lines: &[PaletteLine], moved: bool) -> Option<usize> {
    let tokens = theme::tokens(ui);
    if lines.is_empty() {
        let nothing =
            if data.lists().known_services().is_empty() { "No command fits" } else { "No command or service fits" };
        quiet_ui(ui, nothing);
        return None;
    }
    let mut clicked = None;
    let list = ScrollArea::vertical().max_height(HEIGHT).min_scrolled_height(HEIGHT).auto_shrink([false, true]);
    list.show(ui, |ui| {
        for (place, line) in lines.iter().enumerate() {
            let is_chosen = place == view.palette_line;
            let fill = if is_chosen { tokens.selected } else { egui::Color32::TRANSPARENT };
            let item = egui::Frame::new().fill(fill).corner_radius(theme::radius::CONTROL).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add_enabled_ui(line.command.is_ok(), |ui| list_item(ui, line.icon, &line.text, &line.keys)).inner
            });
            if is_chosen && moved {
                item.response.scroll_to_me(None);
            }
            if item.inner.clicked() {
                clicked = Some(place);
            }
            if let Err(reason) = line.command {
                item.inner.on_disabled_hover_text(reason);
            }
        }
    });
    clicked
}
