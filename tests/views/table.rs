//! The table: what a user does to it, and what it asks of the model.

use std::sync::Arc;

use egui::{Key, Modifiers, Role, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::Timestamp;
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status, Zone};
use skybackup::grid::{
    CellContext, ColumnKey, CopyFormat, Facet, FacetCounts, Layout, NO_NAMES, Row as _, RowKey, Selection,
    TableCommand, TableLines,
};
use skybackup::rows::Rows;
use skybackup::theme;
use skybackup::widgets::{DataTable, data_table, focus_table};

/// Backups of a few services, as the API would list them.
pub(super) fn backups(count: usize) -> Vec<Backup> {
    let names = ["orders-prod", "billing", "reports-warehouse-eu", "a-service-with-a-very-long-name-indeed-0042"];
    let kinds = ["full", "incremental", "binarylog", "dump", "snapshot"];
    let words = ["Succeeded", "Failed", "Running", "Scheduled", "Succeeded", "Succeeded", "Quarantined"];
    let begin: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    (0..count)
        .map(|number| {
            let start = begin - jiff::SignedDuration::from_mins(i64::try_from(number).unwrap() * 37);
            let service = names[number % names.len()];
            Backup {
                id: BackupId::new(format!("{number:08x}:dbpgf4187{number:04}")),
                service_id: Some(ServiceId::new(format!("dbpgf4187{:04}", number % names.len()))),
                service_name: Some(service.into()),
                backup_type: Some(BackupType::from_word(kinds[number % kinds.len()])),
                method: None,
                server_pod: None,
                cloud_provider: None,
                status: Some(Status::new(words[number % words.len()])),
                start_time: Some(ApiTime::At(start)),
                end_time: (number % 7 != 2).then(|| ApiTime::At(start + jiff::SignedDuration::from_secs(695))),
                point_in_time: Some(ApiTime::At(start)),
                reference_full_backup: None,
                binlog_file: Some(format!("mariadb-bin.{number:06}").as_str().into()),
                binlog_position: Some("4711".into()),
                binlog_gtid_position: Some("0-100-88213".into()),
                disk_size: None,
                disk_size_bytes: Some(9_663_676_416 + number as u64 * 1_234_567),
                storage_bytes: (number % 3 != 0).then_some(2_147_483_648),
                is_external_storage: Some(false),
                unknown: None,
                sighting: None,
            }
        })
        .collect()
}

/// A table and what it asked for; the sort, the selection and the layout follow at once, as the model would have it.
pub(super) struct Screen {
    rows: Rows<Backup>,
    lines: TableLines,
    pub(super) layout: Layout,
    selection: Selection,
    loading: bool,
    asked: Vec<TableCommand>,
}

impl Screen {
    pub(super) fn new(count: usize) -> Self {
        let order: Vec<u32> = (0..u32::try_from(count).unwrap()).collect();
        Self {
            rows: Rows::new(backups(count)),
            lines: TableLines::from(Arc::from(order)),
            layout: Layout::default_of::<Backup>(),
            selection: Selection::default(),
            loading: false,
            asked: Vec::new(),
        }
    }

    fn apply(&mut self, action: &TableCommand) {
        match action {
            TableCommand::Sort { key, extend } => self.layout.click_header(key.clone(), *extend),
            TableCommand::Resize(key, width) => self.layout.set_width(key, *width),
            TableCommand::SortTo(key, direction) => self.layout.sort_by(key.clone(), *direction),
            TableCommand::Freeze(key, frozen) => self.layout.set_frozen(key.clone(), *frozen),
            TableCommand::Move { from, to } => self.layout.move_column(*from, *to),
            TableCommand::Show(key, visible) => self.layout.set_visible(key, *visible),
            TableCommand::Select(row) => self.selection.click(row.as_str()),
            TableCommand::Toggle(row) => self.selection.toggle(row.as_str()),
            TableCommand::Extend(row) => self.selection.extend(row.as_str(), &self.rows, &self.lines),
            TableCommand::MoveFocus { step, extend } => {
                self.selection.move_focus(*step, *extend, &self.rows, &self.lines);
            }
            _ => {}
        }
    }
}

