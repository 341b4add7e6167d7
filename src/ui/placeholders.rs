//! What stands where the data would be: nothing yet, nothing found, a failure; and the age of what is shown.
//!
//! May import widgets, theme, the error type of the API, read-only data. Must never decide when to read again.

use egui::accesskit::Live;
use egui::{Align, Color32, Frame, Label, Layout, Margin, RichText, Role, Stroke, Ui, UiBuilder};
use jiff::Timestamp;

use super::text::{quiet_ui, small_ui};
use crate::api::ApiError;
use crate::domain::{format_ago, format_count, sanitize_for_display, shorten_middle};
use crate::grid::{ColumnKey, Filter, Row, TableCommand};
use crate::model::{Data, Table};
use crate::theme::{self, icon, radius, space};
use crate::widgets::{
    Alert, Level, alert_ui, empty_choices_ui, empty_state_ui, glyph_ui, icon_button, link_button, live_region,
};

/// The longest piece of what was typed that a sentence repeats, in characters.
const LONGEST_QUOTE: usize = 40;
/// How many hidden columns are offered by name.
const MOST_HIDDEN: usize = 3;

/// `14:02, 2 min ago`; with the date where that is not today.
pub(super) fn time_and_age(at: Timestamp, data: &Data) -> String {
    format!("{}, {}", data.zone().clock(at, data.now), ago(at, data.now))
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    format_ago(u64::try_from(now.as_second().saturating_sub(at.as_second())).unwrap_or(0))
}

/// `14:02, just now; in full 13:55, 7 min ago`: when a list was refreshed, and where that was in part, when it was listed whole.
pub(super) fn list_age<R: Row>(table: &Table<R>, data: &Data) -> Option<String> {
    let refreshed = time_and_age(table.remote.at?, data);
    Some(match table.refreshed_since() {
        Some(whole) => format!("{refreshed}; in full {}", time_and_age(whole, data)),
        None => refreshed,
    })
}

/// The age of a list for its title row.
pub(super) fn age_text<R: Row>(table: &Table<R>, data: &Data) -> Option<String> {
    let is_offline = table.remote.error().is_some_and(ApiError::is_offline);
    match (list_age(table, data), is_offline) {
        (Some(age), true) => Some(format!("Offline, updated {age}")),
        (Some(age), false) => Some(format!("Updated {age}")),
        (None, true) => Some("Offline".to_owned()),
        (None, false) if table.remote.is_loading() => Some("Loading…".to_owned()),
        (None, false) => None,
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is still shown after a failure.
pub(super) fn kept_text<R: Row>(table: &Table<R>, data: &Data) -> String {
    match list_age(table, data) {
        Some(age) => format!("Showing data from {age}"),
        None => "Showing the rows loaded so far".to_owned(),
    }
}

/// A place at the bottom for what comes late and at no fixed height: it takes room only while there is something in it.
pub(super) fn late_ui(ui: &mut Ui, id: &str, frame: Frame, add: impl FnOnce(&mut Ui)) {
    let bottom = ui.available_rect_before_wrap().bottom();
    let panel = egui::Panel::bottom(id).frame(frame).min_size(0.0).resizable(false).show_separator_line(false);
    let shown = panel.show(ui, add);
    // egui places it by its height of the frame before.
    if (shown.response.rect.bottom() - bottom).abs() > 0.5 {
        ui.request_discard("a notice came or went");
    }
}

const COPY_DETAILS: &str = "Copy details";

/// The alert of a failure, with all that is known about it for copying; the number of the action clicked.
pub(super) fn failure_ui(ui: &mut Ui, error: &ApiError, alert: Alert<'_>) -> Option<usize> {
    let actions = [alert.actions, &[COPY_DETAILS]].concat();
    let clicked = alert_ui(ui, &Alert { trace_id: error.trace_id.as_deref(), actions: &actions, ..alert })?;
    if clicked == alert.actions.len() {
        ui.copy_text(error.details());
        return None;
    }
    Some(clicked)
}

/// The alert of a failed call in the words of the error.
pub(super) fn api_error_ui(
    ui: &mut Ui,
    level: Level,
    error: &ApiError,
    advice: &str,
    actions: &[&str],
) -> Option<usize> {
    let (title, body) = (error.sentence(), error_body(error));
    failure_ui(ui, error, Alert { level, title: &title, body: &body, advice, trace_id: None, actions })
}

/// A failure with nothing older to show. True: try again.
pub(super) fn error_ui(ui: &mut Ui, error: &ApiError, is_trying: bool) -> bool {
    let level = if error.is_offline() { Level::Warning } else { Level::Error };
    let actions: &[&str] = if is_trying { &[] } else { &["Try again"] };
    let above = (ui.available_height() * 0.12).min(96.0);
    ui.vertical_centered(|ui| {
        ui.add_space(above);
        ui.set_max_width(620.0_f32.min(ui.available_width() - 2.0 * space::L));
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            let again = api_error_ui(ui, level, error, &error.advice(), actions).is_some();
            if is_trying {
                ui.label(RichText::new("Trying again…").color(theme::tokens(ui).text_secondary));
            }
            again
        })
        .inner
    })
    .inner
}

