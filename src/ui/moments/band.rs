//! The band from the earliest moment to the latest: stretches filled, holes hatched, backups as ticks; and the same as text.

use egui::{Align2, Color32, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};
use jiff::{SignedDuration, Timestamp};

use super::super::text::{quiet_ui, small_ui};
use crate::domain::{BackupType, Zone, format_count};
use crate::insight::{MomentSource, MomentSpan, ServiceMoments, type_words};
use crate::model::Data;
use crate::theme::{self, radius, space};
use crate::widgets::section_title;

const HEIGHT: f32 = 64.0;
/// The part of it that is the band; below it are the ends in words.
const BAND: f32 = 36.0;
/// Between two lines of the hatching.
const HATCH: f32 = 6.0;
/// How many stretches, holes and backups of each kind the text names.
const MAX_LINES: usize = 12;

/// From a moment to a place and back.
struct Scale {
    rect: Rect,
    from: Timestamp,
    until: Timestamp,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f32 {
        let whole = self.until.duration_since(self.from).as_secs_f32().max(1.0);
        self.rect.left() + self.rect.width() * (at.duration_since(self.from).as_secs_f32() / whole).clamp(0.0, 1.0)
    }

    /// The moment at a place, to the minute.
    fn at(&self, x: f32) -> Option<Timestamp> {
        let part = f64::from(((x - self.rect.left()) / self.rect.width()).clamp(0.0, 1.0));
        let secs = self.until.duration_since(self.from).as_secs_f64() * part;
        let at = self.from.checked_add(SignedDuration::from_secs_f64(secs)).ok()?;
        Timestamp::from_second(at.as_second().div_euclid(60) * 60).ok()
    }

    fn part(&self, from: Timestamp, until: Timestamp) -> Rect {
        let (left, right) = (self.x(from), self.x(until));
        Rect::from_x_y_ranges(left..=right.max(left + 1.0), self.rect.y_range())
    }
}

/// The band; the moment that was clicked.
pub(super) fn band_ui(
    ui: &mut Ui,
    moments: &ServiceMoments,
    data: &Data,
    asked: Option<Timestamp>,
) -> Option<Timestamp> {
    let zone = data.zone();
    let Some((from, until)) = moments.bounds() else {
        quiet_ui(ui, "No moment of this service can be restored, as far as its backups are listed");
        return None;
    };
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let words = summary(moments, (from, until), zone);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    let rect = Rect::from_min_size(whole.min, vec2(whole.width(), BAND)).shrink2(vec2(6.0, 0.0));
    // A single moment is in the middle.
    let margin = if from == until { SignedDuration::from_hours(1) } else { SignedDuration::ZERO };
    let (from, until) = (from.checked_sub(margin).unwrap_or(from), until.checked_add(margin).unwrap_or(until));
    let scale = Scale { rect, from, until };
    paint_ui(ui, moments, &scale);
    ends_ui(ui, whole, &scale, zone);
    if let Some(at) = asked {
        mark_ui(ui, &scale, at);
    }
    let pointed = response.hover_pos().and_then(|pos| scale.at(pos.x));
    let clicked = response.clicked().then(|| response.interact_pointer_pos().and_then(|pos| scale.at(pos.x))).flatten();
    if let Some(at) = pointed {
        response.on_hover_text(format!("{} {}", zone.date_minute(at), zone.short_label()));
    }
    legend_ui(ui);
    clicked
}

fn paint_ui(ui: &Ui, moments: &ServiceMoments, scale: &Scale) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    painter.rect(
        scale.rect,
        radius::CONTROL,
        tokens.panel,
        Stroke::new(1.0, tokens.line_subtle),
        egui::StrokeKind::Inside,
    );
    for hole in &moments.holes {
        hatch_ui(ui, scale.part(hole.from, hole.until), tokens.warn);
    }
    for span in &moments.spans {
        // Points in time fill the upper half, logs the lower one, so that both are seen where they overlap.
        let part = scale.part(span.from, span.until);
        let (half, color) = match span.source {
            MomentSource::PointInTime => (part.split_top_bottom_at_fraction(0.5).0, tokens.ok),
            MomentSource::Logs => (part.split_top_bottom_at_fraction(0.5).1, tokens.info),
        };
        painter.rect_filled(half.shrink2(vec2(0.0, 3.0)), 2, color);
    }
    for point in &moments.points {
        let (x, y) = (scale.x(point.from), scale.rect.y_range());
        match point.backup_type {
            // A dump is a stretch of which the moment is not known.
            BackupType::Dump => {
                let part = scale.part(point.from, point.until);
                painter.rect_stroke(
                    part.shrink2(vec2(0.0, 10.0)),
                    0,
                    Stroke::new(1.5, tokens.text_secondary),
                    egui::StrokeKind::Middle,
                );
            }
            BackupType::Snapshot => {
                painter.vline(x, y, Stroke::new(1.5, tokens.text));
                painter.circle_filled(pos2(x, scale.rect.top() + 4.0), 3.0, tokens.text);
            }
            _ => {
                let top = scale.rect.center().y - if point.backup_type == BackupType::Full { 18.0 } else { 8.0 };
                painter.vline(x, top..=scale.rect.bottom(), Stroke::new(1.5, tokens.text));
            }
        }
    }
}

