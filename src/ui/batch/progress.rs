//! How far several changes are, and what each led to.

use egui::{Color32, Label, Layout, RichText, ScrollArea, TextStyle, Ui};

use super::super::banners::notice_frame;
use super::super::confirm::ask_ui;
use super::super::outcome::{Place, notice_ui, schedule_words};
use super::super::{flags, text::small_ui};
use super::{WIDTH, schedules};
use crate::domain::{format_count, sanitize_for_display};
use crate::model::{Batch, BatchRow, Data, RowOutcome, RowState};
use crate::msg::{BatchAction, BatchCommand, Command, Commands, WindowCommand};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::{
    Alert, Level, ModalDialog, alert_ui, glyph_ui, link_button, progress_bar, scroll_by_keys, speak_changes,
};

/// The height of one change: its schedule, and how far it is below.
const LINE: f32 = 44.0;
/// What title, progress, notices and buttons take of the height of the window.
const AROUND: f32 = 300.0;

/// The dialog once the changes were sent.
pub(super) fn progress_ui(ui: &Ui, data: &Data, batch: &Batch, commands: &mut Commands) {
    let tally = Tally::of(batch);
    let (confirm, command) = tally.next_step(batch);
    let dialog = ModalDialog {
        id: "batch-progress",
        title: &tally.title(batch),
        width: WIDTH,
        confirm: &confirm,
        cancel: if command.is_some() { "Close" } else { "" },
        is_danger: false,
        can_confirm: !batch.is_running() || tally.waiting > 0,
    };
    let room = (ui.content_rect().height() - AROUND).max(LINE * 2.0);
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, commands| {
        flags::in_use_ui(ui, data);
        let settled = batch.settled();
        let fraction = settled as f32 / batch.rows.len().max(1) as f32;
        let words = format!("{} of {} settled", format_count(settled), format_count(batch.rows.len()));
        speak_changes(&progress_bar(ui, Some(fraction), &words));
        notice_ui(ui, data, Place::Dialog, commands);
        let height = (LINE * batch.rows.len() as f32).min(room);
        let area = ScrollArea::vertical().id_salt("rows").max_height(height).auto_shrink([false, true]);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            area.show_rows(ui, LINE, batch.rows.len(), |ui, range| {
                ui.set_max_width(ui.available_width() - space::M);
                for row in batch.rows.get(range).unwrap_or_default() {
                    line_ui(ui, data, batch.action, row);
                }
                scroll_by_keys(ui);
            });
        });
        if tally.failed > 0 && tally.not_sent > 0 && !batch.is_running() && link_button(ui, &tally.retry()).clicked() {
            commands.push(Command::Batch(BatchCommand::RetryFailed));
        }
        if batch.is_running() {
            small_ui(ui, "This dialog can be closed; the changes go on. Those that wait are not sent if you quit");
        }
    });
    if is_confirmed {
        commands.push(command.map_or(Command::Window(WindowCommand::CloseDialog), Command::Batch));
    }
}

/// The notice on every screen while the dialog is closed.
pub(in super::super) fn banner_ui(ui: &mut Ui, data: &Data, is_shown: bool, commands: &mut Commands) {
    let Some(batch) = data.batch().filter(|_| !is_shown) else { return };
    let tally = Tally::of(batch);
    let (level, second) = match batch.is_running() {
        true => (Level::Info, ("Stop", BatchCommand::Stop)),
        false if batch.is_all_done() => (Level::Success, ("Dismiss", BatchCommand::Dismiss)),
        false => (Level::Warning, ("Dismiss", BatchCommand::Dismiss)),
    };
    let choices = [("Show", BatchCommand::Show), second];
    let actions = choices.each_ref().map(|(name, _)| *name);
    let alert = Alert { level, title: &tally.title(batch), body: "", advice: "", trace_id: None, actions: &actions };
    let clicked = notice_frame().show(ui, |ui| alert_ui(ui, &alert)).inner;
    commands.extend(clicked.and_then(|at| choices.into_iter().nth(at)).map(|(_, command)| Command::Batch(command)));
}

/// The changes counted by how far they are.
struct Tally {
    waiting: usize,
    failed: usize,
    not_sent: usize,
    done: usize,
}