fn screen_ui(ui: &mut Ui, screen: &mut Screen) {
    let zone = Zone::utc();
    let context = CellContext { zone: &zone, now: "2026-11-23T14:05:00Z".parse().unwrap(), names: &NO_NAMES };
    let table = DataTable {
        id: "backups",
        rows: &screen.rows,
        lines: &screen.lines,
        newest_good: &|_| Some("Newest good backup 3 h ago (full)".to_owned()),
        layout: &screen.layout,
        selection: &screen.selection,
        context: &context,
        facets: &FacetCounts::default(),
        dense: false,
        loading: screen.loading,
    };
    let actions = data_table(ui, &table, &mut |_, _, _, _| {});
    for action in &actions {
        screen.apply(action);
    }
    screen.asked.extend(actions);
}

pub(super) fn harness<'a>(screen: Screen, size: [f32; 2]) -> Harness<'a, Screen> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(Theme::Dark)
        .with_max_steps(16)
        .with_step_dt(0.05)
        .with_context_setup(theme::install)
        .build_ui_state(screen_ui, screen);
    harness.run();
    harness
}

fn asked(harness: &mut Harness<'_, Screen>) -> Vec<TableCommand> {
    harness.run();
    std::mem::take(&mut harness.state_mut().asked)
}

fn row_id(number: usize) -> RowKey {
    backups(number + 1)[number].id.as_str().into()
}

/// The column of the cell last clicked, which is the one copied.
fn copied_column(harness: &mut Harness<'_, Screen>) -> ColumnKey {
    harness.event(egui::Event::Copy);
    match asked(harness).as_slice() {
        [TableCommand::CopyCell { key, .. }] => key.clone(),
        other => panic!("{other:?}"),
    }
}

pub(super) const WIDE: [f32; 2] = [1200.0, 500.0];

#[test]
fn a_header_sorts_and_says_so() {
    let mut harness = harness(Screen::new(30), WIDE);
    harness.get_by_role_and_label(Role::ColumnHeader, "Service").click();
    assert_eq!(asked(&mut harness), [TableCommand::Sort { key: "service_name".into(), extend: false }]);
    assert!(harness.query_by_role_and_label(Role::ColumnHeader, "Service, sorted ascending").is_some());
    harness.get_by_role_and_label(Role::ColumnHeader, "Status").click_modifiers(Modifiers::SHIFT);
    assert_eq!(asked(&mut harness), [TableCommand::Sort { key: "status".into(), extend: true }]);
}

#[test]
fn arrow_keys_move_along_the_headers() {
    let mut screen = Screen::new(3);
    let first = screen.rows.id(screen.lines.order()[0]).unwrap();
    screen.selection.click(&first);
    let mut harness = harness(screen, WIDE);
    let mut headers: Vec<(f32, String)> = harness
        .query_all_by_role(Role::ColumnHeader)
        .filter_map(|node| Some((node.rect().left(), node.accesskit_node().label()?)))
        .collect();
    headers.sort_by(|one, other| one.0.total_cmp(&other.0));
    let headers: Vec<String> = headers.into_iter().map(|(_, name)| name).collect();
    let has_focus = |harness: &Harness<'_, Screen>, name: &str| {
        harness.get_by_role_and_label(Role::ColumnHeader, name).accesskit_node().is_focused()
    };
    // The headers are no stops of Tab: the way to them is up from the first row.
    focus_table(&harness.ctx, "backups");
    harness.run();
    for key in [Key::ArrowUp, Key::Home] {
        harness.key_press(key);
        harness.run();
    }
    for (key, at) in
        [(Key::ArrowRight, 1), (Key::ArrowRight, 2), (Key::ArrowLeft, 1), (Key::ArrowLeft, 0), (Key::ArrowLeft, 0)]
    {
        harness.key_press(key);
        harness.run();
        assert!(has_focus(&harness, &headers[at]), "{key:?} to {}", headers[at]);
    }
}

