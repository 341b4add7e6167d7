//! The handle on the demo service: it answers requests, and tests hold it.
//!
//! Time has no task of its own: whenever a request comes in, everything that was due since the last one happens first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

use super::answer::Query;
use super::bulk::Bulk;
use super::cron::civil;
use super::faults::{Ending, Fault, FaultScope, FaultyStream};
use super::options::DemoOptions;
use super::response::DemoResponse;
use super::routes;
use super::routes_schedules;
use super::rows::ScheduleRow;
use super::state::{RecordedRequest, State};

/// Schedules catch up at most this much after the clock has moved.
const MAX_CATCH_UP_SECS: i64 = 31 * 86_400;

/// A handle on the world of a running [`super::Demo`]; every clone is a handle on the same world.
#[derive(Clone)]
pub struct World(Arc<Mutex<State>>);

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

/// What the server does with a request: waits, then answers or cuts.
pub(super) struct Reply {
    pub(super) answer: DemoResponse,
    pub(super) delay_ms: u64,
    pub(super) ending: Ending,
}

impl World {
    pub(super) fn running(options: DemoOptions, now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(State::new(options, now.as_second(), Some(Instant::now())))))
    }

    pub(super) fn frozen(options: DemoOptions, now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(State::new(options, now.as_second(), None))))
    }

    /// Every request since the start, oldest first; of very many, the newest 20,000.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.state().requests.clear();
    }

    /// Remembers at most the newest `most` requests from now on. Requests hold keys and credentials: outside tests, none
    /// should be remembered.
    pub fn remember_requests(&self, most: usize) {
        let mut state = self.state();
        state.most_requests = most;
        let surplus = state.requests.len().saturating_sub(most);
        state.requests.drain(..surplus);
    }

    /// How many schedules the list has now.
    #[must_use]
    pub fn schedule_count(&self) -> usize {
        self.caught_up().schedules.iter().filter(|schedule| schedule.is_listed()).count()
    }

    /// How many backups the list has now.
    #[must_use]
    pub fn backup_count(&self) -> usize {
        let state = self.caught_up();
        state.live(None, None).len() + state.bulk.as_ref().map_or(0, Bulk::len)
    }

    /// Somebody else gives a schedule another cadence. What does not exist or is no expression changes nothing.
    pub fn change_schedule(&self, id: &str, recurrence: &str) {
        let body = format!("{{\"schedule\":\"{recurrence}\"}}");
        let _unread = routes_schedules::update(&mut self.caught_up(), id, &body);
    }

    /// Makes every request misbehave in this way, until cleared. Faults add up.
    pub fn set_fault(&self, fault: Fault) {
        self.set_fault_for(fault, FaultScope::default());
    }

    /// Makes the requests of this scope misbehave. Faults add up.
    pub fn set_fault_for(&self, fault: Fault, scope: FaultScope) {
        self.state().faults.add(fault, scope);
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Moves the clock of the service forward. What falls due happens at the next request.
    pub fn advance(&self, secs: u32) {
        self.state().clock.shift_secs += i64::from(secs);
    }

    /// The time of the service.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.state().clock.now()).unwrap_or_default()
    }

    pub(super) fn stop(&self) {
        self.state().is_stopped = true;
    }

    pub(super) fn refuses_connection(&self) -> bool {
        let mut state = self.state();
        state.is_stopped || state.faults.refuses_connection()
    }

    /// Records the request, lets the faults have their way with it, and answers it.
    pub(super) fn handle(&self, request: RecordedRequest, query: &Query) -> Reply {
        let mut state = self.caught_up();
        let mut effects = state.faults.effects(&request.method, &request.path);
        if state.is_stopped {
            effects.ending = Ending::DropBefore;
        }
        if let Some(secs) = effects.commit_after_secs {
            let due = state.clock.now() + i64::from(secs);
            state.late.push((due, request.clone()));
        }
        let answer = match (effects.ending, effects.instead) {
            (Ending::DropBefore, _) => DemoResponse::empty(503),
            (_, Some(instead)) => instead,
            (_, None) => {
                let answer = routes::answer(&mut state, &request, query, &effects.wire);
                effects.afterwards.unwrap_or(answer)
            }
        };
        let is_list = request.method == "GET" && routes::is_list(&request.path);
        let delay_ms = effects.delay_ms + if is_list { state.page_delay_ms } else { 0 };
        state.requests.push_back(request);
        if state.requests.len() > state.most_requests {
            state.requests.pop_front();
        }
        Reply { answer, delay_ms, ending: effects.ending }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn caught_up(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        catch_up(&mut state);
        state
    }
}