/// The HTTP status and the service's own words.
pub(super) fn error_body(error: &ApiError) -> String {
    let status = error.status.map(|status| format!("HTTP {status}"));
    let message = error.message.as_ref().map(|message| format!("SkySQL says: {}", sanitize_for_display(message)));
    status.into_iter().chain(message).collect::<Vec<_>>().join(". ")
}

/// A failure above rows from before. True: try again.
pub(super) fn slim_error_ui(ui: &mut Ui, error: &ApiError, kept: &str, is_trying: bool) -> bool {
    let tokens = theme::tokens(ui);
    let sentence = error.sentence();
    let slim = CompactAlert {
        look: if error.is_offline() { (icon::CLOUD_SLASH, tokens.warn) } else { Level::Error.look(tokens) },
        name: &format!("Error: {sentence}"),
        action: Some("Try again"),
        trying: is_trying.then_some("Trying again…"),
        error: Some(error),
    };
    slim_ui(ui, &slim, |ui| slim_words_ui(ui, error, &sentence, kept))
}

/// Rows are missing below. True: do what the action says.
pub(super) fn slim_partial_ui(ui: &mut Ui, why: &str, action: Option<&str>, is_trying: bool) -> bool {
    const TITLE: &str = "Only part of the list";
    let tokens = theme::tokens(ui);
    let why = capitalised(why);
    let slim = CompactAlert {
        look: Level::Warning.look(tokens),
        name: &format!("Warning: {TITLE}. {why}"),
        action,
        trying: is_trying.then_some("Loading…"),
        error: None,
    };
    slim_ui(ui, &slim, |ui| {
        ui.add(Label::new(RichText::new(TITLE).text_style(theme::strong())).truncate());
        ui.add(Label::new(RichText::new(why.as_str()).small().color(tokens.text_secondary)).truncate());
    })
}

/// A notice of two lines above a table.
struct CompactAlert<'a> {
    look: (&'static str, Color32),
    /// For a screen reader.
    name: &'a str,
    action: Option<&'a str>,
    /// In place of the action while it runs.
    trying: Option<&'a str>,
    /// The failure whose details can be copied.
    error: Option<&'a ApiError>,
}

/// Shows the notice with its words. True: the action was clicked.
fn slim_ui(ui: &mut Ui, slim: &CompactAlert<'_>, words: impl FnOnce(&mut Ui)) -> bool {
    let (glyph, color) = slim.look;
    let builder = UiBuilder::new().accessibility_role(Role::Alert).accessibility_label(slim.name);
    let frame = Frame::new()
        .fill(color.gamma_multiply(0.08))
        .stroke(Stroke::new(1.0, color.gamma_multiply(0.35)))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::symmetric(12, 6));
    let line = |ui: &mut Ui| {
        let size = egui::vec2(ui.available_width(), 40.0);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing = egui::vec2(space::S, 2.0);
            glyph_ui(ui, glyph, &theme::section(), color);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let clicked = match (slim.trying, slim.action) {
                    (Some(trying), _) => {
                        quiet_ui(ui, trying);
                        false
                    }
                    (None, Some(action)) => link_button(ui, action).clicked(),
                    (None, None) => false,
                };
                if let Some(error) = slim.error
                    && link_button(ui, COPY_DETAILS).clicked()
                {
                    ui.copy_text(error.details());
                }
                ui.with_layout(Layout::top_down(Align::Min), words);
                clicked
            })
            .inner
        })
        .inner
    };
    // What failed here is tried again automatically: it is no reason to interrupt.
    live_region(ui, builder, Live::Polite, |ui| frame.show(ui, line).inner)
}

