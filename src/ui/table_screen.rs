//! What both table screens share: title, tools, table, detail pane, footer.
//!
//! Owns: the layout of a table screen and how a table's actions become commands. May import model (read), msg, widgets, theme, domain, grid.
//! Must never: go through the rows in a frame, read a clock, change data.

use egui::accesskit::Toggled;
use egui::{
    CentralPanel, Frame, Id, Margin, Order, Panel, Rect, RichText, Sense, Stroke, TextStyle, Ui, UiBuilder, vec2,
};

use super::filters;
use super::placeholders;
use super::table_kind::{Sum, TableScreen};
use crate::api::Completeness;
use crate::domain::{Backup, ServiceId, StatusKind, format_ago, format_count, sanitize_for_display};
use crate::grid::{ColumnKey, NewestGood, Row};
use crate::model::{Data, Table, View};
use crate::msg::{Command, Commands, CopyFormat, ExportCommand, ListCommand, Screen, TableCommand, WindowCommand};
use crate::settings::Density;
use crate::theme::{self, icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, DataTable, RowMenu, data_table, focus_group, focus_table, follow_focus, glyph_ui,
    keep_toasts_in, link_button, menu_item, progress_bar, screen_title, search_field, speak_changes,
};

/// From this width on, buttons of the title row carry words.
const WIDE: f32 = 860.0;

/// The width of the search field in a narrow window.
const NARROW_SEARCH: f32 = 120.0;

/// From this width of the window on, the pane is beside the table; below, over it.
const PANE_BESIDE: f32 = 1100.0;

/// The width of the pane at first: in it a time and its zone share a line, and so do the buttons of a schedule.
const PANE: f32 = 400.0;

/// The whole screen.
pub(super) fn table_screen_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    // The table reaches the edges of the window: rows, pane and footer have margins of their own.
    let whole = ui.available_rect_before_wrap();
    let edges = ui.clip_rect();
    let whole = egui::Rect::from_x_y_ranges(edges.x_range(), whole.top()..=whole.bottom());
    ui.scope_builder(egui::UiBuilder::new().max_rect(whole), |ui| layout_ui::<R>(ui, data, view, commands));
}

fn layout_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let head = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 12 });
    let foot = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(16, 4));
    let side = Frame::new();
    let width = ui.available_width();
    Panel::top("table_head").frame(head).show_separator_line(false).resizable(false).show(ui, |ui| {
        title_ui::<R>(ui, data, commands);
        tools_ui::<R>(ui, data, view, commands);
    });
    Panel::bottom("table_foot").frame(foot).exact_size(36.0).show_separator_line(true).resizable(false).show(
        ui,
        |ui| {
            footer_ui::<R>(ui, data, commands);
        },
    );
    // Below the rows: what comes late moves none of them from under the pointer.
    let notices = Frame::new().inner_margin(Margin::symmetric(16, 0));
    placeholders::late_ui(ui, "table_notices", notices, |ui| {
        stale_data_ui::<R>(ui, data, commands);
        partial_ui::<R>(ui, data, commands);
    });
    let has_pane = view.detail && R::table(data).chosen().is_some();
    let is_over = ui.content_rect().width() < PANE_BESIDE;
    if has_pane && !is_over {
        let pane =
            Panel::right("table_detail").frame(side).default_size(PANE).size_range(280.0..=(width * 0.6).max(300.0));
        pane.resizable(true).show(ui, |ui| pane_ui::<R>(ui, data, view, commands));
    }
    let rest = ui.available_rect_before_wrap();
    let covered = if has_pane && is_over { PANE.min(rest.width()) } else { 0.0 };
    keep_toasts_in(ui, rest.with_max_x(rest.right() - covered));
    CentralPanel::no_frame().show(ui, |ui| content_ui::<R>(ui, data, view, commands));
    if has_pane && is_over {
        pane_over_ui::<R>(ui, rest.with_min_x(rest.right() - covered), data, view, commands);
    }
}

/// The pane over the right side of the table: it covers columns, but moves none.
fn pane_over_ui<R: TableScreen>(ui: &Ui, rect: Rect, data: &Data, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let area = egui::Area::new(Id::unique(("pane over", R::NAME)))
        .order(Order::Middle)
        .fixed_pos(rect.min)
        .constrain(false)
        .movable(false);
    area.show(ui, |ui| {
        ui.set_max_size(rect.size());
        ui.painter().rect_filled(rect, 0, tokens.base);
        ui.painter().vline(rect.left() + 0.5, rect.y_range(), Stroke::new(1.0, tokens.line_strong));
        // Takes clicks that meet nothing of the pane from the rows below.
        ui.interact(rect, ui.scope_id().with("background"), Sense::CLICK | Sense::DRAG);
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            ui.shrink_clip_rect(rect);
            pane_ui::<R>(ui, data, view, commands);
        });
    });
}

