//! Every widget on one picture, in both themes.

use std::collections::BTreeSet;

use egui::{RichText, TextStyle, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;
use skybackup::domain::{Backup, StatusKind, Zone};
use skybackup::grid::{CellContext, Index, IndexJob, IndexRequest, Layout, NO_NAMES, Selection, TableLines};
use skybackup::rows::Rows;
use skybackup::theme::{self, icon, space};
use skybackup::widgets::{
    ActionButton, Alert, ButtonStyle, DataTable, Level, ModalDialog, Toast, alert_ui, danger_button, data_table,
    dialog_ui, empty_state_ui, filter_menu, icon_button, kbd, key_value, key_value_icon, labelled_field, link_button,
    primary_button, progress_bar, quiet_button, screen_title, search_field, secondary_button, secret_field,
    section_title, segmented, status_badge, status_icon, tag, text_field, toast_ui, two_clocks,
};

use super::table::backups;

fn left(ui: &mut Ui) {
    let tokens = theme::tokens(ui);
    screen_title(ui, "Backups", "37 of 412 · 2.1 TiB · 3 failed", |ui| {
        primary_button(ui, "Create schedule");
        ui.add(ActionButton::new(ButtonStyle::Secondary, "Export…").icon(icon::EXPORT).shortcut("Ctrl+E"));
        icon_button(ui, icon::REFRESH, "Refresh");
    });
    ui.horizontal(|ui| {
        primary_button(ui, "Create");
        secondary_button(ui, "Copy as curl");
        quiet_button(ui, "Cancel");
        danger_button(ui, "Delete…");
        ui.add_enabled(false, ActionButton::new(ButtonStyle::Primary, "Waiting"));
        ui.add(ActionButton::new(ButtonStyle::Chosen, "Status: Failed").trailing_icon(icon::CARET_DOWN));
    });
    ui.horizontal(|ui| {
        for kind in [StatusKind::Good, StatusKind::Bad, StatusKind::Running, StatusKind::Queued, StatusKind::Other] {
            let (glyph, color) = status_icon(kind, tokens);
            status_badge(ui, glyph, &format!("{kind:?}"), color);
        }
        tag(ui, "PROD", tokens.bad);
        kbd(ui, "Ctrl+K");
    });
    ui.horizontal(|ui| {
        segmented(ui, &["UTC", "Local"], &mut 0);
        let counts = [("Failed".to_owned(), "Failed".to_owned(), 3)];
        filter_menu(ui, "Status", &counts, &mut BTreeSet::new());
        filter_menu(ui, "Type", &counts, &mut BTreeSet::from(["full".to_owned(), "dump".to_owned()]));
        search_field(ui, &mut "orders".to_owned(), "Search backups");
    });
    two_clocks(ui, ("02:00", "UTC"), ("03:00", "Europe/Berlin"));
    let alert = Alert {
        level: Level::Error,
        title: "SkySQL refused the key",
        body: "The service answered 401 to the list of backups.",
        advice: "Check that the key was not revoked, then enter it again",
        trace_id: Some("0af7651916cd43dd8448eb211c80319c"),
        actions: &["Enter the key", "Try again"],
    };
    alert_ui(ui, &alert);
    let warning = Alert {
        level: Level::Warning,
        title: "Some services could not be read",
        body: "",
        advice: "",
        trace_id: None,
        actions: &[],
    };
    alert_ui(ui, &warning);
    progress_bar(ui, Some(0.4), "Page 4 of 10, 400 backups");
    progress_bar(ui, None, "");
}

fn right(ui: &mut Ui) {
    let tokens = theme::tokens(ui);
    section_title(ui, "A form");
    labelled_field(ui, "Service", "The id, such as dbpgf41870263", None, |ui| {
        text_field(ui, &mut String::new(), "dbpgf…")
    });
    labelled_field(ui, "API key", "Kept in the keyring of this computer", None, |ui| {
        let id = egui::Id::unique("gallery key");
        secret_field(ui, id, &mut "0123456789".to_owned(), "Paste it here")
    });
    labelled_field(ui, "Hour", "", Some("25 is not an hour; it must be 0 to 23"), |ui| {
        text_field(ui, &mut "25".to_owned(), "")
    });
    ui.horizontal(|ui| {
        ui.checkbox(&mut true, "Suspended");
        ui.checkbox(&mut false, "Only failed");
        let _ = ui.radio(true, "Full");
        let _ = ui.radio(false, "Dump");
        link_button(ui, "Use 0 9 * * * instead");
    });
    card_ui(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let (glyph, color) = status_icon(StatusKind::Good, tokens);
        key_value_icon(ui, "Status", "", glyph, "Succeeded", color);
        key_value(ui, "Service", "", "orders-production-primary", &TextStyle::Body);
        key_value(
            ui,
            "GTID position",
            "",
            "0-100-88213,1-200-4711,2-300-99182,3-400-12,4-500-7",
            &TextStyle::Monospace,
        );
        key_value(ui, "Reference", "", "", &TextStyle::Monospace);
    });
    ui.scope(|ui| {
        ui.set_height(170.0);
        empty_state_ui(ui, icon::TRAY, "No backup matches the filters", Some("Clear filters"));
    });
}

