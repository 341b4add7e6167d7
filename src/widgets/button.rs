//! Buttons: one look per weight, icons, links.

use std::sync::Arc;

use egui::{
    Color32, CursorIcon, Galley, Id, Rect, Response, Role, Stroke, StrokeKind, TextStyle, Ui, Widget, WidgetInfo, vec2,
};

use super::{focus_group, paint};
use crate::theme::{self, Tokens, radius, space};

/// How loud a button is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonStyle {
    /// Filled with the accent: at most one on a screen.
    Primary,
    /// Outlined.
    Secondary,
    /// Outlined in accent: a filter that is in force.
    Chosen,
    /// Text alone.
    Quiet,
    /// Outlined, words in the color of harm: leads to a question.
    Danger,
    /// Filled with the color of harm: only in the question itself.
    DangerFilled,
}

/// The side of an icon, in points.
const ICON: f32 = 16.0;

/// Between an icon and the words, in points.
const GAP: f32 = 6.0;

/// A button with words, and maybe an icon before them and a shortcut behind them.
#[must_use = "add it to a ui"]
pub struct ActionButton<'a> {
    weight: ButtonStyle,
    text: &'a str,
    icon: Option<&'a str>,
    trailing_icon: Option<&'a str>,
    shortcut: Option<&'a str>,
}

impl<'a> ActionButton<'a> {
    /// A button of this weight saying `text`, which is also its accessible name.
    pub const fn new(weight: ButtonStyle, text: &'a str) -> Self {
        Self { weight, text, icon: None, trailing_icon: None, shortcut: None }
    }

    /// An icon before the words.
    pub const fn icon(mut self, icon: &'a str) -> Self {
        self.icon = Some(icon);
        self
    }

    /// An icon behind the words, such as a caret of a menu.
    pub const fn trailing_icon(mut self, icon: &'a str) -> Self {
        self.trailing_icon = Some(icon);
        self
    }

    /// The keys that do the same, shown behind the words.
    pub const fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut);
        self
    }

    fn padding(&self) -> f32 {
        if self.weight == ButtonStyle::Quiet { space::S } else { space::M }
    }

    /// The width it takes, in points: for those who place it from the right without making it last.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let (words, keys) = self.lines(ui);
        self.width_around(&words, keys.as_deref())
    }

    /// Its words and its keys, laid out.
    fn lines(&self, ui: &Ui) -> (Arc<Galley>, Option<Arc<Galley>>) {
        let line = |text: &str, style: TextStyle| paint::whole_line(ui, text, &style, Color32::PLACEHOLDER);
        (line(self.text, TextStyle::Button), self.shortcut.map(|keys| line(keys, TextStyle::Small)))
    }

    fn width_around(&self, words: &Galley, keys: Option<&Galley>) -> f32 {
        let icon = self.icon.map_or(0.0, |_| ICON + GAP);
        let trailing = self.trailing_icon.map_or(0.0, |_| ICON - 2.0 + GAP - 2.0);
        let keys = keys.map_or(0.0, |keys| keys.size().x + space::S);
        2.0 * self.padding() + words.size().x + icon + trailing + keys
    }
}

/// The colors of the ground, the outline and the words of a button.
fn look(weight: ButtonStyle, tokens: &Tokens, hot: bool) -> [Color32; 3] {
    let clear = Color32::TRANSPARENT;
    let pick = |cold: Color32, warm: Color32| if hot { warm } else { cold };
    let outlined = pick(tokens.raised, tokens.hover);
    match weight {
        ButtonStyle::Primary => [pick(tokens.accent_fill, tokens.accent_fill_hover), clear, tokens.on_accent],
        ButtonStyle::Secondary => [outlined, tokens.line_strong, tokens.text],
        ButtonStyle::Chosen => [tokens.selected, tokens.accent_fill, tokens.accent_text],
        ButtonStyle::Quiet => [pick(clear, tokens.hover), clear, pick(tokens.text_secondary, tokens.text)],
        ButtonStyle::Danger => [outlined, tokens.line_strong, tokens.bad],
        ButtonStyle::DangerFilled => [pick(tokens.bad_fill, tokens.bad_fill_hover), clear, tokens.on_accent],
    }
}