fn title_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::table(data);
    let is_wide = ui.available_width() > WIDE;
    let count = table.remote.value().map(|rows| format!("{}{}", format_count(rows.len()), R::counted(data)));
    let detail: Vec<String> = count.into_iter().chain(placeholders::age_text(table, data)).collect();
    screen_title(ui, R::TITLE, &detail.join("  ·  "), |ui| {
        R::primary_action_ui(ui, data, commands);
        let export = ActionButton::new(ButtonStyle::Secondary, "Export…");
        let export = if is_wide { export.icon(icon::EXPORT) } else { export };
        if ui.add_enabled(!table.rows().is_empty(), export).clicked() {
            commands.push(Command::Export(ExportCommand::OpenExport(None)));
        }
        let columns = ActionButton::new(ButtonStyle::Secondary, "Columns");
        let columns = if is_wide { columns.icon(icon::COLUMNS) } else { columns };
        if ui.add(columns).clicked() {
            commands.push(Command::Window(WindowCommand::OpenColumns));
        }
        group_by_ui::<R>(ui, table, is_wide, commands);
        ui.add_space(space::S);
        marks_ui(ui, table, commands);
    });
}

/// Puts the rows of each service together, or no longer.
fn group_by_ui<R: TableScreen>(ui: &mut Ui, table: &Table<R>, is_wide: bool, commands: &mut Commands) {
    let is_on = table.layout.by_service;
    let style = if is_on { ButtonStyle::Chosen } else { ButtonStyle::Secondary };
    let name = "Group by service";
    let button =
        if is_wide { ActionButton::new(style, name).icon(icon::ROWS) } else { ActionButton::new(style, "Group") };
    let response = ui.add(button).accessible_name(name);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_toggled(Toggled::from(is_on)));
    if response.clicked() {
        commands.push(Command::Table(R::TABLE, TableCommand::GroupByService(!is_on)));
    }
}

/// What is not right about the list as a whole, from right to left.
fn marks_ui<R: Row>(ui: &mut Ui, table: &Table<R>, commands: &mut Commands) {
    let warn = theme::tokens(ui).warn;
    if let Some(text) = table.unreadable_words() {
        let help = match table.unreadable {
            1 => "This row could not be read and was left out. Show the requests",
            _ => "These rows could not be read and were left out. Show the requests",
        };
        if link_button(ui, &text).on_hover_text(help).clicked() {
            commands.push(Command::Window(WindowCommand::Go(Screen::Activity)));
        }
        glyph_ui(ui, icon::WARNING, &TextStyle::Body, warn);
    }
    if !table.remote.is_loading() && table.completeness == Completeness::ChangedWhileReading {
        let words = RichText::new("Changed while loading").color(warn);
        let label = ui.add(egui::Label::new(words).truncate());
        label.on_hover_text("The list changed while it was loaded. Refresh to load it again");
        glyph_ui(ui, icon::WARNING, &TextStyle::Body, warn);
    }
}

fn tools_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let is_narrow = ui.available_width() <= WIDE;
    ui.horizontal_wrapped(|ui| {
        if is_narrow {
            // All of it fits on one line as long as nothing is chosen.
            ui.spacing_mut().item_spacing.x = space::XS;
        }
        if let Some(screen) = view.back_to {
            let words = if screen == Screen::Timeline { "Back to timeline" } else { "Back to overview" };
            if ui.add(ActionButton::new(ButtonStyle::Quiet, words).icon(icon::ARROW_LEFT)).clicked() {
                commands.push(Command::Window(WindowCommand::Go(screen)));
            }
        }
        R::source_ui(ui, data, is_narrow, commands);
        let width = if is_narrow { NARROW_SEARCH } else { (ui.available_width() * 0.22).clamp(176.0, 280.0) };
        let size = vec2(width, ui.spacing().interact_size.y);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(size, layout, |ui| search_ui::<R>(ui, data, view, commands));
        filters::filters_ui::<R>(ui, data, view, commands);
        R::query_ui(ui, data, is_narrow, commands);
        filters::clear_ui::<R>(ui, data, commands);
    });
}

/// Why rows are missing, and how to get them; not while the first listing still runs.
pub(super) fn partial_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::table(data);
    let (Completeness::Partial(why), Some(_)) = (&table.completeness, table.remote.at) else { return };
    ui.add_space(space::S);
    let action = table.rest.as_ref().map(|_| "Load the rest");
    if placeholders::slim_partial_ui(ui, why, action, table.remote.is_loading()) {
        commands.push(Command::List(ListCommand::ResumeListing(R::TABLE)));
    }
    ui.add_space(space::S);
}