/// Lines from corner to corner, within `rect`.
fn hatch_ui(ui: &Ui, rect: Rect, color: Color32) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], Stroke::new(1.0, color));
        x += HATCH;
    }
}

fn ends_ui(ui: &Ui, whole: Rect, scale: &Scale, zone: &Zone) {
    let color = theme::tokens(ui).text_secondary;
    let font = TextStyle::Small.resolve(ui.style());
    let ends = [
        (whole.left_bottom(), Align2::LEFT_BOTTOM, scale.from),
        (whole.right_bottom(), Align2::RIGHT_BOTTOM, scale.until),
    ];
    for (place, align, at) in ends {
        let words = format!("{} {}", zone.date_minute(at), zone.short_label());
        ui.painter().text(place, align, words, font.clone(), color);
    }
}

/// The moment that was asked for.
fn mark_ui(ui: &Ui, scale: &Scale, at: Timestamp) {
    if at < scale.from || scale.until < at {
        return;
    }
    let color = theme::tokens(ui).accent_text;
    let (x, rect) = (scale.x(at), scale.rect.expand2(vec2(0.0, 3.0)));
    ui.painter().vline(x, rect.y_range(), Stroke::new(2.0, color));
    let tip = rect.bottom() + 6.0;
    let triangle = vec![pos2(x, rect.bottom()), pos2(x - 5.0, tip), pos2(x + 5.0, tip)];
    ui.painter().add(egui::Shape::convex_polygon(triangle, color, Stroke::NONE));
}

fn legend_ui(ui: &mut Ui) {
    small_ui(
        ui,
        "Upper half: points in time by SkySQL. Lower half: a backup and the binary logs after it. Long line: full backup; short line: \
         incremental; line with a dot: snapshot; box: dump. Hatched: logs are missing",
    );
}

/// The whole band in a sentence.
fn summary(moments: &ServiceMoments, (from, until): (Timestamp, Timestamp), zone: &Zone) -> String {
    format!(
        "Moments from {} to {} {}: {}, {} backups, {}",
        zone.date_minute(from),
        zone.date_minute(until),
        zone.short_label(),
        counted(moments.spans.len(), "stretch", "stretches"),
        format_count(moments.points.len()),
        counted(moments.holes.len(), "hole", "holes"),
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", format_count(count), if count == 1 { one } else { many })
}

/// The same as the band, in lines: stretches, holes, and the newest backups.
pub(super) fn text_ui(ui: &mut Ui, moments: &ServiceMoments, data: &Data) {
    let zone = data.zone();
    section_title(ui, "Moments");
    let minute = |at: Timestamp| zone.date_minute(at);
    let span = |span: &MomentSpan| {
        let by = match span.source {
            MomentSource::PointInTime => "by a point in time of SkySQL",
            MomentSource::Logs => "by a backup and its binary logs",
        };
        format!("Any second from {} to {}, {by}", minute(span.from), minute(span.until))
    };
    let holes = moments.holes.iter().rev().map(|hole| {
        let (from, until) = (minute(hole.from), minute(hole.until));
        format!("Hole from {from} to {until}: {} in no listed backup", hole.missing.names())
    });
    let points = moments.points.iter().rev().map(|point| {
        let kind = type_words(Some(&point.backup_type));
        if point.is_exact() {
            format!("{}, {kind}", zone.date_time(point.from))
        } else {
            format!("Between {} and {}, {kind}, possibly several moments", minute(point.from), minute(point.until))
        }
    });
    lines_ui(ui, moments.spans.iter().rev().map(span).collect());
    lines_ui(ui, holes.collect());
    lines_ui(ui, points.collect());
    if moments.bounds().is_none() {
        small_ui(ui, "None");
    }
    ui.add_space(space::XS);
}

fn lines_ui(ui: &mut Ui, lines: Vec<String>) {
    let more = lines.len().saturating_sub(MAX_LINES);
    for line in lines.into_iter().take(MAX_LINES) {
        ui.add(egui::Label::new(line).wrap());
    }
    if more > 0 {
        small_ui(ui, format!("{} more, older", format_count(more)));
    }
}
