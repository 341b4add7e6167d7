//! The form of a schedule: a new one, a run now, or a change of one.
//!
//! The texts are in [`ScheduleForm`], judged anew in every frame; what is sent is the parsed value. May import domain, model, msg, widgets,
//! theme. Must never keep a text of its own, nor send anything but by a command.

mod preview;
mod request;
mod service;
mod storage;
mod when;

use egui::{Frame, Key, Layout, Panel, Response, RichText, ScrollArea, Ui, UiBuilder};

use self::request::Verdict;
use super::{marks, outcome};
use crate::domain::{BackupType, DraftField, FieldError, ServiceId, StorageChoice, type_line, warnings};
use crate::model::{Data, FormPurpose, ScheduleForm, View};
use crate::msg::{Command, Commands};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, Weight, glyph_ui, labelled_field, link_button, modal_ui, segmented};

/// From this window width on the form has two columns.
const WIDE_WINDOW: f32 = 1100.0;
/// The gap between them.
const GAP: f32 = 40.0;

/// The form as a dialog; its draft survives closing.
pub(super) fn schedule_form_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(form) = &mut view.form else {
        commands.push(Command::CloseDialog);
        return;
    };
    form.look_up_newest_full(data);
    let verdict = Verdict::of(data, form);
    let window = ui.ctx().content_rect().size();
    let is_wide = window.x >= WIDE_WINDOW && form.purpose != FormPurpose::BackUpNow;
    let wanted = match (&form.purpose, is_wide) {
        (FormPurpose::BackUpNow, _) => 600.0,
        (FormPurpose::Edit(_), true) => 580.0,
        (FormPurpose::Create, true) => 680.0,
        (_, false) => 780.0,
    };
    let height = (window.y - 2.0 * (space::XL + space::L)).min(wanted).max(320.0);
    let (done, is_escape) = modal_ui(ui.ctx(), "schedule-form", if is_wide { 980.0 } else { 560.0 }, |ui| {
        ui.set_height(height);
        ui.horizontal(|ui| {
            ui.label(RichText::new(title(&form.purpose)).text_style(theme::section()));
            ui.add_space(space::S);
            marks::in_use_ui(ui, data);
        });
        ui.add_space(space::XS);
        let clicked = Panel::bottom("schedule-form-footer")
            .frame(Frame::new())
            .resizable(false)
            .show_separator_line(false)
            .show(ui, |ui| footer_ui(ui, data, form, &verdict, commands))
            .inner;
        // The bar of the scroll area stands in the margin, so that fields and buttons end at the same edge.
        let place = ui.available_rect_before_wrap();
        let with_bar = place.with_max_x(place.right() + space::M);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(with_bar));
        let entered = ScrollArea::vertical()
            .auto_shrink(false)
            .show(&mut inner, |ui| {
                ui.set_width(place.width());
                let is_free = !request::is_sending(data, form);
                ui.add_enabled_ui(is_free, |ui| body_ui(ui, data, form, &verdict, is_wide, commands)).inner
            })
            .inner;
        ui.advance_cursor_after_rect(place);
        Done { is_submitted: clicked == Some(Answer::Submit) || entered, is_left: clicked == Some(Answer::Leave) }
    });
    if is_escape || done.is_left {
        commands.push(Command::CloseDialog);
    } else if done.is_submitted {
        submit(data, form, commands);
    }
}

/// How the frame ended.
struct Done {
    is_submitted: bool,
    is_left: bool,
}

/// Which button was clicked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Submit,
    Leave,
}

fn title(purpose: &FormPurpose) -> String {
    match purpose {
        FormPurpose::Create => "New schedule".to_owned(),
        FormPurpose::BackUpNow => "Back up now".to_owned(),
        FormPurpose::Edit(id) => format!("Edit schedule {}", id.shown()),
    }
}

/// Sends what parses, once; else every error is shown from now on.
fn submit(data: &Data, form: &mut ScheduleForm, commands: &mut Commands) {
    form.tried = true;
    if !data.can_write() {
        return;
    }
    if let Ok(request) = Verdict::of(data, form).request {
        commands.push(request.into_command());
    }
}

/// True: Enter was pressed in a text field.
fn body_ui(
    ui: &mut Ui,
    data: &Data,
    form: &mut ScheduleForm,
    verdict: &Verdict,
    is_wide: bool,
    commands: &mut Commands,
) -> bool {
    let has_times = form.purpose != FormPurpose::BackUpNow;
    let mut entered = false;
    ui.spacing_mut().item_spacing.y = space::S;
    if is_wide {
        let (left, right) = (400.0, 540.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            let column = |ui: &mut Ui, width: f32, add: &mut dyn FnMut(&mut Ui)| {
                ui.allocate_ui_with_layout(egui::vec2(width, 0.0), Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.x = space::S;
                    add(ui);
                });
            };
            column(ui, left, &mut |ui| entered |= what_ui(ui, data, form, verdict, commands));
            column(ui, right, &mut |ui| entered |= when::when_ui(ui, data, form, verdict));
        });
    } else {
        entered |= service::service_ui(ui, data, form, verdict);
        ui.add_space(space::S);
        type_ui(ui, form, verdict);
        ui.add_space(space::S);
        if has_times {
            entered |= when::when_ui(ui, data, form, verdict);
            ui.add_space(space::S);
        }
        entered |= storage_part_ui(ui, data, form, verdict, commands);
    }
    ui.add_space(space::XS);
    warnings_ui(ui, data, form);
    preview::preview_ui(ui, data, form, verdict, commands);
    entered
}