/// A failure while older rows stay.
pub(super) fn stale_data_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::listed(data);
    let remote = &table.remote;
    if let (Some(error), Some(_)) = (remote.error(), remote.value()) {
        ui.add_space(space::S);
        if placeholders::slim_error_ui(ui, error, &placeholders::kept_text(table, data), remote.is_loading()) {
            commands.push(Command::List(ListCommand::Refresh));
        }
        ui.add_space(space::S);
    }
}

fn search_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let text = view.search_mut(R::TABLE);
    let name = format!("Search {}", R::NAME);
    let response = search_field(ui, text, &name).accessible_name(&name);
    if response.changed() {
        let filter = &R::table(data).filter;
        if filter.text != text.trim() {
            let filter = crate::grid::Filter { text: text.trim().to_owned(), ..filter.clone() };
            commands.push(Command::Table(R::TABLE, TableCommand::SetFilter(filter)));
        }
    }
    // Enter and Esc lead on to the rows.
    let leaves = ui.input(|input| input.key_pressed(egui::Key::Enter) || input.key_pressed(egui::Key::Escape));
    if response.lost_focus() && leaves {
        focus_table(ui, R::NAME);
    }
    if std::mem::take(&mut view.focus_search) {
        response.request_focus();
    }
}

fn footer_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::table(data);
    ui.horizontal_centered(|ui| {
        let selected = table.selection.len();
        ui.spacing_mut().item_spacing.x = space::L;
        if selected > 1 {
            ui.label(RichText::new(format!("{} selected", format_count(selected))).text_style(theme::strong()));
            if link_button(ui, "Copy rows").clicked() {
                commands.push(Command::Table(R::TABLE, TableCommand::CopyRows(CopyFormat::Tsv)));
            }
            if link_button(ui, "Export selected…").clicked() {
                commands.push(Command::Export(ExportCommand::OpenExport(None)));
            }
            R::several_ui(ui, data, commands);
        } else if table.remote.value().is_some() {
            let of = if R::is_narrowed(data) { " loaded" } else { "" };
            let (shown, all) = (format_count(table.index.order.len()), format_count(table.rows().len()));
            let words = RichText::new(format!("{shown} of {all}{of}")).color(theme::tokens(ui).text_secondary);
            let count = ui.label(words);
            // What a search or a filter found; not how a listing grows.
            if !table.remote.is_loading() {
                speak_changes(&count);
            }
            let sums = table.index.summary;
            let failed = Sum::of_statuses(table, sums.bad, "failed", StatusKind::Bad);
            let running = Sum::of_statuses(table, sums.running, "running", StatusKind::Running);
            for sum in R::sum(table).into_iter().chain(failed).chain(running) {
                sum_ui::<R>(ui, sum, commands);
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| progress_ui::<R>(ui, data, commands));
    });
}

fn sum_ui<R: TableScreen>(ui: &mut Ui, sum: Sum, commands: &mut Commands) {
    match sum {
        Sum::Words(words) => drop(ui.label(RichText::new(words).color(theme::tokens(ui).text_secondary))),
        Sum::Filter(words, filter) => {
            if link_button(ui, &words).on_hover_text("Show only these, or all again").clicked() {
                commands.push(Command::Table(R::TABLE, TableCommand::SetFilter(filter)));
            }
        }
    }
}

/// How far a listing is; its space is kept free while there is none.
fn progress_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    const BAR: f32 = 250.0;
    let (table, shown) = (R::listed(data), R::table(data));
    if !table.remote.is_loading() {
        let words = if shown.remote.is_loading() { "Reading the history…" } else { "Sorting…" };
        if shown.remote.is_loading() || shown.is_indexing() {
            ui.label(RichText::new(words).small().color(theme::tokens(ui).text_secondary));
        }
        return;
    }
    if link_button(ui, "Cancel").clicked() {
        commands.push(Command::List(ListCommand::CancelLoading(R::TABLE)));
    }
    let pause = data.pause_secs().map(|secs| format!("SkySQL asks to wait: {secs} s"));
    let (fraction, text) = match &table.progress {
        _ if let Some(pause) = pause => (None, pause),
        None => (None, "Waiting for SkySQL…".to_owned()),
        Some(progress) => {
            let known = progress.pages_count.filter(|count| *count > 0);
            let fraction = known.map(|count| progress.pages_read as f32 / count as f32);
            let pages = known.map_or_else(String::new, |count| format!(" of {}", format_count(count)));
            let (page, rows) = (format_count(progress.pages_read), format_count(progress.rows));
            (fraction, format!("Page {page}{pages}, {rows} rows"))
        }
    };
    ui.allocate_ui_with_layout(vec2(BAR, 24.0), egui::Layout::top_down(egui::Align::Min), |ui| {
        ui.set_max_width(BAR);
        ui.add_space(2.0);
        progress_bar(ui, fraction, &text);
    });
}