/// A frame around something that stands for itself.
fn card_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let tokens = theme::tokens(ui);
    egui::Frame::new()
        .fill(tokens.raised)
        .stroke(egui::Stroke::new(1.0, tokens.line_subtle))
        .corner_radius(theme::radius::CARD)
        .inner_margin(egui::Margin::same(16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui);
        });
}

/// The whole gallery.
fn gallery(ui: &mut Ui) {
    egui::Frame::new().fill(theme::tokens(ui).base).inner_margin(16.0).show(ui, |ui| {
        ui.columns_const(|[a, b]| {
            left(a);
            right(b);
        });
        ui.add_space(space::M);
        table(ui, false);
    });
    let toasts = [
        Toast { level: Level::Success, text: "Schedule 301 created", action: None },
        Toast { level: Level::Error, text: "The file is open in another program", action: Some("Try again") },
    ];
    let _ = toast_ui(ui.ctx(), &toasts);
}

fn table(ui: &mut Ui, loading: bool) {
    let now: Timestamp = "2026-11-23T14:05:00Z".parse().unwrap();
    let zone = Zone::utc();
    let rows = Rows::new(backups(40));
    let mut layout = Layout::default_of::<Backup>();
    layout.click_header("status".into(), true);
    let request = IndexRequest {
        filter: skybackup::grid::Filter::default(),
        sort: layout.sort.clone(),
        by_service: false,
        visible: layout.visible_keys(),
        zone: zone.clone(),
        now,
        names: std::sync::Arc::default(),
    };
    let mut selection = Selection::default();
    let job = IndexJob {
        rows: rows.clone(),
        request,
        search_index: None,
        facets: None,
        previous: None,
        selection: selection.clone(),
    };
    let index = if loading { Index::default() } else { job.run().index };
    if let Some(place) = index.order.get(2) {
        selection.click(&rows.id(*place).unwrap());
    }
    let context = CellContext { zone: &zone, now, names: &NO_NAMES };
    let shown = DataTable {
        id: "backups",
        rows: &rows,
        lines: &TableLines::from(index.order),
        newest_good: &|_| None,
        layout: &layout,
        selection: &selection,
        context: &context,
        facets: &skybackup::grid::FacetCounts::default(),
        dense: false,
        loading,
    };
    data_table(ui, &shown, &mut |_, _, _, _| {});
}

/// A harness with the app's own look.
pub(super) fn harness<'a>(theme: Theme, size: [f32; 2], app: impl FnMut(&mut Ui) + 'a) -> Harness<'a> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(16)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui(app)
}

fn dialog(ui: &mut Ui) {
    gallery(ui);
    let question = ModalDialog {
        id: "delete",
        title: "Delete schedule 301?",
        width: 440.0,
        confirm: "Delete schedule",
        cancel: "Keep it",
        is_danger: true,
        can_confirm: true,
    };
    dialog_ui(ui.ctx(), &question, |ui| {
        let secondary = theme::tokens(ui).text_secondary;
        ui.label(
            RichText::new("The next full backup of orders-prod, on 24 November at 02:00 UTC, will not be made.")
                .color(secondary),
        );
    });
}