impl Tally {
    fn of(batch: &Batch) -> Self {
        Self {
            waiting: batch.count(|state| matches!(state, RowState::Waiting)),
            failed: batch.count(|state| matches!(state, RowState::Failed(_) | RowState::Moved(_))),
            not_sent: batch.count(|state| matches!(state, RowState::NotSent)),
            done: batch.count(|state| matches!(state, RowState::Done(_))),
        }
    }

    /// `Suspending 3 of 12 schedules…`, `10 of 12 schedules suspended`.
    fn title(&self, batch: &Batch) -> String {
        let (done, all) = (format_count(self.done), schedules(batch.rows.len()));
        match batch.is_running() {
            true => format!("{} {all}…", batch.action.doing()),
            false if batch.is_all_done() => format!("{all} {}", batch.action.done()),
            false => format!("{done} of {all} {}", batch.action.done()),
        }
    }

    fn retry(&self) -> String {
        format!("Try the {} failed again", format_count(self.failed))
    }

    /// What the button of the dialog does; none where it only closes it.
    fn next_step(&self, batch: &Batch) -> (String, Option<BatchCommand>) {
        match (batch.is_running(), self.not_sent, self.failed) {
            (true, ..) => ("Stop".to_owned(), Some(BatchCommand::Stop)),
            (false, 0, 0) => ("Close".to_owned(), None),
            (false, 0, _) => (self.retry(), Some(BatchCommand::RetryFailed)),
            (false, rest, _) => (format!("Send the other {}", format_count(rest)), Some(BatchCommand::Continue)),
        }
    }
}

fn line_ui(ui: &mut Ui, data: &Data, action: BatchAction, row: &BatchRow) {
    let tokens = theme::tokens(ui);
    let (glyph, color, words) = state_words(action, row, tokens);
    let size = egui::vec2(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(size, Layout::top_down(egui::Align::Min), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().interact_size.y = 0.0;
        ui.add(Label::new(schedule_words(data, &row.subject)).truncate());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            glyph_ui(ui, glyph, &TextStyle::Small, color);
            ui.add(Label::new(RichText::new(words).small().color(tokens.text_secondary)).truncate());
        });
    });
}

/// Icon, color and words of how far a change is.
fn state_words(action: BatchAction, row: &BatchRow, tokens: &Tokens) -> (&'static str, Color32, String) {
    let word = |text: &str| text.to_owned();
    match &row.state {
        RowState::Waiting => (icon::CIRCLE_DASHED, tokens.text_secondary, word("Waiting")),
        RowState::UnderWay => (icon::CLOCK, tokens.running, word("Being sent")),
        RowState::NotSent => (icon::CIRCLE_DASHED, tokens.text_secondary, word("Not sent")),
        RowState::NotKnown => (icon::WARNING, tokens.warn, word("Sent, but its outcome is not known")),
        RowState::Moved(_) => {
            (icon::WARNING, tokens.warn, word("Changed elsewhere since you saw it, so nothing was sent"))
        }
        RowState::Failed(error) => {
            let said = error.message.as_ref().map(|said| format!(": {}", sanitize_for_display(said)));
            (icon::X_CIRCLE, tokens.bad, format!("{}{}", error.sentence(), said.unwrap_or_default()))
        }
        RowState::Done(outcome) => (icon::CHECK_CIRCLE, tokens.ok, done_words(action, row, outcome)),
    }
}

fn done_words(action: BatchAction, row: &BatchRow, outcome: &RowOutcome) -> String {
    match outcome {
        RowOutcome::Created(id) if id.is_empty() && row.then_suspend => {
            "Created, but SkySQL returned no ID, so it could not be suspended".to_owned()
        }
        RowOutcome::Created(id) if id.is_empty() => "Created".to_owned(),
        RowOutcome::Created(id) => format!("Created with the new ID {}", id.shown()),
        RowOutcome::AlreadyGone => "Was already gone".to_owned(),
        RowOutcome::Deleted => "Deleted".to_owned(),
        RowOutcome::Updated => match action {
            BatchAction::Resume => "Resumed".to_owned(),
            BatchAction::ChangeTime => "Changed".to_owned(),
            BatchAction::Suspend | BatchAction::Copy | BatchAction::Recreate | BatchAction::Delete => {
                "Suspended".to_owned()
            }
        },
    }
}
