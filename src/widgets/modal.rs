//! Dialogs, and the question before an action.

use egui::{
    Context, Frame, Id, Key, Label, Margin, Modal, Modifiers, RichText, Role, Stroke, Ui, UiKind, Vec2, WidgetInfo,
};

use super::button::{ActionButton, ButtonStyle};
use super::paint::{self, focus_on_open};
use crate::theme::{self, radius, space};

/// What a dialog says and how it is answered.
#[derive(Clone, Copy, Debug)]
pub struct ModalDialog<'a> {
    /// Its own name, unlike every other dialog's.
    pub id: &'a str,
    /// The action as a question, such as "Delete the daily full backup of billing?".
    pub title: &'a str,
    /// The width inside the margins, in points.
    pub width: f32,
    /// The button that does it, with the verb of the title.
    pub confirm: &'a str,
    /// The button that leaves everything as it is; empty for a dialog that has nothing to leave.
    pub cancel: &'a str,
    /// It destroys something: the confirm button is filled with the color of harm, and the safe one has the keyboard.
    pub is_danger: bool,
    /// The confirm button can be used.
    pub can_confirm: bool,
}

/// How a dialog ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogAnswer {
    /// Do it.
    Confirmed,
    /// Leave it: the button, Esc.
    Cancelled,
}

/// Shows the dialog over everything else, with what `body` draws between title and buttons; `None` while it is open.
///
/// A click beside it does nothing, so that a form is not lost by accident. Enter in a line of text confirms, as does Enter while
/// nothing has the keyboard; but where something is destroyed, only in a line of text: there the safe button has the keyboard.
pub fn dialog_ui(ctx: &Context, dialog: &ModalDialog<'_>, body: impl FnOnce(&mut Ui)) -> Option<DialogAnswer> {
    let (answer, is_escape) = modal_ui(ctx, (dialog.id, dialog.title), dialog.width, |ui| {
        let title = ui.add(Label::new(RichText::new(dialog.title).text_style(theme::section())).wrap());
        title.widget_info(|| WidgetInfo::labeled(Role::Heading, true, dialog.title));
        ui.add_space(space::XS);
        let before = ui.memory(egui::Memory::focused);
        body(ui);
        let is_entered = is_entered(ui, before, dialog.is_danger);
        let body_has_keyboard = ui.memory(egui::Memory::focused).is_some_and(|now| before != Some(now));
        ui.add_space(space::L);
        let answer = buttons_ui(ui, dialog, body_has_keyboard);
        answer.or((is_entered && dialog.can_confirm).then_some(DialogAnswer::Confirmed))
    });
    if is_escape { Some(DialogAnswer::Cancelled) } else { answer }
}

/// Enter ended the editing of a line of text, which is when a field lets go of the keyboard; `before` had it before the fields.
fn is_entered(ui: &Ui, before: Option<Id>, is_danger: bool) -> bool {
    let is_pressed = ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers.is_none());
    let now = ui.memory(egui::Memory::focused);
    is_pressed && now.is_none() && (before.is_some() || !is_danger)
}

/// A dialog that shows something and asks nothing: one button, in the same place and look everywhere. True: it is to close.
pub fn info_dialog_ui(ctx: &Context, id: &str, title: &str, width: f32, body: impl FnOnce(&mut Ui)) -> bool {
    let dialog = ModalDialog { id, title, width, confirm: "Close", cancel: "", is_danger: false, can_confirm: true };
    dialog_ui(ctx, &dialog, body).is_some()
}