/// The left column: what is backed up, and where to.
fn what_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, verdict: &Verdict, commands: &mut Commands) -> bool {
    let mut entered = service::service_ui(ui, data, form, verdict);
    ui.add_space(space::S);
    type_ui(ui, form, verdict);
    ui.add_space(space::S);
    entered |= storage_part_ui(ui, data, form, verdict, commands);
    entered
}

fn storage_part_ui(
    ui: &mut Ui,
    data: &Data,
    form: &mut ScheduleForm,
    verdict: &Verdict,
    commands: &mut Commands,
) -> bool {
    if matches!(form.purpose, FormPurpose::Edit(_)) {
        return false;
    }
    let entered = storage::storage_ui(ui, form, verdict, commands);
    let is_demo = data.session.profile().is_some_and(|profile| profile.is_demo);
    if is_demo && form.draft.storage == StorageChoice::OwnBucket {
        let warn = theme::tokens(ui).warn;
        ui.label(RichText::new("This is the demo. Do not enter real credentials").small().color(warn));
    }
    entered
}

fn type_ui(ui: &mut Ui, form: &mut ScheduleForm, verdict: &Verdict) {
    let types = BackupType::ALL;
    let names = types.each_ref().map(BackupType::name);
    let mut place = types.iter().position(|it| *it == form.draft.backup_type).unwrap_or(usize::MAX);
    let error = verdict.error(form, |field| *field == DraftField::BackupType);
    let help = type_line(&form.draft.backup_type);
    labelled_field(ui, "Backup type", help, error.map(|error| error.message.as_str()), |ui| {
        ui.push_id("type", |ui| segmented(ui, &names, &mut place)).response
    });
    if let Some(chosen) = types.into_iter().nth(place) {
        form.draft.backup_type = chosen;
    }
}

/// Quiet lines about what to think of; they never block.
fn warnings_ui(ui: &mut Ui, data: &Data, form: &ScheduleForm) {
    let id = ServiceId::from_typed(&form.draft.service);
    let service = id.as_ref().and_then(|id| data.known_services().iter().find(|service| service.id == *id));
    let fulls = form.known_fulls(data);
    // Without a service there is nothing to say about its backups.
    let is_early = id.is_none() && form.draft.backup_type == BackupType::Incremental;
    let mut texts = if is_early { Vec::new() } else { warnings(&form.draft, service, fulls.as_deref(), data.now) };
    texts.extend(request::twin(data, form).map(|id| format!("A schedule like this exists already: #{}", id.shown())));
    for text in texts {
        line_ui(ui, icon::WARNING, theme::tokens(ui).warn, &text);
    }
}

/// An icon in its colour and a quiet sentence that wraps beside it.
fn line_ui(ui: &mut Ui, glyph: &str, colour: egui::Color32, text: &str) {
    let tokens = theme::tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        glyph_ui(ui, glyph, &theme::body(), colour);
        ui.add(egui::Label::new(RichText::new(text).color(tokens.text_secondary)).wrap());
    });
}

/// The message of a field that needs more room than the field has, and the fix it offers; `Some` where that was clicked.
fn error_line_ui(ui: &mut Ui, error: &FieldError) -> Option<String> {
    let bad = theme::tokens(ui).bad;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            glyph_ui(ui, icon::WARNING_CIRCLE, &theme::small(), bad);
            ui.add(egui::Label::new(RichText::new(&error.message).small().color(bad)).wrap());
        });
        let fix = error.fix.as_ref()?;
        link_button(ui, &format!("Use {fix}")).clicked().then(|| fix.clone())
    })
    .inner
}

/// Enter ended the editing of this field.
fn is_entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// What is under the fields and always in sight: the refusal or the open outcome, the reason, the buttons.
fn footer_ui(
    ui: &mut Ui,
    data: &Data,
    form: &ScheduleForm,
    verdict: &Verdict,
    commands: &mut Commands,
) -> Option<Answer> {
    ui.add_space(space::M);
    outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
    outcome::refusal_ui(ui, data, &[]);
    ui.add_space(space::XS);
    let secondary = theme::tokens(ui).text_secondary;
    let is_sending = request::is_sending(data, form);
    let reason = request::obstacle(data).or_else(|| verdict.request.as_ref().err().map(String::as_str));
    let mut answer = None;
    let submit = ActionButton::new(Weight::Primary, request::button_words(&form.purpose, is_sending));
    let leave = ActionButton::new(Weight::Secondary, if is_sending { "Close" } else { "Cancel" });
    // Tab follows the order of creation: the safe button is made first, and both are measured to stand right.
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let room = (ui.available_width() - submit.width(ui) - leave.width(ui) - 2.0 * gap).max(0.0);
        let size = egui::vec2(room, ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_width(room);
            if let Some(reason) = reason.filter(|_| !is_sending) {
                ui.add(egui::Label::new(RichText::new(reason).color(secondary)).truncate());
            }
        });
        if ui.add(leave).clicked() {
            answer = Some(Answer::Leave);
        }
        if ui.add_enabled(reason.is_none(), submit).clicked() {
            answer = Some(Answer::Submit);
        }
    });
    answer
}
