//! Short news in the lower right corner of a screen.

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, Rect, Role, Stroke, TextStyle, Ui, UiBuilder, vec2};

use super::alert::Level;
use super::button::{icon_button, link_button};
use super::paint;
use crate::theme::{self, icon, radius, space};

/// One piece of news. How long it stays is the caller's to decide.
#[derive(Clone, Copy, Debug)]
pub struct Toast<'a> {
    /// How much it matters.
    pub level: Level,
    /// One sentence.
    pub text: &'a str,
    /// What can be done about it.
    pub action: Option<&'a str>,
}

/// What a user did with a toast; the number counts from the first of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastAnswer {
    /// It may go.
    Dismissed(usize),
    /// Its action was clicked.
    Acted(usize),
}

/// Keeps the toasts of this frame in the lower right corner of `place`, so that they cover no pane and no footer beside it.
/// Else they are in that of the window, above the status line.
pub fn keep_toasts_in(ctx: &Context, place: Rect) {
    ctx.data_mut(|data| data.insert_temp(place_slot(), place));
}

fn place_slot() -> Id {
    Id::unique("place of the toasts")
}

/// Takes the place that this frame has named for its toasts.
fn take_place(ctx: &Context) -> Rect {
    let place = ctx.data_mut(|data| {
        let place = data.get_temp(place_slot());
        data.remove::<Rect>(place_slot());
        place
    });
    place.unwrap_or_else(|| {
        let window = ctx.content_rect();
        window.with_max_y(window.bottom() - theme::height::STATUS_LINE)
    })
}

/// Shows the toasts, newest (last) at the bottom.
#[must_use = "a toast goes only when its answer is heard"]
pub fn toast_ui(ctx: &Context, toasts: &[Toast<'_>]) -> Option<ToastAnswer> {
    let place = take_place(ctx);
    if toasts.is_empty() {
        return None;
    }
    let width = WIDTH.min(place.width() - 2.0 * space::L - f32::from(MARGIN.left) - f32::from(MARGIN.right));
    let mut answer = None;
    let area = Area::new(Id::unique("toasts")).order(Order::Foreground);
    area.constrain_to(place).anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -space::L)).show(ctx, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        for (number, toast) in toasts.iter().enumerate() {
            answer = one_toast_ui(ui, toast, number, width).or(answer);
        }
    });
    answer
}

/// The width of what is in a toast, where its place is that wide.
const WIDTH: f32 = 360.0;
/// The space around what is in a toast.
const MARGIN: Margin = Margin { left: 12, right: 6, top: 6, bottom: 6 };

fn one_toast_ui(ui: &mut Ui, toast: &Toast<'_>, number: usize, width: f32) -> Option<ToastAnswer> {
    let tokens = theme::tokens(ui);
    let (glyph, color) = toast.level.look(tokens);
    let mut answer = None;
    let builder = UiBuilder::new()
        // By its text: one that only moves up is not spoken again.
        .id_salt(("toast", toast.text))
        .accessibility_role(Role::Alert)
        .accessibility_label(format!("{}: {}", toast.level.name(), toast.text));
    paint::live_region(ui, builder, toast.level.politeness(), |ui| {
        Frame::new()
            .fill(tokens.raised)
            .stroke(Stroke::new(1.0, tokens.line_strong))
            .corner_radius(radius::CARD)
            .shadow(ui.visuals().popup_shadow)
            .inner_margin(MARGIN)
            .show(ui, |ui| {
                ui.set_width(width);
                ui.horizontal(|ui| {
                    paint::icon_column(ui, glyph, 16.0, &TextStyle::Body, color);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        if icon_button(ui, icon::CLOSE, "Dismiss").clicked() {
                            answer = Some(ToastAnswer::Dismissed(number));
                        }
                        if let Some(action) = toast.action
                            && link_button(ui, action).clicked()
                        {
                            answer = Some(ToastAnswer::Acted(number));
                        }
                        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                            ui.add(egui::Label::new(toast.text).wrap());
                        });
                    });
                });
            });
    });
    answer
}
