//! Tokens turned into an egui style.

use egui::style::{HandleShape, ScrollStyle, Selection, Spacing, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Visuals, vec2};

use super::{Tokens, height, radius, section, semibold, space, strong};

/// The width of the focus ring, in points.
const FOCUS_RING: f32 = 2.0;

/// The whole style of one theme.
pub(super) fn style(tokens: &Tokens, theme: Theme) -> Style {
    let mut style = Style {
        text_styles: [
            // Help, captions, badges.
            (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
            // Everything that is read.
            (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(13.0, FontFamily::Proportional)),
            // Figures, ids, cron, GTIDs.
            (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
            (strong(), semibold(13.0)),
            (section(), semibold(15.0)),
            // The title of a screen or dialog.
            (TextStyle::Heading, semibold(20.0)),
        ]
        .into(),
        animation_time: 0.1,
        spacing: spacing(),
        visuals: visuals(tokens, theme),
        ..Style::default()
    };
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style.url_in_tooltip = true;
    set_density(&mut style, false);
    style
}

/// The height of controls and the gap between lines.
pub(super) fn set_density(style: &mut Style, compact: bool) {
    let control = if compact { height::CONTROL_COMPACT } else { height::CONTROL };
    style.spacing.interact_size.y = control;
    style.spacing.item_spacing = vec2(space::S, if compact { space::XS } else { space::S });
    style.spacing.button_padding = vec2(10.0, if compact { 2.0 } else { 4.0 });
}

fn spacing() -> Spacing {
    Spacing {
        window_margin: Margin::same(16),
        menu_margin: Margin::same(4),
        indent: space::L,
        combo_width: 160.0,
        text_edit_width: 240.0,
        extra_text_line_spacing: 2.0,
        icon_width: 16.0,
        icon_spacing: 6.0,
        tooltip_width: 420.0,
        menu_width: 220.0,
        combo_height: 320.0,
        scroll: ScrollStyle {
            bar_width: 8.0,
            floating_width: 4.0,
            // Beside what it scrolls, never over a digit.
            floating_allocated_width: 10.0,
            handle_min_length: 24.0,
            bar_inner_margin: 2.0,
            bar_outer_margin: 2.0,
            active_background_opacity: 0.0,
            interact_background_opacity: 0.2,
            dormant_handle_opacity: 0.25,
            active_handle_opacity: 0.45,
            interact_handle_opacity: 0.7,
            ..ScrollStyle::floating()
        },
        ..Spacing::default()
    }
}

fn visuals(tokens: &Tokens, theme: Theme) -> Visuals {
    Visuals {
        weak_text_color: Some(tokens.text_secondary),
        widgets: widgets(tokens),
        selection: Selection { bg_fill: tokens.selected, stroke: Stroke::new(FOCUS_RING, tokens.accent_text) },
        hyperlink_color: tokens.accent_text,
        faint_bg_color: tokens.panel,
        extreme_bg_color: tokens.base,
        text_edit_bg_color: Some(tokens.base),
        code_bg_color: tokens.hover,
        warn_fg_color: tokens.warn,
        error_fg_color: tokens.bad,
        window_corner_radius: CornerRadius::same(radius::DIALOG),
        window_shadow: Shadow { offset: [0, 12], blur: 32, spread: 0, color: tokens.shadow },
        window_fill: tokens.raised,
        window_stroke: Stroke::new(1.0, tokens.line_subtle),
        window_highlight_topmost: false,
        menu_corner_radius: CornerRadius::same(radius::CARD),
        panel_fill: tokens.base,
        popup_shadow: Shadow { offset: [0, 4], blur: 16, spread: 0, color: tokens.shadow },
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.5, tokens.accent_text),
            blink: false,
            ..TextCursorStyle::default()
        },
        indent_has_left_vline: false,
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        disabled_alpha: 0.45,
        ..theme.default_visuals()
    }
}

fn widgets(tokens: &Tokens) -> Widgets {
    let one = |fill: Color32, line: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: line,
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: one(tokens.base, Stroke::new(1.0, tokens.line_subtle), tokens.text),
        inactive: one(tokens.raised, Stroke::new(1.0, tokens.line_strong), tokens.text),
        hovered: one(tokens.hover, Stroke::new(1.0, tokens.line_strong), tokens.text),
        // Focus by keyboard is drawn with these too: the ring must show.
        active: one(tokens.hover, Stroke::new(FOCUS_RING, tokens.accent_text), tokens.text),
        open: one(tokens.hover, Stroke::new(1.0, tokens.line_strong), tokens.text),
    }
}
