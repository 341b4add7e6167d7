//! Lanes: rows of bars on one axis, such as one row for each service on an axis of time.

use egui::{
    Align2, Color32, CursorIcon, Rect, Role, Sense, Shape, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::paint;
use super::row_list::ListedRow;
use crate::theme::{self, Tokens, height, icon, space};

/// The height of a lane.
pub const LANE_HEIGHT: f32 = 44.0;
/// The height of the labels above all lanes.
const HEADER: f32 = 40.0;
/// Between the edges of a lane and its bars.
const PAD: f32 = 5.0;
/// A bar is at most as high as this, and never narrower than this.
const BAR: (f32, f32) = (14.0, 4.0);
/// A bar without a known end is as wide as this.
const UNKNOWN_WIDTH: f32 = 10.0;
/// Between two labels of the axis.
const LABEL_GAP: f32 = space::S;

/// A mark on the axis; places are from 0 at its begin to 1 at its end.
#[derive(Clone, Debug)]
pub struct AxisMark {
    /// Where.
    pub at: f32,
    /// What it says; a mark without room for its words is drawn without them.
    pub label: String,
    /// What kind it is.
    pub kind: MarkKind,
}

/// What kind of mark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// One of many.
    Minor,
    /// Where a part begins, such as a day.
    Major,
    /// Something changes here.
    Change,
    /// The present.
    Now,
}

/// How a bar looks. Each look has its own form, so that no meaning is in the color alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarLook {
    /// An outline.
    Planned,
    /// A dashed outline.
    Perhaps,
    /// Filled.
    Good,
    /// Filled, with a cross.
    Bad,
    /// Filled, with an arrow.
    Running,
    /// Filled faintly.
    Other,
}

/// A bar; places as those of the marks.
#[derive(Clone, Copy, Debug)]
pub struct LaneBar {
    /// Its begin.
    pub from: f32,
    /// Its end, where that is known.
    pub until: Option<f32>,
    /// The track of the lane that it is on.
    pub track: usize,
    /// How it looks.
    pub look: BarLook,
    /// It stands for several.
    pub is_several: bool,
    /// It is outlined, because something is to be seen about it.
    pub is_marked: bool,
}

/// One lane.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    /// What it is about.
    pub title: &'a str,
    /// More about it.
    pub note: &'a str,
    /// All of it for a screen reader.
    pub name: &'a str,
    /// Its bars, in the order of their begins.
    pub bars: &'a [LaneBar],
    /// How many tracks it has.
    pub tracks: usize,
}

/// What was done to a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneResponse {
    /// The bar under the pointer or at the keyboard.
    pub current: Option<usize>,
    /// It was clicked: the bar, or the lane as such.
    pub clicked: Option<Option<usize>>,
}

/// The axis of all lanes.
#[derive(Clone, Copy, Debug)]
pub struct LaneAxis<'a> {
    /// What is left of it, for the titles.
    pub head: f32,
    /// Its marks, in their order.
    pub marks: &'a [AxisMark],
}

impl LaneAxis<'_> {
    fn range(&self, rect: Rect) -> egui::Rangef {
        egui::Rangef::new(rect.left() + space::L + self.head, rect.right() - space::L)
    }

    /// The length of the axis in a row of this width.
    pub(super) fn span(&self, width: f32) -> f32 {
        (width - self.head - 2.0 * space::L).max(0.0)
    }

    pub(super) fn x(&self, rect: Rect, at: f32) -> f32 {
        let range = self.range(rect);
        range.min + at.clamp(0.0, 1.0) * range.span()
    }
}

