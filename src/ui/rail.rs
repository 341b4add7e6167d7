//! The rail on the left: the screens.

use egui::{Align2, CursorIcon, Role, Sense, Stroke, TextStyle, WidgetInfo, pos2, vec2};

use crate::domain::short_count_text;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, Screen, WindowCommand};
use crate::theme::{self, icon, radius, space};
use crate::widgets::selected;

/// The width of the rail, in points.
pub(super) const WIDTH: f32 = 168.0;

const SCREENS: [(Screen, &str, &str); 5] = [
    (Screen::Overview, icon::OVERVIEW, "Overview"),
    (Screen::Timeline, icon::TIMELINE, "Timeline"),
    (Screen::Backups, icon::BACKUP, "Backups"),
    (Screen::Schedules, icon::SCHEDULE, "Schedules"),
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
            Screen::Timeline | Screen::Activity | Screen::Settings => None,
        };
        if item_ui(ui, glyph, name, count, view.screen == screen) {
            commands.push(Command::Window(WindowCommand::Go(screen)));
        }
    }
    ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if item_ui(ui, icon::GEAR, "Settings", None, view.screen == Screen::Settings) {
            commands.push(Command::Window(WindowCommand::Go(Screen::Settings)));
        }
    });
}

/// One line of the rail; true if it was clicked.
fn item_ui(ui: &mut egui::Ui, glyph: &str, name: &str, count: Option<String>, chosen: bool) -> bool {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::click());
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
    painter.text(pos2(rect.left() + 40.0, y), Align2::LEFT_CENTER, name, body, color);
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
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
