//! The line above the rows of a service in a grouped table: what the service is called, how many rows it has, how many of them failed, its
//! newest good backup. A click shows or hides the rows.

use egui::{Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, pos2};

use super::menu::{self, menu_item};
use super::table_parts::{Frame, LEADING_PAD, Memory, PADDING, ReadLine};
use super::{paint, table_nodes};
use crate::domain::{format_count, sanitize_for_display};
use crate::grid::{Facet, Focus, Row, ServiceGroup, TableCommand};
use crate::theme::{self, icon, space};

/// The width of the caret with the space behind it, in points.
const CARET: f32 = 20.0;
/// The width of the number of rows, in points.
const COUNT: f32 = 124.0;
/// The width of the number of failed rows, in points.
const FAILED: f32 = 96.0;

/// The group of this number at this line, over `row`.
pub(super) fn group_ui<R: Row>(
    ui: &Ui,
    frame: &Frame<'_, R>,
    memory: &mut Memory,
    [line, number]: [usize; 2],
    row: Rect,
) {
    let Some(group) = frame.table.lines.group(number) else { return };
    let is_expanded = frame.table.lines.is_expanded(number);
    let rect = Rect::from_x_y_ranges(frame.viewport.x_range(), row.y_range());
    let words = GroupWords::new::<R>(group, (frame.table.newest_good)(group));
    let response = ui.interact(rect, frame.id.with(("group", group.service.as_str())), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, ui.is_enabled(), words.sentence()));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(is_expanded));
    let is_focused = frame.table.selection.focused_group() == Some(&group.service);
    paint_ui(ui, &words, &response, [is_expanded, is_focused && frame.has_focus]);
    if is_focused {
        memory.focused_row = Some(response.id);
    }
    memory.takes_keyboard |= response.clicked() || response.secondary_clicked() || response.is_pointer_button_down_on();
    if response.clicked() {
        // It is in sight: nothing to follow.
        memory.is_following = false;
        memory.commands.push(TableCommand::Expand(group.service.clone(), !is_expanded));
    }
    group_menu(&response, frame, group, memory);
    if frame.is_read {
        table_nodes::line_node(ui, ReadLine { id: response.id, line, is_selected: None, cells: Vec::new() });
    }
}

/// What the line of a group says.
struct GroupWords {
    name: String,
    rows: String,
    failed: Option<String>,
    newest_good: String,
}

impl GroupWords {
    fn new<R: Row>(group: &ServiceGroup, newest_good: Option<String>) -> Self {
        let name = if group.label.is_empty() { "No service".into() } else { sanitize_for_display(&group.label) };
        let plural = if group.rows == 1 { "" } else { "s" };
        Self {
            name: name.into_owned(),
            rows: format!("{} {}{plural}", format_count(group.rows), R::NOUN),
            failed: (group.failed > 0).then(|| format!("{} failed", format_count(group.failed))),
            newest_good: newest_good.unwrap_or_default(),
        }
    }

    /// All of it, for screen readers.
    fn sentence(&self) -> String {
        let Self { name, rows, failed, newest_good } = self;
        let parts = [Some(name), Some(rows), failed.as_ref(), Some(newest_good)].into_iter().flatten();
        parts.filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

fn paint_ui(ui: &Ui, words: &GroupWords, response: &Response, [is_expanded, has_ring]: [bool; 2]) {
    let (tokens, painter, rect) = (theme::tokens(ui), ui.painter(), response.rect);
    let is_hot = response.hovered() || paint::has_context_menu(response);
    painter.rect_filled(rect, 0, if is_hot { tokens.hover } else { tokens.panel });
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    if has_ring {
        let stroke = Stroke::new(2.0, tokens.accent_text);
        painter.rect_stroke(rect, theme::radius::CONTROL - 1, stroke, StrokeKind::Inside);
    }
    let y = rect.center().y - 0.5;
    let mut x = rect.left() + LEADING_PAD + PADDING;
    let caret = if is_expanded { icon::CARET_DOWN } else { icon::CARET_RIGHT };
    paint::icon(painter, pos2(x + 6.0, y), caret, 13.0, tokens.text_secondary);
    x += CARET;
    let mut column = |text: &str, font: FontId, color: Color32, width: f32| {
        let galley = paint::line(painter, text, font, color, width.min(rect.right() - x) - space::S);
        paint::left_centered(painter, x, y, galley, color);
        x += width;
    };
    let body = || TextStyle::Body.resolve(ui.style());
    column(&words.name, theme::semibold(13.0), tokens.text, (rect.width() * 0.28).clamp(120.0, 300.0));
    column(&words.rows, body(), tokens.text_secondary, COUNT);
    column(words.failed.as_deref().unwrap_or_default(), body(), tokens.bad, FAILED);
    column(&words.newest_good, body(), tokens.text_secondary, f32::INFINITY);
}

fn group_menu<R: Row>(response: &Response, frame: &Frame<'_, R>, group: &ServiceGroup, memory: &mut Memory) {
    let by_key = frame.has_focus && memory.menu_of.take_if(|of| *of == Focus::Group(group.service.clone())).is_some();
    let below = response.rect.with_max_x(response.rect.left() + 160.0);
    menu::context_menu(response, by_key, below, |ui| {
        let lines = [
            (icon::CARET_DOWN, "Expand all", TableCommand::ExpandAll(true)),
            (icon::CARET_RIGHT, "Collapse all", TableCommand::ExpandAll(false)),
            (
                icon::FILTER,
                "Only this service",
                TableCommand::FilterBy(Facet::Service, group.service.as_str().to_owned()),
            ),
        ];
        for (glyph, text, command) in lines {
            if menu_item(ui, glyph, text, "").clicked() {
                memory.commands.push(command);
                ui.close();
            }
        }
    });
}