#[test]
fn rows_are_named_counted_and_only_those_in_sight_exist() {
    let harness = harness(Screen::new(5000), WIDE);
    let rows = harness.get_all_by_role(Role::Row).count();
    assert!((10..40).contains(&rows), "{rows} rows exist");
    let first = harness.get_all_by_role(Role::Row).next().unwrap();
    let name = first.accesskit_node().label().unwrap();
    assert!(name.contains("orders-prod") && name.ends_with("row 1 of 5000"), "{name}");
}

/// What egui keeps between frames: its states by id, and the texts it has laid out.
fn kept(harness: &Harness<'_, Screen>) -> (usize, usize) {
    let galleys = harness.ctx.fonts(|fonts| {
        let fonts: &egui::epaint::FontsView<'_> = fonts;
        fonts.num_galleys_in_cache()
    });
    (harness.ctx.memory(|memory| memory.data.len()), galleys)
}

#[test]
fn nothing_is_kept_of_rows_that_were_scrolled_past() {
    let mut harness = harness(Screen::new(20_000), WIDE);
    harness.hover_at(egui::pos2(400.0, 250.0));
    let mut seen = Vec::new();
    for _ in 0..400 {
        harness.event(wheel(egui::vec2(0.0, -1400.0)));
        harness.step();
        seen.push(kept(&harness));
    }
    assert!(harness.query_by_label_contains("row 1 of").is_none(), "it did scroll");
    let most = |part: &[(usize, usize)]| {
        let (states, texts): (Vec<usize>, Vec<usize>) = part.iter().copied().unzip();
        (states.into_iter().max().unwrap(), texts.into_iter().max().unwrap())
    };
    let (early, late) = (most(&seen[..100]), most(&seen[300..]));
    assert!(late.0 <= early.0, "states by id grow: {early:?}, {late:?}");
    assert!(late.1 < early.1 * 2, "laid out texts grow: {early:?}, {late:?}");
}

#[test]
fn clicks_select_toggle_extend_and_open() {
    let mut harness = harness(Screen::new(30), WIDE);
    let click = |harness: &Harness<'_, Screen>, row: usize, modifiers: Modifiers| {
        harness.get_all_by_role(Role::Row).nth(row).unwrap().click_modifiers(modifiers);
    };
    click(&harness, 1, Modifiers::NONE);
    let actions = asked(&mut harness);
    assert_eq!(actions, [TableCommand::Select(row_id(1))]);
    click(&harness, 3, Modifiers::COMMAND);
    assert_eq!(asked(&mut harness), [TableCommand::Toggle(row_id(3))]);
    click(&harness, 6, Modifiers::SHIFT);
    assert_eq!(asked(&mut harness), [TableCommand::Extend(row_id(6))]);
    harness.run_steps(60);
    click(&harness, 2, Modifiers::NONE);
    click(&harness, 2, Modifiers::NONE);
    let actions = asked(&mut harness);
    assert!(actions.contains(&TableCommand::Open(row_id(2))), "{actions:?}");
}

#[test]
fn the_column_under_the_pointer_is_known() {
    let mut harness = harness(Screen::new(30), WIDE);
    let row = harness.get_all_by_role(Role::Row).nth(2).unwrap().rect();
    let header = harness.get_by_role_and_label(Role::ColumnHeader, "Type").rect();
    let at = egui::pos2(header.center().x, row.center().y);
    harness.hover_at(at);
    harness.run();
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    assert_eq!(asked(&mut harness), [TableCommand::Select(row_id(2))]);
    assert_eq!(copied_column(&mut harness), "type");
}

