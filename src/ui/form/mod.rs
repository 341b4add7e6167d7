//! What the dialogs of forms are made of: the dialog itself, fields with their errors, the list of services, an own bucket, the request.
//!
//! Knows no form. May import domain, draft, model, msg, widgets, theme. Must never keep a text of its own.

mod bucket;
mod preview;
mod services;

use egui::{Id, Key, Response, RichText, ScrollArea, TextStyle, Ui, UiBuilder};

pub(super) use self::bucket::{BucketParts, bucket_ui};
pub(super) use self::preview::preview_ui;
pub(super) use self::services::{ServicePicker, change_ui, detail, known, one_line_ui};
use crate::draft::{DraftField, FieldError, FieldFix};
use crate::theme::{self, icon, space};
use crate::widgets::{DialogAnswer, glyph_ui, labelled_field, link_button, modal_ui};

/// The height of the footer before it was ever measured.
const FOOTER: f32 = 56.0;
/// The fields get at least this height, whatever the footer says.
const MIN_ROOM: f32 = 160.0;

/// What the dialog of a form is called, and how wide it is.
#[derive(Clone, Copy)]
pub(super) struct FormDialog<'a> {
    /// Its own name, unlike every other dialog's.
    pub(super) id: &'a str,
    /// What a screen reader calls it.
    pub(super) name: &'a str,
    /// The width inside the margins, in points.
    pub(super) width: f32,
}

/// The dialog of a form, made of its `parts`: the title, the fields as high as the window allows and scrolled beyond, and a footer that
/// is always in sight. Esc cancels; `body` returns true where Enter was pressed in a field, which confirms.
pub(super) fn form_dialog_ui<P>(
    ui: &Ui,
    dialog: FormDialog<'_>,
    parts: &mut P,
    title: impl FnOnce(&mut Ui, &mut P),
    body: impl FnOnce(&mut Ui, &mut P) -> bool,
    footer: impl FnOnce(&mut Ui, &mut P) -> Option<DialogAnswer>,
) -> Option<DialogAnswer> {
    let window = ui.ctx().content_rect().height();
    let (answer, is_escape) = modal_ui(ui.ctx(), (dialog.id, dialog.name), dialog.width, |ui| {
        let top = ui.cursor().top();
        title(ui, parts);
        ui.add_space(space::XS);
        // What is left for the fields, with the footer as high as it was in the last frame.
        let footer_id = ui.scope_id().with("footer height");
        let footer_height: f32 = ui.data(|data| data.get_temp(footer_id)).unwrap_or(FOOTER);
        let room = window - 2.0 * (space::XL + space::L) - (ui.cursor().top() - top) - footer_height;
        let entered = scrolled_ui(ui, room.max(MIN_ROOM), |ui| body(ui, parts));
        let footer = ui.scope(|ui| footer(ui, parts));
        let height = footer.response.rect.height() + ui.spacing().item_spacing.y;
        if (height - footer_height).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(footer_id, height));
            ui.request_repaint();
        }
        footer.inner.or(entered.then_some(DialogAnswer::Confirmed))
    });
    if is_escape { Some(DialogAnswer::Cancelled) } else { answer }
}

/// As high as its content up to `room`, and scrolled beyond; at once, not by steps from the height of the dialog before. The
/// bar is in the margin of the dialog, so that fields and buttons end at the same edge.
fn scrolled_ui<R>(ui: &mut Ui, room: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let place = ui.available_rect_before_wrap();
    let with_bar = place.with_max_x(place.right() + space::M);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(with_bar));
    let area = ScrollArea::vertical().max_height(room).min_scrolled_height(room).auto_shrink([false, true]);
    let shown = area.show(&mut inner, |ui| {
        ui.set_width(place.width());
        add(ui)
    });
    ui.advance_cursor_after_rect(place.with_max_y(inner.min_rect().bottom()));
    shown.inner
}

/// A labelled field that `add` draws. Its error is not shown while it is being typed in, as every text is wrong before it is
/// complete; after a try it is. Returns the error that is shown too.
pub(super) fn draft_field_ui<'e>(
    ui: &mut Ui,
    field: DraftField,
    error: Option<&'e FieldError>,
    tried: bool,
    (label, help): (&str, &str),
    add: impl FnOnce(&mut Ui) -> Response,
) -> (Response, Option<&'e FieldError>) {
    let slot = Id::unique(("draft-field", field));
    let id: Option<Id> = ui.data(|data| data.get_temp(slot));
    let is_typed = id.is_some_and(|id| ui.memory(|memory| memory.has_focus(id)));
    let error = error.filter(|_| tried || !is_typed);
    // The message of the bucket comes with fixes, below it.
    let message = error.filter(|_| field != DraftField::Bucket).map(|error| error.message.as_str());
    let help = if error.is_some() { "" } else { help };
    let response = labelled_field(ui, label, help, message, add);
    ui.data_mut(|data| data.insert_temp(slot, response.id));
    (response, error)
}

/// The message of a field that needs more room than the field has, and the fixes it offers; the text of the one that was clicked.
pub(super) fn error_line_ui(ui: &mut Ui, error: &FieldError) -> Option<String> {
    let bad = theme::tokens(ui).bad;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            glyph_ui(ui, icon::WARNING_CIRCLE, &TextStyle::Small, bad);
            ui.add(egui::Label::new(RichText::new(&error.message).small().color(bad)).wrap());
        });
        fixes_ui(ui, &error.fixes)
    })
    .inner
}

/// Texts to take in place of what was entered; the one that was clicked.
pub(super) fn fixes_ui(ui: &mut Ui, fixes: &[FieldFix]) -> Option<String> {
    let secondary = theme::tokens(ui).text_secondary;
    let mut taken = None;
    for fix in fixes {
        if link_button(ui, &fix.label).clicked() {
            taken = Some(fix.text.clone());
        }
        if !fix.meaning.is_empty() {
            ui.add(egui::Label::new(RichText::new(&fix.meaning).small().color(secondary)).wrap());
        }
    }
    taken
}

/// Enter ended the editing of this field.
pub(super) fn is_entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
