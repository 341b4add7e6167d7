//! The rail on the left: the screens.

use egui::{Align2, CursorIcon, Role, Sense, Stroke, TextStyle, WidgetInfo, pos2, vec2};

use egui::text::{LayoutJob, TextWrapping};

use super::text::small_ui;
use crate::domain::{sanitize_for_display, short_count_text};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, Screen, ViewsCommand, WindowCommand};
use crate::theme::{self, icon, radius, space};
use crate::widgets::{icon_button, selected};

/// The width of the rail, in points.
pub(super) const WIDTH: f32 = 168.0;
/// The height of one line.
const ITEM: f32 = 32.0;
/// What the line of the settings takes at the bottom.
const SETTINGS: f32 = 44.0;

const SCREENS: [(Screen, &str, &str); 6] = [
    (Screen::Overview, icon::OVERVIEW, "Overview"),
    (Screen::Timeline, icon::TIMELINE, "Timeline"),
    (Screen::Backups, icon::BACKUP, "Backups"),
    (Screen::Schedules, icon::SCHEDULE, "Schedules"),
    (Screen::Restores, icon::RESTORE, "Restores"),
    (Screen::Activity, icon::ACTIVITY, "Activity"),
];

pub(super) fn rail_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 2.0;
    for (screen, glyph, name) in SCREENS {
        let count = match screen {
            Screen::Overview => {
                let problems = data.coverage().and_then(|it| it.report()).map_or(0, |report| report.problems);
                (problems > 0).then(|| short_count_text(problems))
            }
            Screen::Backups => data.backups().remote.value().map(|rows| short_count_text(rows.len())),
            Screen::Schedules => data.schedules().remote.value().map(|rows| short_count_text(rows.len())),
            Screen::Restores => data.restores().remote.value().map(|rows| short_count_text(rows.len())),
            Screen::Timeline | Screen::Activity | Screen::Settings => None,
        };
        let is_chosen = view.screen == screen && data.open_view(screen).is_none();
        if item_ui(ui, glyph, name, count, is_chosen) {
            commands.push(Command::Window(WindowCommand::Go(screen)));
        }
    }
    views_ui(ui, data, view, commands);
    ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if item_ui(ui, icon::GEAR, "Settings", None, view.screen == Screen::Settings) {
            commands.push(Command::Window(WindowCommand::Go(Screen::Settings)));
        }
    });
}

/// The saved views, as far as there is room; nothing without any.
fn views_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    if data.settings.saved_views.is_empty() {
        return;
    }
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.add_space(space::S);
        small_ui(ui, "Views");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, icon::EDIT, "Manage saved views").clicked() {
                commands.push(Command::Views(ViewsCommand::Manage));
            }
        });
    });
    let height = (ui.available_height() - SETTINGS).max(ITEM);
    egui::ScrollArea::vertical().id_salt("views").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for saved in &data.settings.saved_views {
            let is_chosen = data.open_view(view.screen) == Some(saved.name.as_str());
            let name = sanitize_for_display(&saved.name);
            if ui.push_id(&saved.name, |ui| item_ui(ui, icon::FILTER, &name, None, is_chosen)).inner {
                commands.push(Command::Views(ViewsCommand::Open(saved.name.clone())));
            }
        }
    });
}

/// One line of the rail; true if it was clicked.
fn item_ui(ui: &mut egui::Ui, glyph: &str, name: &str, count: Option<String>, chosen: bool) -> bool {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ITEM), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Tab, ui.is_enabled(), name));
    selected(&response, chosen);
    let color = if chosen { tokens.text } else { tokens.text_secondary };
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(rect, radius::CONTROL, tokens.selected);
        let mark = egui::Rect::from_min_size(rect.min + vec2(0.0, 8.0), vec2(3.0, 16.0));
        painter.rect_filled(mark, 1.5, tokens.accent_text);
    } else if response.hovered() {
        painter.rect_filled(rect, radius::CONTROL, tokens.hover);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, radius::CONTROL, Stroke::new(2.0, tokens.accent_text), egui::StrokeKind::Inside);
    }
    let y = rect.center().y;
    let body = TextStyle::Body.resolve(ui.style());
    painter.text(pos2(rect.left() + 22.0, y), Align2::CENTER_CENTER, glyph, theme::icon_font(17.0), color);
    let room = rect.width() - 40.0 - if count.is_some() { 40.0 } else { space::S };
    let mut words = LayoutJob::simple_singleline(name.to_owned(), body, color);
    words.wrap = TextWrapping::truncate_at_width(room);
    let words = painter.layout_job(words);
    let is_cut = words.elided;
    painter.galley(pos2(rect.left() + 40.0, y - words.size().y / 2.0), words, color);
    if let Some(count) = count {
        let mono = egui::FontId::monospace(11.5);
        painter.text(
            pos2(rect.right() - space::S, y),
            Align2::RIGHT_CENTER,
            count,
            mono,
            if chosen { tokens.text_secondary } else { tokens.text_faint },
        );
    }
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let is_clicked = response.clicked();
    if is_cut {
        response.on_hover_text(name);
    }
    is_clicked
}
