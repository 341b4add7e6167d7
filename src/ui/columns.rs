//! The dialog of columns: which are shown, in what order. Every click takes effect at once.

use egui::{Align, ScrollArea, Ui};

use super::text::quiet_ui;
use crate::domain::{Backup, Restore, Schedule};
use crate::grid::{Column, ColumnLayout, Layout, Row};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, TableCommand, TableId, WindowCommand};
use crate::theme::{icon, space};
use crate::widgets::{ActionButton, ButtonStyle, icon_button, info_dialog_ui};

/// The dialog for one of the tables.
pub fn columns_ui(ui: &mut Ui, data: &Data, _view: &mut View, table: TableId, commands: &mut Commands) {
    let title = match table {
        TableId::Backups => "Columns of the backups table",
        TableId::Schedules => "Columns of the schedules table",
        TableId::Restores => "Columns of the restores table",
    };
    let closed = info_dialog_ui(ui, "columns", title, 440.0, |ui| match table {
        TableId::Backups => list_ui::<Backup>(ui, &data.shown_backups().layout, table, commands),
        TableId::Schedules => list_ui::<Schedule>(ui, &data.schedules().layout, table, commands),
        TableId::Restores => list_ui::<Restore>(ui, &data.restores().layout, table, commands),
    });
    if closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn list_ui<R: Row>(ui: &mut Ui, layout: &Layout, table: TableId, commands: &mut Commands) {
    let mut push = |command| commands.push(Command::Table(table, command));
    let shown = layout.visible().count();
    ui.horizontal(|ui| {
        quiet_ui(ui, format!("{shown} of {} shown", layout.columns.len()));
        ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
            let reset = ActionButton::new(ButtonStyle::Quiet, "Restore defaults").icon(icon::RESTORE);
            if ui.add(reset).on_hover_text("Restore default columns, widths and sort").clicked() {
                push(TableCommand::ResetLayout);
            }
        });
    });
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(160.0, 480.0);
    let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]);
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_max_width(ui.available_width() - space::M);
        for (index, laid) in layout.columns.iter().enumerate() {
            let Some(column) = R::column(laid.key.as_str()) else { continue };
            let (is_last, is_only) = (index + 1 == layout.columns.len(), laid.visible && shown == 1);
            ui.push_id(&column.key, |ui| {
                ui.horizontal(|ui| {
                    shown_ui(ui, column, laid, is_only, &mut push);
                    ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                        move_ui(ui, column.header, index, is_last, &mut push);
                    });
                });
            });
        }
    });
}

/// Whether a column is shown; the only one that is cannot be hidden.
fn shown_ui<R>(
    ui: &mut Ui,
    column: &Column<R>,
    laid: &ColumnLayout,
    is_only: bool,
    push: &mut dyn FnMut(TableCommand),
) {
    let mut on = laid.visible;
    let mark = ui.add_enabled(!is_only, egui::Checkbox::new(&mut on, column.header));
    if mark.changed() {
        push(TableCommand::Show(column.key.clone(), on));
    }
    mark.on_hover_text(column.help).on_disabled_hover_text("One column stays");
}

/// The buttons that move a column down and up.
fn move_ui(ui: &mut Ui, header: &str, from: usize, is_last: bool, push: &mut dyn FnMut(TableCommand)) {
    ui.spacing_mut().item_spacing.x = 0.0;
    let steps =
        [(!is_last, icon::ARROW_DOWN, "down", from + 1), (from > 0, icon::ARROW_UP, "up", from.saturating_sub(1))];
    for (can, glyph, way, to) in steps {
        ui.add_enabled_ui(can, |ui| {
            if icon_button(ui, glyph, &format!("Move {header} {way}")).clicked() {
                push(TableCommand::Move { from, to });
            }
        });
    }
}
