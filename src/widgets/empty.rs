//! What stands where there is nothing to show.

use egui::{Align, Layout, RichText, Ui};

use super::button::secondary_button;
use super::paint;
use crate::theme::{self, space};

/// An icon, one sentence, and at most one action, centered in the space at hand; tells whether the action was clicked.
pub fn empty_state_ui(ui: &mut Ui, icon: &str, sentence: &str, action: Option<&str>) -> bool {
    empty_choices_ui(ui, icon, sentence, action.as_slice()).is_some()
}

/// The same with several actions, one under the other; tells which was clicked.
pub fn empty_choices_ui<S: AsRef<str>>(ui: &mut Ui, icon: &str, sentence: &str, actions: &[S]) -> Option<usize> {
    const CONTENT_HEIGHT: f32 = 120.0;
    let tokens = theme::tokens(ui);
    let above = ((ui.available_height() - CONTENT_HEIGHT) * 0.42).max(space::XXL);
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(above);
        ui.spacing_mut().item_spacing.y = space::M;
        let (rect, _) = ui.allocate_exact_size(egui::vec2(36.0, 44.0), egui::Sense::hover());
        paint::icon(ui.painter(), rect.center(), icon, 36.0, tokens.text_faint);
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(420.0));
            ui.label(RichText::new(sentence).color(tokens.text_secondary));
        });
        let mut chosen = None;
        for (number, action) in actions.iter().enumerate() {
            if secondary_button(ui, action.as_ref()).clicked() {
                chosen = Some(number);
            }
        }
        chosen
    })
    .inner
}
