//! Rows of a detail pane: a name, a value, and a way to copy it.
//!
//! A pane has dozens of them, so their parts are placed and laid out here: a `Ui` for each takes as long as two or three widgets.

use egui::emath::GuiRounding;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::text_selection::LabelSelectionState;
use egui::{
    Align, Color32, Id, InputState, Layout, Pos2, Rect, Role, Sense, Stroke, TextStyle, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::button::icon_button_over;
use super::paint;
use crate::theme::{self, icon, space};

/// Between two lines of a value, in points.
const LINE_GAP: f32 = 2.0;

/// A name in a fixed column, with `help` as its tooltip, and a value that wraps; a button copies the value. Empty values show as a dash.
pub fn key_value(ui: &mut Ui, name: &str, help: &str, value: &str, style: &TextStyle) {
    row(ui, name, help, value, |ui, id, space| {
        let (text, color) =
            if value.is_empty() { ("–", theme::tokens(ui).text_faint) } else { (value, ui.visuals().text_color()) };
        let job = LayoutJob::simple(text.to_owned(), style.resolve(ui.style()), color, space.width());
        selectable_ui(ui, id, space.min, job)
    });
}

/// The same with an icon and word in a color, for a status.
pub fn key_value_icon(ui: &mut Ui, name: &str, help: &str, glyph: &str, word: &str, color: Color32) {
    row(ui, name, help, word, |ui, _, space| {
        let mut shown = ui.new_child(UiBuilder::new().max_rect(space).layout(Layout::top_down(Align::Min)));
        super::badge::status_badge(&mut shown, glyph, word, color).rect
    });
}

/// The same for an instant: one line per clock, each a time and the name of its zone. The first one is copied.
pub fn key_value_clocks(ui: &mut Ui, name: &str, help: &str, clocks: &[(String, String)]) {
    let copied = clocks.first().map(|(time, zone)| format!("{time} {zone}")).unwrap_or_default();
    key_value_lines(ui, name, help, clocks, &copied);
}

/// The same for a value in several lines, each a figure and its unit; `copied` is what the button copies.
pub fn key_value_lines(ui: &mut Ui, name: &str, help: &str, lines: &[(String, String)], copied: &str) {
    row(ui, name, help, copied, |ui, id, space| {
        let tokens = theme::tokens(ui);
        let (mono, small) = (TextStyle::Monospace.resolve(ui.style()), TextStyle::Small.resolve(ui.style()));
        let mut all = Rect::from_min_size(space.min, vec2(0.0, 0.0));
        for (number, (figure, unit)) in lines.iter().enumerate() {
            let color = if number == 0 { tokens.text } else { tokens.text_secondary };
            let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(space.width()), ..LayoutJob::default() };
            job.append(figure, 0.0, TextFormat::simple(mono.clone(), color));
            job.append(&format!(" {unit}"), 0.0, TextFormat::simple(small.clone(), tokens.text_secondary));
            let top = if number == 0 { all.top() } else { all.bottom() + LINE_GAP };
            all |= selectable_ui(ui, id.with(number), pos2(space.left(), top), job);
        }
        all
    });
}

/// A text that can be selected, with its left upper corner at `at`; where it is. What [`egui::Label`] does, without a `Ui` around it, and
/// without telling screen readers the place of each sign of a text that nobody points at: they read it as one.
fn selectable_ui(ui: &Ui, id: Id, at: Pos2, job: LayoutJob) -> Rect {
    let galley = ui.painter().layout_job(job);
    let rect = Rect::from_min_size(at, galley.size()).round_ui();
    // A finger that moves scrolls.
    let sense = if ui.input(InputState::has_touch_screen) { Sense::CLICK } else { Sense::CLICK | Sense::DRAG };
    let mut response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), galley.text()));
    if ui.is_rect_visible(rect) {
        if galley.elided {
            let (text, sections) = (galley.job.text.clone(), galley.job.sections.clone());
            response = response.on_hover_text(LayoutJob { text, sections, ..LayoutJob::default() });
        }
        let color = ui.visuals().text_color();
        let selects = |selection: &mut LabelSelectionState| selection.has_selection();
        if response.contains_pointer()
            || response.is_pointer_button_down_on()
            || ui.ctx().with_plugin(selects).unwrap_or_default()
        {
            LabelSelectionState::label_text_selection(ui, &response, rect.min, galley, color, Stroke::NONE);
        } else {
            ui.painter().galley(rect.min, galley, color);
        }
    }
    rect
}

/// A row; `add` shows the value in the space it is given, under this id, and returns what it took of it.
fn row(ui: &mut Ui, name: &str, help: &str, value: &str, add: impl FnOnce(&mut Ui, Id, Rect) -> Rect) {
    let (tokens, id, whole) = (theme::tokens(ui), ui.next_auto_id(), ui.available_rect_before_wrap());
    let name_width = (whole.width() * 0.32).clamp(88.0, 128.0).round_ui();
    let font = TextStyle::Small.resolve(ui.style());
    // A long name takes two lines; cut it would have to be guessed.
    let words = ui.painter().layout(name.to_owned(), font, tokens.text_secondary, name_width);
    let height = theme::height::ROW_COMPACT.max(words.size().y + space::S).round_ui();
    let name_rect = Rect::from_min_size(whole.min, vec2(name_width, height));
    let cell = ui.interact(name_rect, id.with("name"), Sense::hover());
    cell.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    paint::left_centered(ui.painter(), name_rect.left(), name_rect.center().y, words, tokens.text_secondary);
    if !help.is_empty() {
        paint::tooltip(cell, help);
    }
    let side = theme::height::ROW_COMPACT;
    let copy = Rect::from_min_size(pos2(whole.right() - side, whole.top()), vec2(side, side));
    if !value.is_empty()
        && icon_button_over(ui, id.with("copy"), copy, icon::COPY, &format!("Copy {}", name.to_lowercase())).clicked()
    {
        ui.copy_text(value.to_owned());
    }
    let space = Rect::from_min_max(
        pos2(name_rect.right() + space::S, whole.top() + 3.0),
        pos2(copy.left() - space::S, whole.bottom()),
    );
    let shown = add(ui, id.with("value"), space);
    ui.advance_cursor_after_rect(shown.union(name_rect).union(copy));
}