/// The labels of the axis; `title` is above the titles of the lanes.
pub fn lane_axis_ui(ui: &mut Ui, title: &str, axis: LaneAxis<'_>) {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
    let small = TextStyle::Small.resolve(ui.style());
    let words = paint::line(ui.painter(), title, small.clone(), tokens.text_secondary, axis.head - space::S);
    paint::left_centered(ui.painter(), rect.left() + space::L, rect.top() + 11.0, words, tokens.text_secondary);
    // Days and hours in the first line, what is special in the second; in neither do labels meet.
    let mut free = [f32::NEG_INFINITY; 2];
    for (number, mark) in axis.marks.iter().enumerate() {
        let x = axis.x(rect, mark.at);
        let (line, color) = match mark.kind {
            MarkKind::Minor => (0, tokens.text_faint),
            MarkKind::Major => (0, tokens.text_secondary),
            MarkKind::Change => (1, tokens.warn),
            MarkKind::Now => (1, tokens.accent_text),
        };
        let galley = paint::line(ui.painter(), &mark.label, small.clone(), color, f32::INFINITY);
        // The last label ends with the axis.
        let left = (x + 3.0).min(rect.right() - space::XS - galley.size().x);
        let Some(free) = free.get_mut(line).filter(|free| **free <= left) else { continue };
        *free = left + galley.size().x + LABEL_GAP;
        let part = Rect::from_min_size(pos2(left, rect.top() + 3.0 + 17.0 * line as f32), galley.size());
        let label = ui.interact(part, ui.scope_id().with(("mark", number)), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &mark.label));
        ui.painter().galley(part.min, galley, color);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, tokens.line_subtle));
}

/// Draws a lane; `words` says what a bar is, in words. Left and Right go from bar to bar, at first to the one nearest to `start`.
pub fn lane_ui(
    ui: &Ui,
    row: &ListedRow<'_>,
    axis: LaneAxis<'_>,
    lane: Lane<'_>,
    start: f32,
    words: &dyn Fn(usize) -> String,
) -> LaneResponse {
    let places: Vec<i64> = lane.bars.iter().map(|bar| place(bar.from)).collect();
    let at_keyboard = row.current_cell(ui, &places, place(start));
    row.response.widget_info(|| {
        let bar = at_keyboard.map(|bar| format!(". {}", words(bar))).unwrap_or_default();
        WidgetInfo::labeled(Role::Row, ui.is_enabled(), format!("{}{bar}", lane.name))
    });
    lane_title_ui(ui, row.rect, axis.head, lane.title, lane.note);
    marks_ui(ui, row.rect, axis);
    let mut answer = LaneResponse { current: at_keyboard, clicked: row.response.clicked().then_some(at_keyboard) };
    for (number, bar) in lane.bars.iter().enumerate() {
        let rect = bar_rect(row.rect, axis, lane.tracks, bar);
        bar_ui(ui, rect, bar);
        // A thin bar is met beside it, too.
        let touched = rect.expand2(vec2(((8.0 - rect.width()) / 2.0).max(0.0), 1.0));
        let response = ui.interact(touched, row.response.id.with(number), Sense::CLICK);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), words(number)));
        if response.hovered() || at_keyboard == Some(number) {
            let ring = Stroke::new(2.0, theme::tokens(ui).accent_text);
            ui.painter().rect_stroke(rect.expand(2.0), 2, ring, StrokeKind::Outside);
        }
        if response.hovered() {
            answer.current = Some(number);
        }
        if response.clicked() {
            answer.clicked = Some(Some(number));
        }
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_ui(|ui| {
            ui.label(words(number));
        });
    }
    paint::focus_ring(ui, &row.response, row.rect);
    answer
}

/// Where a bar is along its lane, fine enough to tell any two apart that can be seen.
#[expect(clippy::cast_possible_truncation, reason = "a place is from 0 to 1")]
fn place(at: f32) -> i64 {
    (at * 1_000_000.0) as i64
}

pub(super) fn lane_title_ui(ui: &Ui, rect: Rect, width: f32, title: &str, note: &str) {
    let tokens = theme::tokens(ui);
    let (left, width) = (rect.left() + space::L, width - space::M);
    let upper = if note.is_empty() { rect.center().y } else { rect.center().y - 8.5 };
    let title = paint::line(ui.painter(), title, theme::strong().resolve(ui.style()), tokens.text, width);
    paint::left_centered(ui.painter(), left, upper, title, tokens.text);
    let small = TextStyle::Small.resolve(ui.style());
    let note = paint::line(ui.painter(), note, small, tokens.text_secondary, width);
    paint::left_centered(ui.painter(), left, rect.center().y + 9.0, note, tokens.text_secondary);
}