#[test]
fn the_keyboard_moves_opens_and_the_view_follows() {
    let mut harness = harness(Screen::new(500), WIDE);
    harness.get_all_by_role(Role::Row).next().unwrap().click();
    asked(&mut harness);
    harness.key_press(Key::ArrowDown);
    assert_eq!(asked(&mut harness), [TableCommand::MoveFocus { step: 1, extend: false }]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(asked(&mut harness), [TableCommand::MoveFocus { step: 1, extend: true }]);
    harness.key_press(Key::Enter);
    assert_eq!(asked(&mut harness), [TableCommand::Open(row_id(2))]);
    harness.key_press(Key::Space);
    assert_eq!(asked(&mut harness), [TableCommand::ToggleDetail]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    assert_eq!(asked(&mut harness), [TableCommand::SelectAll]);
    assert!(harness.query_by_label_contains("row 500 of 500").is_none());
    harness.key_press(Key::End);
    asked(&mut harness);
    assert!(harness.query_by_label_contains("row 500 of 500").is_some(), "the last row is in sight");
    harness.key_press(Key::Home);
    asked(&mut harness);
    assert!(harness.query_by_label_contains("row 1 of 500").is_some(), "the first row is in sight");
}

#[test]
fn copy_takes_the_cell_of_one_row_and_the_rows_of_several() {
    let mut harness = harness(Screen::new(30), WIDE);
    harness.get_all_by_role(Role::Row).next().unwrap().click();
    asked(&mut harness);
    let pointer = harness.get_all_by_role(Role::Row).next().unwrap().rect().center();
    let headers =
        harness.query_all_by_role(Role::ColumnHeader).filter(|node| node.rect().x_range().contains(pointer.x));
    let under: Vec<String> = headers.filter_map(|node| node.accesskit_node().label()).collect();
    harness.event(egui::Event::Copy);
    let copied = asked(&mut harness);
    let [TableCommand::CopyCell { row, key }] = copied.as_slice() else { panic!("{copied:?}") };
    assert_eq!(*row, row_id(0));
    let header = Backup::column(key.as_str()).unwrap().header;
    assert!(matches!(&under[..], [only] if only.starts_with(header)), "{under:?}, {header}");
    harness.get_all_by_role(Role::Row).nth(4).unwrap().click_modifiers(Modifiers::SHIFT);
    asked(&mut harness);
    harness.event(egui::Event::Copy);
    assert_eq!(asked(&mut harness), [TableCommand::CopyRows(CopyFormat::Tsv)]);
}

#[test]
fn an_edge_is_dragged_and_reported_once() {
    let mut harness = harness(Screen::new(30), WIDE);
    let width = harness.state().layout.columns[0].width;
    let header = harness.get_by_role_and_label(Role::ColumnHeader, "Status").rect();
    let edge = egui::pos2(header.right() + 4.0, header.center().y);
    harness.drag_at(edge);
    harness.run();
    for moved in [10.0, 25.0, 40.0] {
        harness.hover_at(edge + egui::vec2(moved, 0.0));
        assert!(asked(&mut harness).is_empty(), "nothing is reported while it is dragged");
    }
    let wider = harness.get_by_role_and_label(Role::ColumnHeader, "Status").rect();
    assert!(wider.width() > header.width() + 30.0, "the column follows the pointer");
    harness.drop_at(edge + egui::vec2(40.0, 0.0));
    let actions = asked(&mut harness);
    assert!(
        matches!(actions.as_slice(), [TableCommand::Resize(key, new)] if *key == "status" && (*new - width - 40.0).abs() < 8.0),
        "{actions:?}"
    );
}

#[test]
fn an_edge_is_double_clicked_to_fit_what_is_in_sight() {
    let mut screen = Screen::new(30);
    // A width of its own: it does not grow with the window.
    screen.layout.set_width(&"service_name".into(), 150.0);
    let mut harness = harness(screen, WIDE);
    let header = harness.get_by_role_and_label(Role::ColumnHeader, "Service").rect();
    let edge = egui::pos2(header.right() + 4.0, header.center().y);
    harness.hover_at(edge);
    harness.run();
    for pressed in [true, false, true, false] {
        harness.event(egui::Event::PointerButton {
            pos: edge,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    let actions = asked(&mut harness);
    let [TableCommand::Resize(key, width)] = actions.as_slice() else { panic!("{actions:?}") };
    assert!(*key == "service_name" && *width > header.width() + 60.0, "{actions:?}");
}

#[test]
fn a_reader_can_click_a_row() {
    let mut harness = harness(Screen::new(30), WIDE);
    harness.get_by_label_contains("row 2 of 30").click_accesskit();
    let actions = asked(&mut harness);
    assert_eq!(actions, [TableCommand::Select(row_id(1))]);
}

#[test]
fn a_million_rows_are_drawn_with_as_many_shapes_as_a_thousand() {
    let shapes = |count: u32| {
        let mut screen = Screen::new(1000);
        screen.lines = TableLines::from((0..count).map(|number| number % 1000).collect::<Arc<[u32]>>());
        let harness = harness(screen, WIDE);
        harness.output().shapes.len()
    };
    assert_eq!(shapes(1_000), shapes(1_000_000));
}

#[test]
fn spare_width_goes_to_texts_whose_width_was_not_chosen() {
    let header = |screen: Screen, name: &str| {
        let harness = harness(screen, WIDE);
        harness.get_by_role_and_label(Role::ColumnHeader, name).rect()
    };
    let last = header(Screen::new(30), "Point in time (UTC)");
    assert!(WIDE[0] - last.right() < 24.0, "{last:?}");
    let (service, status) = (header(Screen::new(30), "Service"), header(Screen::new(30), "Status"));
    assert!(service.width() > 250.0 && status.width() < 130.0, "{service:?} {status:?}");
    let mut chosen = Screen::new(30);
    chosen.layout.set_width(&"service_name".into(), 150.0);
    assert!(header(chosen, "Service").width() < 150.0);
}

#[test]
fn frozen_columns_stay_in_sight_and_take_the_clicks_of_what_passes_under_them() {
    let mut screen = Screen::new(30);
    for column in Backup::columns() {
        screen.layout.set_visible(&column.key, true);
    }
    let mut harness = harness(screen, [700.0, 400.0]);
    let header =
        |harness: &Harness<'_, Screen>, name: &str| harness.get_by_role_and_label(Role::ColumnHeader, name).rect();
    let (status, service) = (header(&harness, "Status"), header(&harness, "Service"));
    harness.hover_at(egui::pos2(500.0, 200.0));
    harness.event(wheel(egui::vec2(-900.0, 0.0)));
    harness.run_steps(30);
    assert_eq!((header(&harness, "Status"), header(&harness, "Service")), (status, service));
    assert!(header(&harness, "Type").right() < 0.0, "the others are scrolled away");
    let row = harness.get_all_by_role(Role::Row).next().unwrap().rect();
    let at = egui::pos2(service.center().x, row.center().y);
    harness.hover_at(at);
    for pressed in [true, false] {
        let button = egui::PointerButton::Primary;
        harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
    }
    assert_eq!(asked(&mut harness), [TableCommand::Select(row_id(0))]);
    assert_eq!(copied_column(&mut harness), "service_name");
}

#[test]
fn a_header_is_dragged_to_another_place() {
    let mut harness = harness(Screen::new(30), WIDE);
    let from = harness.get_by_role_and_label(Role::ColumnHeader, "Status").rect().center();
    let to = harness.get_by_role_and_label(Role::ColumnHeader, "Type").rect();
    harness.drag_at(from);
    harness.run();
    harness.hover_at(to.right_center());
    harness.run();
    harness.drop_at(to.right_center());
    assert_eq!(asked(&mut harness), [TableCommand::Move { from: 0, to: 2 }]);
    let after = harness.get_by_role_and_label(Role::ColumnHeader, "Status").rect();
    assert!(after.left() > harness.get_by_role_and_label(Role::ColumnHeader, "Type").rect().left());
}

#[test]
fn a_cut_text_is_whole_in_its_tooltip() {
    let mut screen = Screen::new(30);
    screen.layout.set_width(&"service_name".into(), 150.0);
    let mut harness = harness(screen, WIDE);
    let row = harness.get_all_by_role(Role::Row).nth(3).unwrap().rect();
    let header = harness.get_by_role_and_label(Role::ColumnHeader, "Service").rect();
    let whole = "a-service-with-a-very-long-name-indeed-0042";
    assert!(harness.query_by_role_and_label(Role::Label, whole).is_none());
    harness.hover_at(egui::pos2(header.center().x, row.center().y));
    harness.run_steps(60);
    assert!(harness.query_by_role_and_label(Role::Label, whole).is_some());
}

#[test]
fn the_menu_of_a_row_filters_and_copies() {
    let mut harness = harness(Screen::new(30), WIDE);
    let row = harness.get_all_by_role(Role::Row).nth(1).unwrap().rect();
    let header = harness.get_by_role_and_label(Role::ColumnHeader, "Status").rect();
    let at = egui::pos2(header.center().x, row.center().y);
    harness.hover_at(at);
    harness.run();
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    let actions = asked(&mut harness);
    assert_eq!(actions, [TableCommand::Select(row_id(1))], "its row is selected first");
    harness.get_by_role_and_label(Role::MenuItem, "Only Failed").click();
    assert_eq!(asked(&mut harness), [TableCommand::FilterBy(Facet::Status, "Failed".into())]);
    assert!(harness.query_by_label("Only Failed").is_none(), "the menu is closed");
}

#[test]
fn a_first_reading_shows_the_shape_of_rows() {
    let mut screen = Screen::new(0);
    screen.loading = true;
    let harness = harness(screen, WIDE);
    assert!(harness.query_by_role_and_label(Role::ProgressIndicator, "Loading").is_some());
    assert_eq!(harness.query_all_by_role(Role::Row).count(), 0);
}

pub(super) fn wheel(delta: egui::Vec2) -> egui::Event {
    egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn columns_wider_than_the_window_scroll_with_their_header() {
    let mut harness = harness(Screen::new(30), [500.0, 400.0]);
    let before = harness.get_by_role_and_label(Role::ColumnHeader, "Type").rect().left();
    harness.hover_at(egui::pos2(200.0, 200.0));
    harness.event(wheel(egui::vec2(-120.0, 0.0)));
    harness.run_steps(30);
    let after = harness.get_by_role_and_label(Role::ColumnHeader, "Type").rect().left();
    assert!(after < before - 60.0, "{before} then {after}");
}

#[test]
fn the_row_gone_to_is_not_under_the_scroll_bar() {
    let size = [500.0, 400.0];
    let mut harness = harness(Screen::new(30), size);
    harness.get_all_by_role(Role::Row).next().unwrap().click();
    asked(&mut harness);
    for _ in 0..20 {
        harness.key_press(Key::ArrowDown);
        asked(&mut harness);
    }
    let bar = harness.ctx.style_of(Theme::Dark).spacing.scroll.allocated_width();
    let row = harness.get_by_label_contains("row 21 of 30").rect();
    assert!(bar > 0.0 && row.bottom() <= size[1] - bar + 0.5, "{row} with a bar of {bar}");
}

/// What a frame costs, to be read: `cargo test --test main frame_cost -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn frame_cost() {
    for (count, scrolls) in [(1_000_u32, false), (1_000_000, false), (1_000_000, true)] {
        let mut screen = Screen::new(1000);
        screen.lines = TableLines::from((0..count).map(|number| number % 1000).collect::<Arc<[u32]>>());
        for column in &mut screen.layout.columns {
            column.visible = true;
        }
        for column in screen.layout.columns.iter_mut().skip(12) {
            column.visible = false;
        }
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let mut times = Vec::new();
        for frame in 0..220 {
            let mut events = vec![egui::Event::PointerMoved(egui::pos2(400.0, 300.0 + (frame % 7) as f32))];
            if scrolls {
                events.push(wheel(egui::vec2(0.0, -180.0)));
            }
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1600.0, 1000.0))),
                events,
                ..egui::RawInput::default()
            };
            let start = std::time::Instant::now();
            let out = ctx.run_ui(input, |ui| screen_ui(ui, &mut screen));
            let shapes = ctx.tessellate(out.shapes.clone(), out.pixels_per_point);
            assert!(!shapes.is_empty());
            if frame >= 20 {
                times.push(start.elapsed().as_secs_f64() * 1000.0);
            }
            out.drop_without_applying_deltas();
        }
        times.sort_by(f64::total_cmp);
        println!("{count:>8} rows, scrolling {scrolls}: median {:.3} ms, 95th {:.3} ms", times[100], times[190]);
    }
}