/// The frame of every dialog, `width` points wide inside its margins where the window allows, with what `add` draws in it.
///
/// `name` is what a screen reader calls it. Returns what `add` gave, and whether Esc was pressed for this dialog.
pub fn modal_ui<R>(ctx: &Context, (id, name): (&str, &str), width: f32, add: impl FnOnce(&mut Ui) -> R) -> (R, bool) {
    let tokens = theme::tokens_of(ctx.theme());
    let frame = Frame::new()
        .fill(tokens.raised)
        .stroke(Stroke::new(1.0, tokens.line_subtle))
        .corner_radius(radius::DIALOG)
        .shadow(ctx.style_of(ctx.theme()).visuals.window_shadow)
        .inner_margin(Margin::same(24));
    let id = Id::unique(("dialog", id));
    let shown = Modal::new(id).backdrop_color(tokens.scrim).frame(frame).show(ctx, |ui| {
        name_dialog(ui, name);
        ui.set_width(width.min(ctx.content_rect().width() - 2.0 * (space::XL + space::L)));
        ui.spacing_mut().item_spacing.y = space::S;
        add(ui)
    });
    let is_escape = shown.is_top_modal
        && !shown.any_popup_open
        && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    keep_keyboard(ctx, id.with("keyboard"), is_escape);
    // A dialog that grew is drawn in the middle again one frame later: ask for that frame.
    let size = shown.response.rect.size();
    let last: Option<Vec2> = ctx.data(|data| data.get_temp(id));
    ctx.data_mut(|data| data.insert_temp(id, size));
    match last {
        // egui only measures a new dialog, and does not show it: what has the keyboard would be nowhere for a frame.
        None => ctx.request_discard("a dialog opens"),
        Some(last) if last != size => ctx.request_repaint(),
        Some(_) => {}
    }
    (shown.inner, is_escape)
}

/// egui takes the keyboard from whatever has it when Esc is pressed. In a dialog it stays there until the dialog is gone, so that a
/// screen reader does not speak of the window in between.
fn keep_keyboard(ctx: &Context, slot: Id, is_escape: bool) {
    let last: Option<Id> = ctx.data(|data| data.get_temp(slot)).flatten();
    let now = ctx.memory(egui::Memory::focused);
    if let Some(last) = last.filter(|_| is_escape && now.is_none()) {
        ctx.memory_mut(|memory| memory.request_focus(last));
    } else {
        ctx.data_mut(|data| data.insert_temp(slot, now));
    }
}

/// Gives the dialog around `ui` the name that a screen reader speaks when it opens, in place of all words in it.
pub fn name_dialog(ui: &Ui, name: &str) {
    if let Some(dialog) = ui.stack().iter().find(|part| part.kind() == Some(UiKind::Modal)) {
        ui.ctx().accesskit_node_builder(dialog.unique_id, |node| {
            node.set_label(name);
            node.set_modal();
        });
    }
}

/// A dialog whose body takes no keyboard when it opens gives it to a button, so that a screen reader notices it.
fn buttons_ui(ui: &mut Ui, dialog: &ModalDialog<'_>, body_has_keyboard: bool) -> Option<DialogAnswer> {
    let mut answer = None;
    // What only closes does nothing that would need the colour of an action.
    let weight = match (dialog.is_danger, dialog.cancel.is_empty()) {
        (true, _) => ButtonStyle::DangerFilled,
        (false, true) => ButtonStyle::Secondary,
        (false, false) => ButtonStyle::Primary,
    };
    let confirm = ActionButton::new(weight, dialog.confirm);
    let cancel = (!dialog.cancel.is_empty()).then(|| ActionButton::new(ButtonStyle::Secondary, dialog.cancel));
    // Tab follows the order of creation, so the safe button is made first, and both are measured to stand right.
    ui.horizontal(|ui| {
        let before = cancel.as_ref().map_or(0.0, |cancel| cancel.width(ui) + ui.spacing().item_spacing.x);
        ui.add_space((ui.available_width() - before - confirm.width(ui)).max(0.0));
        let cancel = cancel.map(|cancel| ui.add(cancel));
        let confirm = ui.add_enabled(dialog.can_confirm, confirm);
        match &cancel {
            Some(cancel) if dialog.is_danger => focus_on_open(ui, cancel),
            None => focus_on_open(ui, &confirm),
            Some(_) if paint::is_opening(ui, &confirm) && !body_has_keyboard => confirm.request_focus(),
            Some(_) => {}
        }
        if confirm.clicked() {
            answer = Some(DialogAnswer::Confirmed);
        } else if cancel.is_some_and(|cancel| cancel.clicked()) {
            answer = Some(DialogAnswer::Cancelled);
        }
    });
    answer
}
