//! Every request before it is sent, and why some schedules are left out.

use egui::{Label, Layout, RichText, ScrollArea, TextStyle, Ui};

use super::super::outcome::schedule_words;
use super::super::text::quiet_ui;
use crate::api::{RequestPreview, Shell};
use crate::domain::{format_count, shorten_middle};
use crate::model::{BatchForm, ChangeKind, Data, PlannedChange};
use crate::msg::{BatchAction, Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, glyph_ui, menu_button, menu_item};

/// The height of one planned change: its schedule, and its request below.
const LINE: f32 = 44.0;
/// The changes in sight before the list scrolls.
const LINES: usize = 5;
/// The longest path and body that a line shows, in characters; the commands to copy have all of them.
const LONGEST_REQUEST: usize = 120;

/// The list of requests.
pub(super) fn plan_ui(ui: &mut Ui, data: &Data, form: &BatchForm, commands: &mut Commands) {
    ui.add_space(space::S);
    head_ui(ui, data, form, commands);
    if form.plan.is_empty() {
        return quiet_ui(ui, nothing_words(form));
    }
    let height = LINE * form.plan.len().min(LINES) as f32;
    let area = ScrollArea::vertical().id_salt("plan").max_height(height).auto_shrink([false, true]);
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, LINE, form.plan.len(), |ui, range| {
        ui.set_max_width(ui.available_width() - space::M);
        for planned in form.plan.get(range).unwrap_or_default() {
            line_ui(ui, data, planned);
        }
    });
}

fn nothing_words(form: &BatchForm) -> &'static str {
    match form.action {
        BatchAction::Copy => "Choose the services that shall get a copy",
        BatchAction::Recreate => "Choose the schedules to create again",
        _ => "Shown as soon as the time above is complete",
    }
}

/// How many requests there are, and the same as commands for a shell.
fn head_ui(ui: &mut Ui, data: &Data, form: &BatchForm, commands: &mut Commands) {
    let (count, left_out) = (form.sendable(), form.plan.len() - form.sendable());
    let second = form.plan.iter().filter(|planned| planned.kind.is_ok() && planned.then_suspend).count();
    ui.horizontal(|ui| {
        let words = match count + second {
            1 => "1 request".to_owned(),
            number => format!("{} requests, one after the other", format_count(number)),
        };
        ui.label(RichText::new(words).text_style(theme::strong()));
        if left_out > 0 {
            quiet_ui(ui, format!("{} left out", format_count(left_out)));
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let curl = ActionButton::new(ButtonStyle::Quiet, "Copy as curl").icon(icon::TERMINAL);
            let can = count > 0 && data.session.open().is_some();
            let menu = ui.add_enabled_ui(can, |ui| {
                menu_button(ui, curl.trailing_icon(icon::CARET_DOWN), |ui| {
                    for shell in Shell::ALL {
                        if menu_item(ui, "", shell.name(), "").clicked() {
                            let text = curl_text(data, form, shell);
                            commands.push(Command::Window(WindowCommand::Copy(text, "Curl commands")));
                            ui.close();
                        }
                    }
                })
            });
            menu.inner.on_hover_text("The key is a variable in it");
        });
    });
}

/// A command a line. The request that suspends a new schedule has no path before its id is known.
fn curl_text(data: &Data, form: &BatchForm, shell: Shell) -> String {
    let Some(open) = data.session.open() else { return String::new() };
    let previews = form.plan.iter().filter_map(|planned| preview_of(planned.kind.as_ref().ok()?));
    previews.map(|preview| preview.curl(&open.url, shell)).collect::<Vec<_>>().join("\n\n")
}

fn preview_of(kind: &ChangeKind) -> Option<RequestPreview> {
    match kind {
        ChangeKind::Create(new) => Some(RequestPreview::of_create(new)),
        ChangeKind::Update(schedule, patch) => RequestPreview::of_update(&schedule.id, patch),
        ChangeKind::Delete(schedule) => RequestPreview::of_delete(&schedule.id),
        ChangeKind::Restore(_) | ChangeKind::DeleteRestore(_) => None,
    }
}

fn line_ui(ui: &mut Ui, data: &Data, planned: &PlannedChange) {
    let tokens = theme::tokens(ui);
    let size = egui::vec2(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(size, Layout::top_down(egui::Align::Min), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().interact_size.y = 0.0;
        ui.add(Label::new(schedule_words(data, &planned.subject)).truncate());
        match &planned.kind {
            Ok(kind) => {
                let words = RichText::new(request_words(kind, planned.then_suspend)).monospace();
                ui.add(Label::new(words.color(tokens.text_secondary)).truncate());
            }
            Err(reason) => {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    glyph_ui(ui, icon::WARNING, &TextStyle::Small, tokens.warn);
                    let words = RichText::new(format!("Left out: {reason}")).small();
                    ui.add(Label::new(words.color(tokens.text_secondary)).truncate());
                });
            }
        }
    });
}

/// `PATCH /…/301 {"suspended":true}`.
fn request_words(kind: &ChangeKind, then_suspend: bool) -> String {
    let Some(preview) = preview_of(kind) else { return "No request can name this schedule".to_owned() };
    let then = if then_suspend { r#", then PATCH with {"suspended":true}"# } else { "" };
    let line = shorten_middle(&preview.line(), LONGEST_REQUEST);
    let body = preview.compact_body();
    let gap = if body.is_empty() { "" } else { " " };
    format!("{line}{gap}{}{then}", shorten_middle(&body, LONGEST_REQUEST))
}
