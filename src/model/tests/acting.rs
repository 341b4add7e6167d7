//! Nothing reaches a row that is not shown and selected, whatever happened to the list before.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::export::{ExportColumns, ExportRows};
use crate::grid::{Facet, Filter, Period, RowKey};
use crate::msg::{
    ChangeCommand, ChangeEffect, ChangeEvent, ChangeOutcome, CopyFormat, FormCommand, ListCommand, ListEffect,
    ListEvent, TableEffect, WindowCommand,
};

/// Something the user, the service or the clock does.
#[derive(Clone, Debug)]
enum Act {
    Table(TableCommand),
    /// A refresh that brings these rows, each suspended or not.
    Rows(Vec<(u8, bool)>),
    /// Another question is asked of the service.
    Server(Option<&'static str>),
    /// Orders that were asked for come back.
    Orders,
    Hours(i64),
    /// Something is asked for one schedule.
    OneSchedule(u8, u8),
}

fn schedule_row(number: u8, suspended: bool) -> Schedule {
    let service = format!("db{}", number % 3);
    Schedule {
        id: ScheduleId::new(number.to_string()),
        service_id: Some(ServiceId::new(service.as_str())),
        service_name: Some(format!("orders{}", number % 5).as_str().into()),
        status: Some(Status::new(if suspended { "Failed" } else { "Succeeded" })),
        recurrence: Some(Recurrence::read("0 2 * * *")),
        suspended: Some(suspended),
        created_at: ApiTime::read(&format!("2026-09-16T{:02}:00:00Z", number % 24)),
        ..Schedule::default()
    }
}

fn row_id() -> impl Strategy<Value = RowKey> {
    (0..12_u8).prop_map(|number| number.to_string().as_str().into())
}

fn table_command() -> impl Strategy<Value = TableCommand> {
    let text = prop::sample::select(vec!["", "orders1", "orders", "Failed", "zzz", "2026"]);
    let status = prop::sample::select(vec!["Failed", "Succeeded"]);
    let column = prop::sample::select(vec!["service_name", "status", "id", "created_at"]);
    prop_oneof![
        4 => row_id().prop_map(TableCommand::Select),
        2 => row_id().prop_map(TableCommand::Toggle),
        2 => row_id().prop_map(TableCommand::Extend),
        2 => (-3..4_isize, any::<bool>()).prop_map(|(step, extend)| TableCommand::MoveFocus { step, extend }),
        1 => Just(TableCommand::SelectAll),
        2 => text.prop_map(|text| TableCommand::SetFilter(Filter { text: text.to_owned(), ..Filter::default() })),
        2 => (0..24_i8).prop_map(|hour| {
            let from = format!("2026-09-16T{hour:02}:00:00Z").parse().ok();
            TableCommand::SetFilter(Filter { period: Period { from, ..Period::default() }, ..Filter::default() })
        }),
        2 => status.prop_map(|status| TableCommand::FilterBy(Facet::Status, status.to_owned())),
        1 => Just(TableCommand::ClearFilter),
        1 => (column.clone(), any::<bool>()).prop_map(|(key, extend)| TableCommand::Sort { key: key.into(), extend }),
        1 => (column, any::<bool>()).prop_map(|(key, shown)| TableCommand::Show(key.into(), shown)),
    ]
}

fn step() -> impl Strategy<Value = Act> {
    let rows = prop::collection::vec((0..12_u8, any::<bool>()), 0..12);
    prop_oneof![
        8 => table_command().prop_map(Act::Table),
        3 => rows.prop_map(Act::Rows),
        1 => prop::sample::select(vec![None, Some("db1")]).prop_map(Act::Server),
        2 => Just(Act::Orders),
        1 => (0..30_i64).prop_map(Act::Hours),
        4 => (0..12_u8, 0..7_u8).prop_map(|(id, what)| Act::OneSchedule(id, what)),
    ]
}

/// A bench with this many rows more than the numbered ones, and the orders that are on their way to it.
struct Play {
    bench: Bench,
    more: Vec<Schedule>,
    orders: Vec<Effect>,
}

impl Play {
    fn new(more: usize) -> Self {
        let (bench, effects) = Bench::signed_in();
        let more: Vec<Schedule> = (0..more)
            .map(|number| Schedule { id: ScheduleId::new(format!("x{number}")), ..Schedule::default() })
            .collect();
        let mut play = Self { bench, more, orders: Vec::new() };
        for effect in effects {
            let event = match &effect {
                Effect::List(ListEffect::ListBackups { ticket, .. }) => backups(*ticket, usual_backups()),
                Effect::List(ListEffect::ListSchedules { ticket, .. }) => schedules(*ticket, play.more.clone()),
                _ => continue,
            };
            let effects = play.bench.apply(event);
            play.take(effects);
        }
        play.refresh(&(0..12).map(|number| schedule_row(number, number % 4 == 0)).collect::<Vec<_>>());
        play
    }

