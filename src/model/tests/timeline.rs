use super::*;
use crate::insight::{TimelineJob, TimelineSpan};
use crate::msg::{TableEffect, WindowCommand};

fn go(bench: &mut Bench, screen: Screen) -> Vec<Effect> {
    bench.handle(Command::Window(WindowCommand::Go(screen)))
}

fn job(effects: &[Effect]) -> Option<(Ticket, TimelineJob)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Table(TableEffect::LayOutTimeline(ticket, job)) => Some((*ticket, (**job).clone())),
        _ => None,
    })
}

#[test]
fn the_timeline_is_made_only_while_it_is_on_screen() {
    let mut bench = Bench::ready();
    bench.after(61);
    assert!(bench.model.data.timeline().is_none());
    go(&mut bench, Screen::Timeline);
    let made_at = bench.model.data.timeline().map(|timeline| timeline.now);
    assert_eq!(made_at, Some(bench.model.data.now), "few rows are laid out at once");
    bench.after(10);
    assert_eq!(bench.model.data.timeline().map(|timeline| timeline.now), made_at, "nothing changed");
    bench.after(60);
    assert!(bench.model.data.timeline().map(|timeline| timeline.now) > made_at, "the present has moved");
    bench.model.view.timeline.span = TimelineSpan::Week;
    bench.tick();
    assert_eq!(bench.model.data.timeline().map(|timeline| timeline.span), Some(TimelineSpan::Week));
}

#[test]
fn many_services_are_laid_out_elsewhere_one_work_at_a_time() {
    let (mut bench, effects) = Bench::signed_in();
    let ids: Vec<String> = (0..40).map(|number| format!("db{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    bench.apply(services(ticket(&effects, "ListServices"), &ids));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), usual_schedules()));
    bench.apply(backups(ticket(&effects, "ListBackups"), usual_backups()));
    let asked = go(&mut bench, Screen::Timeline);
    let (first, work) = job(&asked).unwrap();
    assert!(job(&bench.tick()).is_none() && bench.model.data.timeline().is_none());
    bench.apply(Event::List(ListEvent::TimelineLaidOut(Ticket(u64::MAX), Box::new(work.clone().run()))));
    assert!(bench.model.data.timeline().is_none(), "of another work");
    bench.apply(Event::List(ListEvent::TimelineLaidOut(first, Box::new(work.run()))));
    assert_eq!(bench.model.data.timeline().unwrap().lanes.len(), 40);
    assert!(job(&bench.tick()).is_none());
    bench.model.view.timeline.span = TimelineSpan::Week;
    let (second, _) = job(&bench.tick()).unwrap();
    bench.apply(Event::System(SystemEvent::TaskPanicked(second)));
    assert!(job(&bench.tick()).is_none(), "what broke is not tried again");
    assert_eq!(bench.model.data.timeline().unwrap().span, TimelineSpan::Day, "the old one stays");
}