pub(super) fn marks_ui(ui: &Ui, rect: Rect, axis: LaneAxis<'_>) {
    let tokens = theme::tokens(ui);
    for mark in axis.marks {
        let x = axis.x(rect, mark.at);
        match mark.kind {
            MarkKind::Minor => {}
            MarkKind::Major => {
                ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, tokens.line_subtle));
            }
            MarkKind::Change => {
                let ends = [pos2(x, rect.top()), pos2(x, rect.bottom())];
                ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, tokens.warn), 3.0, 3.0));
            }
            MarkKind::Now => {
                ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, tokens.accent_text));
            }
        }
    }
}

fn bar_rect(row: Rect, axis: LaneAxis<'_>, tracks: usize, bar: &LaneBar) -> Rect {
    let (most, least) = BAR;
    let pitch = ((LANE_HEIGHT - 2.0 * PAD) / tracks.max(1) as f32).min(most + 2.0);
    let top = row.center().y - pitch * tracks.max(1) as f32 / 2.0 + pitch * bar.track as f32;
    let from = axis.x(row, bar.from);
    let until = bar.until.map_or(from + UNKNOWN_WIDTH, |until| axis.x(row, until));
    Rect::from_min_max(pos2(from, top + 1.0), pos2(until.max(from + least), top + pitch - 1.0))
}

fn look_color(look: BarLook, tokens: &Tokens) -> Color32 {
    match look {
        BarLook::Planned => tokens.accent_text,
        BarLook::Perhaps | BarLook::Other => tokens.text_secondary,
        BarLook::Good => tokens.ok,
        BarLook::Bad => tokens.bad,
        BarLook::Running => tokens.running,
    }
}

fn bar_ui(ui: &Ui, rect: Rect, bar: &LaneBar) {
    let tokens = theme::tokens(ui);
    let color = look_color(bar.look, tokens);
    let painter = ui.painter();
    if bar.is_marked {
        painter.rect_stroke(rect.expand(1.0), 2, Stroke::new(1.5, tokens.warn), StrokeKind::Outside);
    }
    let is_filled = !matches!(bar.look, BarLook::Planned | BarLook::Perhaps);
    if bar.until.is_none() {
        // A pin: where it begins is known, how far it goes is not.
        painter.vline(rect.left() + 1.0, rect.y_range(), Stroke::new(2.0, color));
        let ends = [pos2(rect.left() + 3.0, rect.center().y), pos2(rect.right(), rect.center().y)];
        painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, color), 2.0, 2.0));
    } else if is_filled {
        let faded = if bar.is_several || bar.look == BarLook::Other { 0.55 } else { 1.0 };
        painter.rect_filled(rect, 2, color.gamma_multiply(faded));
    } else if bar.look == BarLook::Perhaps {
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
        painter.extend(Shape::dashed_line(&corners, Stroke::new(1.0, color), 2.0, 2.0));
    } else {
        painter.rect(rect, 2, color.gamma_multiply(0.2), Stroke::new(1.0, color), StrokeKind::Inside);
    }
    if bar.is_several && !is_filled {
        painter.hline(rect.x_range(), rect.center().y, Stroke::new(1.0, color));
    }
    let glyph = match bar.look {
        BarLook::Bad => icon::CLOSE,
        BarLook::Running => icon::CARET_RIGHT,
        _ => return,
    };
    // Beside the bar, where it is in sight also of a thin one.
    let at = pos2(rect.right() + 5.0, rect.center().y);
    painter.text(at, Align2::CENTER_CENTER, glyph, theme::icon_font(9.0), color);
}

/// The shape of lanes that are still loading.
pub fn lanes_skeleton_ui(ui: &mut Ui, head: f32) {
    let tokens = theme::tokens(ui);
    ui.add_space(height::ROW);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut number = 0.0_f32;
    while ui.available_height() >= LANE_HEIGHT {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LANE_HEIGHT), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
        let left = rect.left() + space::L;
        for (from, width) in [(0.0, head * 0.6), (head + number * 37.0 % 200.0, 60.0), (head + 300.0, 40.0)] {
            let bar = Rect::from_min_size(pos2(left + from, rect.center().y - 4.0), vec2(width, 8.0));
            ui.painter().rect_filled(bar.intersect(rect), theme::radius::CONTROL, tokens.hover);
        }
        number += 1.0;
    }
}