    fn take(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let (orders, others) =
            effects.into_iter().partition(|effect| matches!(effect, Effect::Table(TableEffect::IndexSchedules(..))));
        self.orders.extend::<Vec<Effect>>(orders);
        others
    }

    fn refresh(&mut self, rows: &[Schedule]) {
        let effects = self.bench.handle(Command::List(ListCommand::Refresh));
        for effect in self.take(effects) {
            if let Effect::List(ListEffect::ListSchedules { ticket, .. }) = effect {
                let rows = rows.iter().cloned().chain(self.more.iter().cloned()).collect();
                let effects = self.bench.apply(schedules(ticket, rows));
                self.take(effects);
            }
        }
    }

    fn step(&mut self, step: Act) {
        let effects = match step {
            Act::Table(command) => self.bench.table(TableId::Schedules, command),
            Act::Rows(rows) => {
                let ids: BTreeSet<u8> = rows.iter().map(|(number, _)| *number).collect();
                let suspended = rows.iter().any(|(_, suspended)| *suspended);
                let rows: Vec<Schedule> = ids.into_iter().map(|number| schedule_row(number, suspended)).collect();
                self.refresh(&rows);
                Vec::new()
            }
            Act::Server(service) => {
                self.bench.handle(Command::List(ListCommand::ServerService(service.map(ServiceId::new))))
            }
            Act::Orders => {
                for order in std::mem::take(&mut self.orders) {
                    let Effect::Table(TableEffect::IndexSchedules(ticket, job)) = order else { continue };
                    let effects = self.bench.apply(Event::List(ListEvent::SchedulesIndexed(ticket, job.run())));
                    self.take(effects);
                }
                Vec::new()
            }
            Act::Hours(hours) => self.bench.after(hours * 3600),
            Act::OneSchedule(id, what) => {
                self.act(&ScheduleId::new(id.to_string()), what);
                Vec::new()
            }
        };
        self.take(effects);
    }

    fn shown(&self) -> BTreeSet<String> {
        let table = self.bench.model.data.schedules();
        table.index.order.iter().filter_map(|&at| table.rows().id(at)).map(Into::into).collect()
    }

