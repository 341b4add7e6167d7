//! The command palette: type a few letters, press Enter.

use egui::{Key, Modifiers, RichText, ScrollArea};

use super::actions::{ACTIONS, Action, Group};
use crate::domain::{Service, sanitize_for_display};
use crate::grid::folded;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{list_item, search_field};

/// Services offered at most; typing narrows them.
const MOST_SERVICES: usize = 8;

/// The list is never higher, in points.
const HEIGHT: f32 = 320.0;

/// One line of the palette.
enum PaletteLine<'a> {
    Action(&'static Action),
    Backups(&'a Service),
}

impl PaletteLine<'_> {
    fn text(&self) -> String {
        match self {
            Self::Action(action) => action.name.to_owned(),
            Self::Backups(service) => {
                format!("Show backups of {} ({})", sanitize_for_display(service.label()), service.id.shown())
            }
        }
    }

    /// Why it cannot be used now.
    fn block(&self, data: &Data, view: &View) -> Option<&'static str> {
        match self {
            Self::Action(action) => (action.available)(data, view).err(),
            Self::Backups(_) => None,
        }
    }
}

pub(super) fn palette_ui(ui: &egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let lines = lines(data, view);
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
        ui.set_width(480.0);
        let field = search_field(ui, &mut view.palette, "Type a command or a service");
        if view.dialog_opened {
            field.request_focus();
        }
        if field.changed() {
            view.palette_line = 0;
        }
        ui.add_space(space::XS);
        lines_ui(ui, data, view, &lines, up || down)
    });
    let chosen = shown.inner.or(enter.then_some(view.palette_line));
    if let Some(line) = chosen.and_then(|place| lines.get(place)).filter(|line| line.block(data, view).is_none()) {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        match line {
            PaletteLine::Action(action) => action.run(data, view, commands),
            PaletteLine::Backups(service) => {
                commands.push(Command::List(ListCommand::ShowBackupsOf(service.id.clone())));
            }
        }
    } else if escape || shown.should_close() {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn lines<'a>(data: &'a Data, view: &View) -> Vec<PaletteLine<'a>> {
    let wanted = folded(&view.palette);
    let fits = |line: &PaletteLine<'_>| wanted.split_whitespace().all(|word| folded(&line.text()).contains(word));
    // What a read-only profile forbids stays in sight, off; anything else that is of no use now does not.
    let is_offered = |action: &&Action| {
        (action.available)(data, view).is_ok() || data.is_read_only() && action.group == Group::Schedule
    };
    let actions = ACTIONS.iter().filter(is_offered).map(PaletteLine::Action);
    let services =
        data.lists().known_services().iter().map(PaletteLine::Backups).filter(|line| fits(line)).take(MOST_SERVICES);
    actions.filter(|line| fits(line)).chain(services).collect()
}

/// Draws the lines; the place of a clicked one.
fn lines_ui(ui: &mut egui::Ui, data: &Data, view: &View, lines: &[PaletteLine<'_>], moved: bool) -> Option<usize> {
    let tokens = theme::tokens(ui);
    if lines.is_empty() {
        let nothing =
            if data.lists().known_services().is_empty() { "No command fits" } else { "No command or service fits" };
        ui.label(RichText::new(nothing).color(tokens.text_secondary));
        return None;
    }
    let mut clicked = None;
    let list = ScrollArea::vertical().max_height(HEIGHT).min_scrolled_height(HEIGHT).auto_shrink([false, true]);
    list.show(ui, |ui| {
        for (place, line) in lines.iter().enumerate() {
            let (glyph, keys) = match line {
                PaletteLine::Action(action) => (action.icon, action.keys_text(ui)),
                PaletteLine::Backups(_) => (icon::DATABASE, String::new()),
            };
            let block = line.block(data, view);
            let is_chosen = place == view.palette_line;
            let fill = if is_chosen { tokens.selected } else { egui::Color32::TRANSPARENT };
            let item = egui::Frame::new().fill(fill).corner_radius(theme::radius::CONTROL).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.add_enabled_ui(block.is_none(), |ui| list_item(ui, glyph, &line.text(), &keys)).inner
            });
            if is_chosen && moved {
                item.response.scroll_to_me(None);
            }
            if item.inner.clicked() {
                clicked = Some(place);
            }
            if let Some(reason) = block {
                item.inner.on_disabled_hover_text(reason);
            }
        }
    });
    clicked
}
