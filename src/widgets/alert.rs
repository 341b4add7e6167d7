//! A notice inside a screen: what happened, what to do, and the trace id to give to support.

use egui::accesskit::Live;
use egui::{Color32, Frame, Margin, RichText, Role, Stroke, Ui, UiBuilder};

use super::button::{icon_button, link_button};
use super::paint;
use crate::domain::{sanitize_for_display, sanitize_lines, shorten_middle};
use crate::theme::{self, Tokens, icon, radius, space};

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Went well.
    Success,
    /// Take care.
    Warning,
    /// Failed.
    Error,
}

impl Level {
    /// Its icon and color.
    #[must_use]
    pub const fn look(self, tokens: &Tokens) -> (&'static str, Color32) {
        match self {
            Self::Info => (icon::INFO, tokens.info),
            Self::Success => (icon::CHECK_CIRCLE, tokens.ok),
            Self::Warning => (icon::WARNING, tokens.warn),
            Self::Error => (icon::X_CIRCLE, tokens.bad),
        }
    }

    /// Whether a screen reader interrupts itself for it.
    #[must_use]
    pub const fn politeness(self) -> Live {
        match self {
            Self::Error => Live::Assertive,
            Self::Info | Self::Success | Self::Warning => Live::Polite,
        }
    }

    /// Its name for a screen reader.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "Information",
            Self::Success => "Success",
            Self::Warning => "Warning",
            Self::Error => "Error",
        }
    }
}

/// One notice.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// How much it matters.
    pub level: Level,
    /// What happened.
    pub title: &'a str,
    /// More about it, or nothing.
    pub body: &'a str,
    /// What to do, or nothing.
    pub advice: &'a str,
    /// SkySQL's name for the request, offered for copying.
    pub trace_id: Option<&'a str>,
    /// What can be done here.
    pub actions: &'a [&'a str],
}

/// A notice is never longer; what the service says may be.
const MAX_LINES: usize = 12;

/// Shows the notice over the width at hand, every text made safe for the screen; gives the number of the action clicked. Copying the trace id happens here.
pub fn alert_ui(ui: &mut Ui, alert: &Alert<'_>) -> Option<usize> {
    let tokens = theme::tokens(ui);
    let (glyph, color) = alert.level.look(tokens);
    let builder = UiBuilder::new().accessibility_role(Role::Alert).accessibility_label(format!(
        "{}: {}",
        alert.level.name(),
        sanitize_lines(alert.title, MAX_LINES)
    ));
    paint::live_region(ui, builder, alert.level.politeness(), |ui| {
        Frame::new()
            .fill(color.gamma_multiply(0.08))
            .stroke(Stroke::new(1.0, color.gamma_multiply(0.35)))
            .corner_radius(radius::CARD)
            .inner_margin(Margin::symmetric(12, 10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    paint::icon_column(ui, glyph, 16.0, &theme::strong(), color);
                    ui.vertical(|ui| words(ui, alert, tokens)).inner
                })
                .inner
            })
            .inner
    })
}

fn words(ui: &mut Ui, alert: &Alert<'_>, tokens: &Tokens) -> Option<usize> {
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.label(RichText::new(sanitize_lines(alert.title, MAX_LINES)).text_style(theme::strong()));
    for text in [alert.body, alert.advice] {
        if !text.is_empty() {
            ui.label(RichText::new(sanitize_lines(text, MAX_LINES)).color(tokens.text_secondary));
        }
    }
    if let Some(trace_id) = alert.trace_id {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
            ui.label(RichText::new("Trace ID").small().color(tokens.text_secondary));
            ui.label(RichText::new(shorten_middle(&sanitize_for_display(trace_id), 64)).monospace());
            if icon_button(ui, icon::COPY, "Copy trace ID").clicked() {
                ui.copy_text(trace_id.to_owned());
            }
        });
    }
    let mut clicked = None;
    if !alert.actions.is_empty() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for (number, action) in alert.actions.iter().enumerate() {
                if link_button(ui, action).clicked() {
                    clicked = Some(number);
                }
            }
        });
    }
    clicked
}

/// One line of warning below a field.
pub fn warning_ui(ui: &mut Ui, text: &str) {
    let warn = theme::tokens(ui).warn;
    paint::note_ui(ui, icon::WARNING, text, warn);
}