fn icons(ui: &mut Ui) {
    egui::Frame::new().fill(theme::tokens(ui).base).inner_margin(16.0).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            for (name, glyph) in icon::ALL {
                ui.label(RichText::new(format!("{glyph} {name}")));
            }
        });
        ui.label(RichText::new("0123456789 2026-11-23 02:00:00 0-100-88213").monospace());
        ui.label("Ĳß Ελληνικά Кириллица “quotes” – — … × ≥ µ → ⌘⇧⌥⌃");
        table(ui, true);
    });
}

/// Narrow, compact, and with texts that do not fit.
fn narrow(ui: &mut Ui) {
    theme::apply_density(ui.ctx(), true);
    egui::Panel::right("detail").exact_size(340.0).resizable(false).show(ui, |ui| {
        let tokens = theme::tokens(ui);
        section_title(ui, "orders-prod");
        ui.spacing_mut().item_spacing.y = 2.0;
        let (glyph, color) = status_icon(StatusKind::Bad, tokens);
        key_value_icon(ui, "Status", "", glyph, "Failed", color);
        key_value(ui, "Service", "", "a-service-with-a-very-long-name-indeed-0042-and-more-of-it", &TextStyle::Body);
        key_value(ui, "GTID position", "", &"0-100-88213,1-200-4711,".repeat(8), &TextStyle::Monospace);
        key_value(ui, "Point in time (UTC)", "", "2026-11-23 02:00:00", &TextStyle::Monospace);
        let alert = Alert {
            level: Level::Info,
            title: "This backup was made by a schedule that no longer exists",
            body: "The link is inferred from service, type and time, because the service does not name the schedule.",
            advice: "Look at the schedules of this service",
            trace_id: None,
            actions: &["Show schedules"],
        };
        alert_ui(ui, &alert);
    });
    egui::CentralPanel::default().show(ui, |ui| {
        screen_title(ui, "Backups", "37 of 412", |ui| primary_button(ui, "Create"));
        ui.horizontal(|ui| {
            segmented(ui, &["UTC", "Local"], &mut 0);
            search_field(ui, &mut String::new(), "Search backups");
        });
        labelled_field(ui, "API key", "Kept in the keyring of this computer", None, |ui| {
            secret_field(ui, egui::Id::unique("narrow key"), &mut "0123456789".to_owned(), "Paste it here")
        });
        table(ui, false);
    });
    let text = "The schedule was created, but the list of schedules could not be read again because the service did not answer";
    let toast = Toast { level: Level::Warning, text, action: Some("Try again") };
    let _ = toast_ui(ui.ctx(), &[toast]);
}

/// The toolkit's own widgets in our style.
fn plain(ui: &mut Ui) {
    egui::CentralPanel::default().show(ui, |ui| {
        egui::MenuBar::new().ui(ui, |ui| {
            for name in ["File", "Edit", "View", "Help"] {
                ui.menu_button(name, |ui| ui.label(""));
            }
        });
        ui.separator();
        ui.horizontal(|ui| {
            ui.label("Keep");
            ui.add(egui::DragValue::new(&mut 60.0).suffix(" s")).accessible_name("Keep");
            ui.add(egui::Slider::new(&mut 0.4, 0.0..=1.0)).accessible_name("Zoom");
            let _ = ui.selectable_label(true, "Chosen");
            let _ = ui.selectable_label(false, "Not chosen");
            let _ = ui.button("Plain button");
        });
        ui.hyperlink_to("Documentation of SkySQL backups", "https://example.com");
        ui.checkbox(&mut true, "Include columns that are not shown");
        let _ = ui.radio(true, "Excel");
        let _ = ui.radio(false, "Scripts");
        let code = ui.add(
            egui::TextEdit::multiline(&mut "curl -H \"X-API-Key: $SKYSQL_API_KEY\"\n  https://api.skysql.com".to_owned())
                .code_editor(),
        );
        code.accessible_name("Request");
        ui.collapsing("Details", |ui| ui.label("More"));
        ui.label(RichText::new("The help under a field, which can be longer than one line and then wraps to the next one without being too tight or too wide for reading.").small());
        ui.set_max_width(300.0);
        ui.label("The body text of a paragraph, which can be longer than one line and then wraps to the next one.");
    });
}

