//! How a profile's marks are shown, wherever something can be changed.

use egui::{Color32, RichText, Sense, Ui, vec2};

use super::text::small_ui;
use crate::domain::{sanitize_for_display, shorten_middle};
use crate::model::Data;
use crate::settings::{Profile, ProfileColor, ProfileFlags};
use crate::theme::{self, Tokens, icon, radius, space};
use crate::widgets::{swatches, tag};

/// The width of a stripe, in points.
pub(super) const STRIPE: f32 = 4.0;

const fn color_of(color: ProfileColor, tokens: &Tokens) -> Option<Color32> {
    match color {
        ProfileColor::None => None,
        ProfileColor::Red => Some(tokens.mark_red),
        ProfileColor::Amber => Some(tokens.mark_amber),
        ProfileColor::Green => Some(tokens.mark_green),
        ProfileColor::Blue => Some(tokens.mark_blue),
        ProfileColor::Violet => Some(tokens.mark_violet),
    }
}

/// The color of a profile's stripe; production without a color of its own is red.
pub(super) fn stripe_color(flags: ProfileFlags, tokens: &Tokens) -> Option<Color32> {
    color_of(flags.color, tokens).or(flags.production.then_some(tokens.mark_red))
}

/// The icon of a profile in a list.
pub(super) const fn profile_icon(flags: ProfileFlags) -> &'static str {
    if flags.read_only { icon::LOCK } else { icon::USER }
}

/// PROD and "Read only".
pub(super) fn tags_ui(ui: &mut Ui, flags: ProfileFlags) {
    let tokens = theme::tokens(ui);
    if flags.production {
        tag(ui, "PROD", tokens.bad).on_hover_text("This profile is marked as production");
    }
    if flags.read_only {
        tag(ui, "Read only", tokens.info).on_hover_text("Nothing can be changed with this profile");
    }
}

/// The profile in use, for a dialog that changes something; nothing for a profile without marks.
pub(super) fn in_use_ui(ui: &mut Ui, data: &Data) {
    if let Some(profile) = data.session.profile() {
        profile_ui(ui, profile);
    }
}

/// Stripe, tags and name of a profile; nothing for one without marks.
pub(super) fn profile_ui(ui: &mut Ui, profile: &Profile) {
    let tokens = theme::tokens(ui);
    let stripe = stripe_color(profile.flags, tokens);
    if stripe.is_none() && !profile.flags.read_only {
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        if let Some(color) = stripe {
            let (rect, _) = ui.allocate_exact_size(vec2(STRIPE, theme::height::ROW_COMPACT - 4.0), Sense::hover());
            ui.painter().rect_filled(rect, radius::CONTROL / 2, color);
        }
        tags_ui(ui, profile.flags);
        ui.label(RichText::new(shorten_middle(&sanitize_for_display(&profile.name), 40)).text_style(theme::strong()));
    });
}

/// Color, production and read only, to be changed.
pub(super) fn choose_ui(ui: &mut Ui, flags: &mut ProfileFlags) {
    let tokens = theme::tokens(ui);
    let options = ProfileColor::ALL.map(|color| (color.name(), color_of(color, tokens)));
    let mut chosen = ProfileColor::ALL.iter().position(|color| *color == flags.color).unwrap_or(0);
    ui.horizontal(|ui| {
        swatches(ui, &options, &mut chosen);
        ui.add_space(space::M);
        ui.checkbox(&mut flags.production, "Production");
        ui.add_space(space::S);
        ui.checkbox(&mut flags.read_only, "Read only");
    });
    flags.color = ProfileColor::ALL.get(chosen).copied().unwrap_or_default();
    let help = match (flags.production, flags.read_only) {
        (_, true) => "Nothing can be changed with this profile; reading and exporting stay",
        (true, false) => "Shown as PROD; deleting asks for a typed name",
        (false, false) => "Helps you tell accounts apart",
    };
    small_ui(ui, help);
}