fn slim_words_ui(ui: &mut Ui, error: &ApiError, sentence: &str, kept: &str) {
    let secondary = theme::tokens(ui).text_secondary;
    let title = format!("{sentence}. {kept}");
    ui.add(Label::new(RichText::new(title).text_style(theme::strong())).truncate());
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::S;
        if let Some(status) = error.status {
            small_ui(ui, format!("HTTP {status}"));
        }
        if let Some(trace_id) = &error.trace_id {
            small_ui(ui, "Trace ID");
            ui.label(RichText::new(sanitize_for_display(trace_id)).monospace().small());
            if icon_button(ui, icon::COPY, "Copy trace ID").clicked() {
                ui.copy_text(trace_id.clone());
            }
        }
        let advice = error.message.as_ref().map_or_else(
            || error.advice(),
            |said| format!("SkySQL says: {}. {}", sanitize_for_display(said), error.advice()),
        );
        ui.add(Label::new(RichText::new(advice).small().color(secondary)).truncate());
    });
}

/// Nothing was read, and nothing failed. True: read now.
pub(super) fn unread_ui(ui: &mut Ui, name: &str, can_read: bool) -> bool {
    let load = format!("Load {name}");
    empty_state_ui(ui, icon::CLOUD, &format!("The {name} are not loaded yet"), can_read.then_some(load.as_str()))
}

/// The filters let nothing through; returns what to do about it. `hidden` are the hidden columns in which the typed words are: key,
/// header, number of rows.
pub(super) fn no_match_ui(
    ui: &mut Ui,
    noun: &str,
    filter: &Filter,
    hidden: &[(ColumnKey, &str, usize)],
) -> Option<TableCommand> {
    let typed = filter.text.trim();
    let sentence = if !filter.has_words() {
        format!("No {noun} matches the filters")
    } else if hidden.is_empty() {
        format!("No {noun} matches \"{}\"", shorten_middle(&sanitize_for_display(typed), LONGEST_QUOTE))
    } else {
        format!(
            "No {noun} matches \"{}\" in the columns shown",
            shorten_middle(&sanitize_for_display(typed), LONGEST_QUOTE)
        )
    };
    let mut choices: Vec<(String, TableCommand)> = hidden
        .iter()
        .take(MOST_HIDDEN)
        .map(|(key, header, count)| {
            let verb = if *count == 1 { "matches" } else { "match" };
            (format!("{} {verb} in {header}", format_count(count)), TableCommand::Show(key.clone(), true))
        })
        .collect();
    if !hidden.is_empty() {
        let all_fields = Filter { all_fields: true, ..filter.clone() };
        choices.push(("Search all fields".to_owned(), TableCommand::SetFilter(all_fields)));
    }
    choices.push(("Clear filters".to_owned(), TableCommand::ClearFilter));
    let labels: Vec<&str> = choices.iter().map(|(label, _)| label.as_str()).collect();
    let chosen = empty_choices_ui(ui, icon::FILTER, &sentence, &labels)?;
    choices.into_iter().nth(chosen).map(|(_, command)| command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ErrorKind, Operation};

    #[test]
    fn the_body_of_a_failure_holds_what_the_service_said() {
        let mut error = ApiError::new(ErrorKind::Server { retry_at: None }, Operation::ListBackups);
        assert_eq!(error_body(&error), "");
        error.status = Some(503);
        assert_eq!(error_body(&error), "HTTP 503");
        error.message = Some("busy".to_owned());
        assert_eq!(error_body(&error), "HTTP 503. SkySQL says: busy");
    }

    #[test]
    fn sentences_begin_large() {
        assert_eq!(capitalised("page 2 failed"), "Page 2 failed");
        assert_eq!(capitalised(""), "");
    }
}