    /// Asks for something on one schedule; it may be sent, or asked about, only where the schedule is the only selected one on screen.
    fn act(&mut self, id: &ScheduleId, what: u8) {
        let table = self.bench.model.data.schedules();
        let may = table.selection.is_only(id.as_str()) && self.shown().contains(id.as_str());
        let command = match what {
            0 => Command::Form(FormCommand::EditSchedule(id.clone())),
            1 => Command::Change(ChangeCommand::AskSuspend(id.clone())),
            2 => Command::Change(ChangeCommand::Suspend(id.clone())),
            3 => Command::Change(ChangeCommand::Resume(id.clone())),
            4 => Command::Change(ChangeCommand::AskDelete(id.clone())),
            5 => Command::Change(ChangeCommand::Delete(id.clone())),
            _ => Command::Change(ChangeCommand::UpdateSchedule(
                id.clone(),
                crate::draft::SchedulePatch { recurrence: Some("0 3 * * *".into()), ..Default::default() },
            )),
        };
        let effects = self.bench.handle(command.clone());
        let mut did = self.bench.model.view.dialog.is_some();
        for effect in self.take(effects) {
            let error = ApiError::new(ErrorKind::Rejected, Operation::UpdateSchedule);
            let event = match effect {
                Effect::Change(
                    ChangeEffect::UpdateSchedule { ticket, .. } | ChangeEffect::DeleteSchedule { ticket, .. },
                ) => Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(error))),
                _ => continue,
            };
            did = true;
            let effects = self.bench.apply(event);
            self.take(effects);
        }
        assert!(may || !did, "{command:?} reached a schedule that is not selected on screen");
        self.bench.handle(Command::Window(WindowCommand::CloseDialog));
    }

    fn check(&mut self) {
        let shown = self.shown();
        let table = self.bench.model.data.schedules();
        let selected: BTreeSet<String> = table.selection.ids().map(str::to_owned).collect();
        assert!(selected.is_subset(&shown), "selected {selected:?}, shown {shown:?}");
        assert!(table.selection.focused_row().is_none_or(|focus| shown.contains(focus)), "the focus is shown");
        if let Some(chosen) = table.chosen() {
            assert_eq!(selected, BTreeSet::from([chosen.id.to_string()]), "the pane shows the one selected row");
        }
        assert_eq!(
            self.bench.model.data.snapshot(TableId::Schedules, ExportColumns::Visible).count(ExportRows::Selected),
            selected.len()
        );
        let effects = self.bench.table(TableId::Schedules, TableCommand::CopyRows(CopyFormat::Tsv));
        for effect in self.take(effects) {
            let Effect::Table(TableEffect::Render(_, table, ..)) = effect else { continue };
            assert!(table.selection.ids().all(|id| shown.contains(id)), "only what is shown is copied");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_reaches_a_row_that_is_not_selected_on_screen(steps in prop::collection::vec(step(), 1..30)) {
        let mut play = Play::new(0);
        for step in steps {
            play.step(step);
            play.check();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// More rows than are put in order at once: the orders come late, or one of older rows comes.
    #[test]
    fn the_same_holds_while_an_order_is_on_its_way(steps in prop::collection::vec(step(), 1..20)) {
        let mut play = Play::new(3_100);
        play.step(Act::Orders);
        for step in steps {
            play.step(step);
            play.check();
        }
    }
}

#[test]
fn an_open_question_about_a_row_that_left_the_screen_cannot_be_answered() {
    for (hides, why_not) in [(false, NoTarget::NotListed), (true, NoTarget::Hidden)] {
        let mut play = Play::new(0);
        play.step(Act::Table(TableCommand::FilterBy(Facet::Status, "Succeeded".to_owned())));
        let id = ScheduleId::new("3");
        play.bench.act(Command::Change(ChangeCommand::AskDelete(id.clone())));
        assert_eq!(play.bench.model.view.dialog, Some(Dialog::Delete(id.clone())));
        play.refresh(&[if hides { schedule_row(3, true) } else { schedule_row(1, false) }]);
        assert_eq!(play.bench.model.data.lists().target(&id), Err(why_not));
        assert_eq!(play.bench.model.view.dialog, Some(Dialog::Delete(id.clone())), "it stays, and says so");
        let effects = play.bench.handle(Command::Change(ChangeCommand::Delete(id.clone())));
        assert!(!names(&effects).contains(&"DeleteSchedule".to_owned()), "{effects:?}");
        assert_eq!(play.bench.model.view.dialog, None);
        assert_eq!(play.bench.notifications(), [format!("{}, so nothing was sent", why_not.sentence("Schedule 3"))]);
    }
}

#[test]
fn a_new_row_is_selected_and_in_sight_once_it_is_shown() {
    let mut play = Play::new(3_100);
    play.step(Act::Orders);
    let show = |play: &mut Play, id: &str| {
        let effects = play.bench.handle(Command::List(ListCommand::ShowSchedule(ScheduleId::new(id))));
        play.take(effects);
        play.step(Act::Orders);
        play.step(Act::Orders);
    };
    show(&mut play, "7");
    let model = &play.bench.model;
    assert_eq!(model.data.schedules().chosen().map(|row| row.id.as_str()), Some("7"));
    assert_eq!(model.view.scroll_to_focus, Some(TableId::Schedules));
    show(&mut play, "nowhere");
    play.step(Act::Table(TableCommand::Select("x5".into())));
    play.step(Act::Rows(vec![(1, true)]));
    play.step(Act::Orders);
    assert_eq!(
        play.bench.model.data.schedules().chosen().map(|row| row.id.as_str()),
        Some("x5"),
        "a later choice stays"
    );
}
