//! Short news in the lower right corner.

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, Role, Stroke, Ui, UiBuilder, vec2};

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

/// What a person did with a toast; the number counts from the first of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastAnswer {
    /// It may go.
    Dismissed(usize),
    /// Its action was clicked.
    Acted(usize),
}

/// Shows the toasts, newest (last) at the bottom.
#[must_use = "a toast goes only when its answer is heard"]
pub fn toast_ui(ctx: &Context, toasts: &[Toast<'_>]) -> Option<ToastAnswer> {
    if toasts.is_empty() {
        ctx.data_mut(|data| data.remove::<f32>(height_slot()));
        return None;
    }
    let mut answer = None;
    let shown = Area::new(Id::unique("toasts"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -(theme::height::STATUS_LINE + space::L)))
        .show(ctx, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            for (number, toast) in toasts.iter().enumerate() {
                if let Some(given) = one_toast_ui(ui, toast, number) {
                    answer = Some(given);
                }
            }
        });
    ctx.data_mut(|data| data.insert_temp(height_slot(), shown.response.rect.height() + space::L));
    answer
}

fn height_slot() -> Id {
    Id::unique("height of the toasts")
}

/// How much of the lower right corner the toasts of the last frame cover, in points: what scrolls there adds it at its end, so that
/// nothing stays covered.
#[must_use]
pub fn toasts_height(ctx: &Context) -> f32 {
    ctx.data(|data| data.get_temp(height_slot())).unwrap_or(0.0)
}

fn one_toast_ui(ui: &mut Ui, toast: &Toast<'_>, number: usize) -> Option<ToastAnswer> {
    const WIDTH: f32 = 360.0;
    let tokens = theme::tokens(ui);
    let (glyph, colour) = toast.level.look(tokens);
    let mut answer = None;
    let builder = UiBuilder::new()
        .id_salt(("toast", number))
        .accessibility_role(Role::Alert)
        .accessibility_label(format!("{}: {}", toast.level.name(), toast.text));
    ui.scope_builder(builder, |ui| {
        Frame::new()
            .fill(tokens.raised)
            .stroke(Stroke::new(1.0, tokens.line_strong))
            .corner_radius(radius::CARD)
            .shadow(ui.visuals().popup_shadow)
            .inner_margin(Margin { left: 12, right: 6, top: 6, bottom: 6 })
            .show(ui, |ui| {
                ui.set_width(WIDTH.min(ui.content_rect().width() - 2.0 * space::XXL));
                ui.horizontal(|ui| {
                    paint::icon_column(ui, glyph, 16.0, &theme::body(), colour);
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
