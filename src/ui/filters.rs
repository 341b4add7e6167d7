//! The filter menus above a table. What they offer comes from counts made with the index, never from the rows.

use std::borrow::Cow;

use egui::Ui;

use super::period::period_menu_ui;
use super::table_kind::TableScreen;
use crate::domain::{BackupType, sanitize_for_display};
use crate::grid::{NO_NAMES, ServiceNames};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, TableCommand};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, filter_menu};

/// What a filter menu offers: value, label, count.
type Options = [(String, String, usize)];

/// Status, type, service, state, period, suspended.
pub(super) fn filters_ui<R: TableScreen>(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let table = R::table(data);
    let (facets, filter) = (&table.facets, &table.filter);
    let mut next = filter.clone();
    let types = words(&facets.backup_types, "No type", |word| BackupType::from_word(word).name().to_owned());
    let statuses = words(&facets.statuses, "No status", str::to_owned);
    let mut changed = filter_menu(ui, "Status", &statuses, &mut next.statuses);
    changed |= filter_menu(ui, "Type", &types, &mut next.backup_types);
    changed |= filter_menu(ui, "Service", &services(&facets.services, &data.lists().service_names), &mut next.services);
    if !facets.states.is_empty() || !filter.states.is_empty() {
        changed |= filter_menu(ui, "State", &words(&facets.states, "", str::to_owned), &mut next.states);
    }
    if let Some(name) = R::PERIOD {
        changed |= period_menu_ui(ui, name, data, &mut view.range, &mut next.period);
    }
    if next.suspended && chosen_ui(ui, "Suspended", "Show schedules that are not suspended too") {
        next.suspended = false;
        changed = true;
    }
    if next.all_fields && chosen_ui(ui, "All fields", "Search in the shown columns only") {
        next.all_fields = false;
        changed = true;
    }
    if changed {
        commands.push(Command::Table(R::TABLE, TableCommand::SetFilter(next)));
    }
}

/// A filter without a menu that is in force; a click ends it.
fn chosen_ui(ui: &mut Ui, name: &str, help: &str) -> bool {
    ui.add(ActionButton::new(ButtonStyle::Chosen, name).trailing_icon(icon::CLOSE)).on_hover_text(help).clicked()
}

/// The way back from filters: last in its row, so that nothing moves when it comes.
pub(super) fn clear_ui<R: TableScreen>(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let (is_filtered, is_narrowed) = (!R::table(data).filter.is_empty(), R::is_narrowed(data));
    if is_filtered || is_narrowed {
        let clear = ActionButton::new(ButtonStyle::Quiet, "Clear filters").icon(icon::CLOSE);
        if ui.add(clear).clicked() {
            if is_filtered {
                commands.push(Command::Table(R::TABLE, TableCommand::ClearFilter));
            }
            if is_narrowed {
                R::widen(data, commands);
            }
        }
    }
}

fn words(counts: &[(String, usize)], none: &str, name: fn(&str) -> String) -> Vec<(String, String, usize)> {
    let label =
        |word: &str| if word.is_empty() { none.to_owned() } else { sanitize_for_display(&name(word)).into_owned() };
    counts.iter().map(|(word, count)| (word.clone(), label(word), *count)).collect()
}

/// The services as they are, unless a name is missing or stands for two of them.
fn services<'a>(counts: &'a Options, names: &ServiceNames) -> Cow<'a, Options> {
    if *names == NO_NAMES && counts.iter().all(|(_, label, _)| !label.is_empty()) {
        return Cow::Borrowed(counts);
    }
    let labelled = counts.iter().map(|(id, name, count)| {
        let label = names.label(id, (name != id).then_some(name));
        let label = if label.is_empty() { "No service".to_owned() } else { sanitize_for_display(&label).into_owned() };
        (id.clone(), label, *count)
    });
    Cow::Owned(labelled.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::facet_counts;
    use crate::rows::Rows;

    #[test]
    fn services_of_one_name_are_told_apart() {
        let backup = |id: &str, name: Option<&str>| crate::domain::Backup {
            service_id: (!id.is_empty()).then(|| crate::domain::ServiceId::new(id)),
            service_name: name.map(Into::into),
            ..crate::domain::Backup::default()
        };
        let plain = facet_counts(&Rows::new([backup("a", Some("billing")), backup("b", Some("orders"))]));
        assert!(matches!(services(&plain.services, &NO_NAMES), Cow::Borrowed(_)));
        let rows = [("", None), ("a", Some("orders")), ("b", Some("orders")), ("c", Some("reports")), ("d", None)];
        let double = facet_counts(&rows.map(|(id, name)| backup(id, name)).into_iter().collect::<Rows<_>>());
        let names = ServiceNames::new(std::iter::empty(), &[&double]);
        let labels: Vec<String> =
            services(&double.services, &names).iter().map(|(_, label, _)| label.clone()).collect();
        assert_eq!(labels, ["No service", "d", "orders (a)", "orders (b)", "reports"]);
    }
}