/// Lets every schedule fire whose minute has passed since the last time.
fn catch_up(state: &mut State) {
    let now = state.clock.now();
    let from = state.caught_up_to.max(now - MAX_CATCH_UP_SECS);
    if now <= from {
        return;
    }
    state.caught_up_to = now;
    let (due, later) = std::mem::take(&mut state.late).into_iter().partition(|(due, _)| *due <= now);
    state.late = later;
    let due: Vec<(i64, RecordedRequest)> = due;
    for (_, request) in due {
        // Nobody is there to read the answer any more.
        let _unread = routes::answer(state, &request, &Query::default(), &FaultyStream::default());
    }
    for minute in from.div_euclid(60) + 1..=now.div_euclid(60) {
        let at = civil(minute * 60);
        let due: Vec<ScheduleRow> = state.schedules.iter().filter(|schedule| schedule.is_due(at)).cloned().collect();
        for schedule in &due {
            state.begin_job(schedule, minute * 60);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-09-14T09:00:30Z";

    fn world(backups: usize) -> World {
        World::frozen(DemoOptions { backups, ..DemoOptions::default() }, NOW.parse().unwrap())
    }

    fn running(world: &World) -> usize {
        world.caught_up().live(None, Some("Running")).len()
    }

    #[test]
    fn the_watched_backup_finishes_after_forty_seconds() {
        let world = world(0);
        assert_eq!(running(&world), 1);
        world.advance(39);
        assert_eq!(running(&world), 1);
        world.advance(1);
        assert_eq!(running(&world), 0);
    }

    #[test]
    fn schedules_fire_when_their_minute_passes() {
        let world = world(0);
        let before = world.backup_count();
        // 09:24:59, then 09:25:00: "25 */3 * * *" of orders-prod.
        world.advance(24 * 60 + 29);
        assert_eq!((world.backup_count(), running(&world)), (before, 0));
        world.advance(1);
        assert_eq!((world.backup_count(), running(&world)), (before + 1, 1));
        world.advance(60);
        assert_eq!((world.backup_count(), running(&world)), (before + 1, 0));
        let now = world.now().as_second();
        let newest = world.caught_up().live(None, None)[0].json(now);
        assert_eq!(newest["type"], "binarylog");
        assert_eq!(newest["start_time"], "2026-09-14T09:25:00Z");
    }

    #[test]
    fn a_schedule_of_the_minute_of_the_start_fires() {
        let count_at = |now: &str| World::frozen(DemoOptions::default(), now.parse().unwrap()).backup_count();
        // "0 2 * * *" of orders-prod has just begun; seven days ago the same run fell out of the history.
        let world = World::frozen(DemoOptions::default(), "2026-09-14T02:00:20Z".parse().unwrap());
        let now = world.now().as_second();
        let newest = world.caught_up().live(None, Some("Running"))[0].json(now);
        assert_eq!((newest["type"].as_str(), newest["service_name"].as_str()), (Some("full"), Some("orders-prod")));
        assert_eq!(count_at("2026-09-14T01:59:59Z"), world.backup_count());
    }

    #[test]
    fn a_day_of_firing_is_caught_up_in_one_go() {
        let world = world(0);
        let before = world.backup_count();
        world.advance(86_400);
        let fired = world.backup_count() - before;
        assert!((50..70).contains(&fired), "{fired}");
        // Not once more without time passing.
        assert_eq!(world.backup_count(), before + fired);
    }

    #[test]
    fn a_large_world_has_exactly_its_size() {
        let world = world(1_000_000);
        assert_eq!(world.backup_count(), 1_000_000);
        world.advance(86_400);
        assert_eq!(world.backup_count(), 1_000_000);
        assert_eq!(world.schedule_count(), 24);
    }
}