impl Widget for ActionButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let tokens = theme::tokens(ui);
        let (words, keys) = self.lines(ui);
        let (padding, width) = (self.padding(), self.width_around(&words, keys.as_deref()));
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, ui.spacing().interact_size.y), focus_group::sense(ui));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.text));
        if ui.is_rect_visible(rect) {
            let hot = response.hovered() || paint::has_context_menu(&response);
            let mut painter = ui.painter().clone();
            let is_filled = matches!(self.weight, ButtonStyle::Primary | ButtonStyle::DangerFilled);
            let [fill, outline, color] = if is_filled && !ui.is_enabled() {
                // A faded fill with faded words could not be read.
                painter.set_opacity(1.0);
                [tokens.hover, tokens.line_subtle, tokens.text_faint]
            } else {
                look(self.weight, tokens, hot && ui.is_enabled())
            };
            let painter = &painter;
            painter.rect(rect, radius::CONTROL, fill, Stroke::new(1.0, outline), StrokeKind::Inside);
            let mut x = rect.left() + padding;
            let y = rect.center().y;
            if let Some(icon) = self.icon {
                paint::icon(painter, egui::pos2(x + ICON / 2.0, y), icon, ICON, color);
                x += ICON + GAP;
            }
            let after = x + words.size().x;
            paint::left_centered(painter, x, y, words, color);
            if let Some(icon) = self.trailing_icon {
                let at = egui::pos2(rect.right() - padding - ICON / 2.0 + 3.0, y);
                paint::icon(painter, at, icon, ICON - 3.0, color);
            }
            if let Some(keys) = keys {
                paint::left_centered(painter, after + space::S, y, keys, color.gamma_multiply(0.7));
            }
            paint::focus_ring(ui, &response, rect);
        }
        response
    }
}

/// The one filled button of a screen.
pub fn primary_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(ActionButton::new(ButtonStyle::Primary, text))
}

/// An outlined button.
pub fn secondary_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(ActionButton::new(ButtonStyle::Secondary, text))
}

/// A button of words alone.
pub fn quiet_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(ActionButton::new(ButtonStyle::Quiet, text))
}

/// Leads to the question before something is destroyed.
pub fn danger_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(ActionButton::new(ButtonStyle::Danger, text))
}

/// A square button with an icon alone; `name` is its tooltip and its accessible name.
pub fn icon_button(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let side = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), focus_group::sense(ui));
    icon_button_ui(ui, response, rect, icon, name)
}

/// The same of this id over `rect`, which was taken from the `ui` before.
pub(super) fn icon_button_over(ui: &Ui, id: Id, rect: Rect, icon: &str, name: &str) -> Response {
    icon_button_ui(ui, ui.interact(rect, id, focus_group::sense_of(ui, id)), rect, icon, name)
}

fn icon_button_ui(ui: &Ui, response: Response, rect: Rect, icon: &str, name: &str) -> Response {
    let tokens = theme::tokens(ui);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    if ui.is_rect_visible(rect) {
        let is_hot = response.hovered() && ui.is_enabled();
        if is_hot {
            ui.painter().rect_filled(rect, radius::CONTROL, tokens.hover);
        }
        let color = if is_hot { tokens.text } else { tokens.text_secondary };
        paint::icon(ui.painter(), rect.center(), icon, 16.0, color);
        paint::focus_ring(ui, &response, rect);
    }
    paint::tooltip(response, name)
}

/// Words that act, inside a sentence or under a field.
pub fn link_button(ui: &mut Ui, text: &str) -> Response {
    let tokens = theme::tokens(ui);
    let words = paint::whole_line(ui, text, &TextStyle::Body, tokens.accent_text);
    let (rect, response) = ui.allocate_exact_size(words.size(), focus_group::sense(ui));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    let painter = ui.painter();
    if response.hovered() {
        painter.hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(1.0, tokens.accent_text));
    }
    painter.galley(rect.min, words, tokens.accent_text);
    paint::focus_ring(ui, &response, rect.expand(2.0));
    response.on_hover_cursor(CursorIcon::PointingHand)
}
