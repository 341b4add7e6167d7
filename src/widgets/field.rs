//! Fields of forms: label above, help or error below.

use egui::text_edit::TextEditState;
use egui::{Context, Event, FontSelection, Id, Response, RichText, TextEdit, TextStyle, Ui, Widget};

use super::paint;
use crate::theme::{self, icon};

/// A label, the field `add` draws, and under it the help, or the error in its place.
///
/// The response of the field comes back, named by the label.
pub fn labelled_field(
    ui: &mut Ui,
    label: &str,
    help: &str,
    error: Option<&str>,
    add: impl FnOnce(&mut Ui) -> Response,
) -> Response {
    let tokens = theme::tokens(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let name = ui.label(RichText::new(label).text_style(theme::strong()));
        let response = ui
            .scope(|ui| {
                if error.is_some() {
                    let widgets = &mut ui.visuals_mut().widgets;
                    widgets.inactive.bg_stroke.color = tokens.bad;
                    widgets.hovered.bg_stroke.color = tokens.bad;
                }
                add(ui)
            })
            .inner
            .labelled_by(name.id);
        if let Some(error) = error {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_invalid(egui::accesskit::Invalid::True);
                node.set_description(error);
            });
            paint::note_ui(ui, icon::WARNING_CIRCLE, error, tokens.bad);
        } else if !help.is_empty() {
            ui.label(RichText::new(help).small().color(tokens.text_secondary));
        }
        response
    })
    .inner
}

/// A line of text over the width at hand. Name it with [`labelled_field`] or `accessible_name`.
pub fn text_field(ui: &mut Ui, text: &mut String, hint: &str) -> Response {
    single_line(ui, text, hint).ui(ui)
}

/// A line whose characters are hidden, and that keeps no history: Ctrl+Z brings nothing back.
///
/// The buffer is the caller's, who zeroes it after use. A line break in what is pasted stays one, so that the caller can name it.
pub fn secret_field(ui: &mut Ui, id: Id, secret: &mut String, hint: &str) -> Response {
    if ui.memory(|memory| memory.has_focus(id)) {
        ui.input_mut(|input| input.events.iter_mut().for_each(keep_line_breaks));
    }
    let response =
        single_line(ui, secret, hint).id(id).password(true).font(FontSelection::Style(TextStyle::Monospace)).ui(ui);
    forget_history(ui.ctx(), id);
    response
}

/// What is pasted into a field of one line gets spaces for its line breaks; what is typed stays as it is.
fn keep_line_breaks(event: &mut Event) {
    if let Event::Paste(text) = event {
        *event = Event::Text(std::mem::take(text));
    }
}

fn single_line<'t>(ui: &Ui, text: &'t mut String, hint: &str) -> TextEdit<'t> {
    let tokens = theme::tokens(ui);
    TextEdit::singleline(text)
        .hint_text(RichText::new(hint).color(tokens.text_faint))
        .desired_width(f32::INFINITY)
        .margin(paint::field_margin(ui, 8))
}

/// Forgets what Ctrl+Z could bring back of the field `id`. Called after every drawing of a secret, no copy of it stays behind.
pub fn forget_history(ctx: &Context, id: Id) {
    if let Some(mut state) = TextEditState::load(ctx, id) {
        state.clear_undoer();
        state.store(ctx, id);
    }
}
