//! A menu of values to choose several of.

use std::collections::BTreeSet;

use egui::{Popup, PopupCloseBehavior, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, vec2};

use super::button::{ActionButton, ButtonStyle};
use super::menu::{begin_menu, menu_item};
use super::paint;
use super::search::search_field;
use crate::domain::format_count;
use crate::grid::folded;
use crate::theme::{self, icon, radius, space};

/// A button that opens a list of `(value, label, count)` with marks; tells whether `selected` changed.
///
/// The button says what is chosen: the label of one, the count of several.
pub fn filter_menu(
    ui: &mut Ui,
    name: &str,
    options: &[(String, String, usize)],
    selected: &mut BTreeSet<String>,
) -> bool {
    let caption = caption(name, options, selected);
    let weight = if selected.is_empty() { ButtonStyle::Secondary } else { ButtonStyle::Chosen };
    let button = ui.add(ActionButton::new(weight, &caption).trailing_icon(icon::CARET_DOWN));
    let mut changed = false;
    Popup::menu(&button).accessible_name(name).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        begin_menu(ui);
        if options.is_empty() {
            ui.label(egui::RichText::new("Nothing to choose from yet").color(theme::tokens(ui).text_secondary));
        }
        let wanted = if options.len() > SEARCHED { search_ui(ui, name) } else { String::new() };
        let found: Vec<_> = options.iter().filter(|(_, label, _)| folded(label).contains(&wanted)).collect();
        if found.is_empty() && !options.is_empty() {
            ui.label(egui::RichText::new("None matches").color(theme::tokens(ui).text_secondary));
        }
        let area = ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]);
        area.show_rows(ui, theme::height::ROW, found.len(), |ui, range| {
            for option in found.get(range).unwrap_or_default() {
                changed |= option_ui(ui, option, selected);
            }
        });
        if !selected.is_empty() {
            ui.separator();
            if menu_item(ui, icon::CLOSE, "Clear", "").clicked() {
                selected.clear();
                changed = true;
            }
        }
    });
    changed
}

/// From this many values on, a menu has a field to find one.
const SEARCHED: usize = 8;

/// The field above the values; what is typed in it, ready to be looked for. It is empty again each time the menu opens.
fn search_ui(ui: &mut Ui, name: &str) -> String {
    let slot = ui.scope_id().with("search");
    let pass = ui.cumulative_pass_nr();
    let kept: Option<(u64, String)> = ui.data(|data| data.get_temp(slot));
    let is_open = kept.as_ref().is_some_and(|(last, _)| last + 1 >= pass);
    let mut text = kept.filter(|_| is_open).map(|(_, text)| text).unwrap_or_default();
    let label = format!("Find in {}", name.to_lowercase());
    let field = search_field(ui, &mut text, "Find…").accessible_name(&label);
    if !is_open {
        field.request_focus();
    }
    ui.add_space(space::XS);
    let wanted = folded(text.trim());
    ui.data_mut(|data| data.insert_temp(slot, (pass, text)));
    wanted
}

/// How many characters of a value fit on the button.
const LONGEST: usize = 20;

fn caption(name: &str, options: &[(String, String, usize)], selected: &BTreeSet<String>) -> String {
    match (selected.len(), selected.first()) {
        (1, Some(only)) => {
            let label = options.iter().find(|(value, ..)| value == only).map_or(only, |(_, label, _)| label);
            let mut label: String = label.chars().take(LONGEST + 1).collect();
            if label.chars().count() > LONGEST {
                label.pop();
                label.push('…');
            }
            format!("{name}: {label}")
        }
        (0, _) => name.to_owned(),
        (count, _) => format!("{name}: {count}"),
    }
}

fn option_ui(ui: &mut Ui, (value, label, count): &(String, String, usize), selected: &mut BTreeSet<String>) -> bool {
    const BOX: f32 = 16.0;
    let tokens = theme::tokens(ui);
    let is_on = selected.contains(value);
    let body = TextStyle::Body.resolve(ui.style());
    let figures = paint::whole_line(ui, &format_count(count), &TextStyle::Monospace, tokens.text_faint);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::height::ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), is_on, label));
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, radius::CONTROL, tokens.hover);
    }
    let y = rect.center().y;
    let mark = egui::Rect::from_center_size(egui::pos2(rect.left() + space::S + BOX / 2.0, y), vec2(BOX, BOX));
    if is_on {
        painter.rect_filled(mark, radius::CONTROL, tokens.accent_fill);
        paint::icon(painter, mark.center(), icon::CHECK, 12.0, tokens.on_accent);
    } else {
        let stroke = egui::Stroke::new(1.0, tokens.line_strong);
        painter.rect(mark, radius::CONTROL, tokens.base, stroke, egui::StrokeKind::Inside);
    }
    let left = mark.right() + space::S;
    let right = rect.right() - space::S - figures.size().x;
    // What would leave nothing is still there, so that no line moves.
    let color = if *count == 0 && !is_on { tokens.text_faint } else { tokens.text };
    let words = paint::line(painter, label, body, color, right - space::S - left);
    let is_cut = words.elided;
    paint::left_centered(painter, left, y, words, color);
    paint::left_centered(painter, right, y, figures, tokens.text_faint);
    paint::focus_ring(ui, &response, rect);
    let clicked = response.clicked();
    if is_cut {
        response.on_hover_text(label);
    }
    if clicked && !selected.remove(value) {
        selected.insert(value.clone());
    }
    clicked
}