/// The pictures that are kept: a change of the look must be seen and meant.
#[test]
fn the_look_is_as_it_was() {
    let mut results = egui_kittest::SnapshotResults::new();
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = harness(theme, [660.0, 470.0], |ui| {
            egui::CentralPanel::default().show(ui, left);
        });
        harness.run();
        results.add(harness.try_snapshot(format!("widgets-{theme:?}").to_lowercase()));
    }
}

/// Draws one picture.
type View = fn(&mut Ui);

/// Writes pictures to look at: `SKYBACKUP_PICTURES=folder cargo test --test main pictures -- --ignored`.
#[test]
#[ignore = "for the eye"]
fn pictures() {
    let folder =
        std::path::PathBuf::from(std::env::var("SKYBACKUP_PICTURES").unwrap_or_else(|_| "target/pictures".to_owned()));
    std::fs::create_dir_all(&folder).unwrap();
    let views: [(&str, View); 5] =
        [("plain", plain), ("narrow", narrow), ("gallery", gallery), ("dialog", dialog), ("icons", icons)];
    for theme in [Theme::Dark, Theme::Light] {
        for (name, view) in views {
            let size = if name == "narrow" { [900.0, 600.0] } else { [1280.0, 1000.0] };
            let mut harness = harness(theme, size, view);
            harness.run();
            let picture = harness.render().unwrap();
            picture.save(folder.join(format!("{name}-{theme:?}.png").to_lowercase())).unwrap();
        }
        let mut sharp = harness(theme, [640.0, 470.0], |ui| {
            egui::CentralPanel::default().show(ui, |ui| {
                two_clocks(ui, ("02:00", "UTC"), ("03:00", "Europe/Berlin"));
                key_value(ui, "GTID", "", "0-100-88213", &TextStyle::Monospace);
                table(ui, false);
            });
        });
        sharp.set_pixels_per_point(2.0);
        sharp.run();
        sharp.render().unwrap().save(folder.join(format!("sharp-{theme:?}.png").to_lowercase())).unwrap();
        let mut harness = harness(theme, [1280.0, 1000.0], gallery);
        harness.run();
        let from = harness.get_by_role_and_label(egui::Role::ColumnHeader, "Service").rect().center();
        harness.drag_at(from);
        harness.run_steps(2);
        harness.hover_at(from + egui::vec2(330.0, 0.0));
        harness.run_steps(4);
        harness.render().unwrap().save(folder.join(format!("drag-{theme:?}.png").to_lowercase())).unwrap();
        harness.drop_at(from);
        harness.run();
        let shoot = |harness: &mut Harness<'_>, name: &str| {
            harness.run_steps(8);
            let picture = harness.render().unwrap();
            picture.save(folder.join(format!("{name}-{theme:?}.png").to_lowercase())).unwrap();
        };
        harness.get_by_label("Type: 2").click();
        shoot(&mut harness, "filter");
        harness.key_press(egui::Key::Escape);
        harness.run();
        harness.get_all_by_role(egui::Role::Row).nth(1).unwrap().click_secondary();
        shoot(&mut harness, "row-menu");
        harness.key_press(egui::Key::Escape);
        harness.run();
        harness.get_by_role_and_label(egui::Role::ColumnHeader, "Service").click_secondary();
        shoot(&mut harness, "header-menu");
        harness.key_press(egui::Key::Escape);
        harness.run();
        harness.get_by_role_and_label(egui::Role::TextInput, "Service").focus();
        harness.get_by_label("Export…").hover();
        shoot(&mut harness, "focus");
    }
}
