//! One instant on two clocks.

use egui::{Response, RichText, Ui};

use crate::theme::{self, space};

/// Two times side by side, each with the name of its zone: `02:00 UTC  =  04:00 Europe/Paris`.
///
/// The texts come from the caller, who knows the zones. With equal zones the second is left out.
pub fn two_clocks(ui: &mut Ui, first: (&str, &str), second: (&str, &str)) -> Response {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let clock = |ui: &mut Ui, (time, zone): (&str, &str)| {
            ui.label(RichText::new(time).monospace());
            ui.label(RichText::new(zone).small().color(tokens.text_secondary));
        };
        clock(ui, first);
        if first.1 != second.1 {
            ui.label(RichText::new("=").color(tokens.text_faint));
            clock(ui, second);
        }
    })
    .response
}