fn content_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let table = R::table(data);
    let remote = &table.remote;
    let has_value = remote.value().is_some();
    if let Some(error) = remote.error().filter(|_| !has_value) {
        if placeholders::error_ui(ui, error, remote.is_loading()) {
            commands.push(Command::List(ListCommand::Refresh));
        }
        return;
    }
    if !remote.is_loading() && !has_value {
        if placeholders::unread_ui(ui, R::NAME, data.can_read()) {
            commands.push(Command::List(ListCommand::Refresh));
        }
    } else if !remote.is_loading() && table.rows().is_empty() {
        R::empty_ui(ui, data, commands);
    } else if table.index.order.is_empty() && !table.rows().is_empty() && !table.is_indexing() {
        no_match_ui::<R>(ui, data, commands);
    } else {
        grid_ui::<R>(ui, data, view, commands);
    }
}

fn no_match_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let table = R::table(data);
    let hidden: Vec<(ColumnKey, &str, usize)> = table
        .index
        .hidden_matches
        .iter()
        .filter_map(|(key, count)| R::column(key.as_str()).map(|column| (key.clone(), column.header, *count)))
        .collect();
    if let Some(command) = placeholders::no_match_ui(ui, R::NOUN, &table.filter, &hidden) {
        commands.push(Command::Table(R::TABLE, command));
    }
}

fn grid_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let table = R::table(data);
    if view.scroll_to_focus.take_if(|table| *table == R::TABLE).is_some() {
        follow_focus(ui, R::NAME);
    }
    let context = data.cell_context();
    let shown = DataTable {
        id: R::NAME,
        rows: table.rows(),
        lines: &table.lines,
        layout: &table.layout,
        selection: &table.selection,
        context: &context,
        facets: &table.facets,
        newest_good: &|group| newest_good_text::<R>(&group.service, data),
        dense: data.settings.preferences.density == Density::Compact,
        loading: table.remote.is_loading() || table.is_indexing(),
    };
    let asked = data_table(ui, &shown, &mut |ui, part, id, key| match (part, table.find(id)) {
        (RowMenu::Actions, Some(row)) => R::menu_ui(ui, &row, key, data, commands),
        (RowMenu::Copies, Some(_)) => copies_ui::<R>(ui, commands),
        (_, None) => {}
    });
    for command in asked {
        commands.push(Command::Table(R::TABLE, command));
    }
}

/// What the line of a group says of the newest good backup of its service; none where not all backups of it are known.
fn newest_good_text<R: TableScreen>(service: &ServiceId, data: &Data) -> Option<String> {
    let backups = R::backups(data);
    let is_all = backups.complete_at().is_some() && !Backup::is_narrowed(data);
    match backups.facets.newest_good.get(service.as_str()) {
        Some(NewestGood { at, backup_type }) => {
            let secs = u64::try_from(data.now.duration_since(*at).as_secs()).unwrap_or(0);
            let backup_type = sanitize_for_display(backup_type.name()).to_lowercase();
            Some(format!("Newest good backup {} ({backup_type})", format_ago(secs)))
        }
        None => (is_all && !service.is_empty()).then(|| "No good backup".to_owned()),
    }
}

/// The other forms of copying; plain rows are the table's own line.
fn copies_ui<R: TableScreen>(ui: &mut Ui, commands: &mut Commands) {
    for (text, glyph, format) in
        [("Copy as JSON", icon::CODE, CopyFormat::Json), ("Copy as Markdown", icon::LIST, CopyFormat::Markdown)]
    {
        if menu_item(ui, glyph, text, "").clicked() {
            commands.push(Command::Table(R::TABLE, TableCommand::CopyRows(format)));
            ui.close();
        }
    }
}

fn pane_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(row) = R::table(data).chosen() else { return };
    egui::ScrollArea::vertical().id_salt((R::NAME, row.id())).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 16, right: 12, top: 12, bottom: 16 }).show(ui, |ui| {
            ui.set_width(ui.available_width());
            focus_group(ui, R::NAME, |ui| R::detail_ui(ui, row, data, view, commands));
        });
    });
}
