//! The lines of the table that `scripts/bench` collects from all benches, and how times are taken.
#![allow(dead_code, reason = "not every bench needs all of it")]

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The head of the table, in the form of its lines.
const HEAD: &str = "| work | ours | peer | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- |";

/// Prints the head of the table.
pub(crate) fn head() {
    println!("{HEAD}");
}

/// Prints one line: what was done, both figures as a reader wants them, and ours divided by the other, which may be `goal` at most.
pub(crate) fn line(work: &str, ours: &str, peer: &str, ratio: f64, goal: f64) {
    line_of(work, [ours, peer], &format!("{ratio:.2}"), &format!("≤ {goal}"), ratio <= goal);
}

/// Prints one line whose goal is not a ratio.
pub(crate) fn line_of(work: &str, [ours, peer]: [&str; 2], ratio: &str, goal: &str, is_met: bool) {
    println!("| {work} | {ours} | {peer} | {ratio} | {goal} | {} |", if is_met { "yes" } else { "NO" });
}

/// Prints one line of two times. `peer` says what the second one is of.
pub(crate) fn times(work: &str, ours: Duration, (peer, time): (&str, Duration), goal: f64) {
    let beside = format!("{peer}: {}", millis(time));
    line(work, &millis(ours), &beside, ours.as_secs_f64() / time.as_secs_f64(), goal);
}

/// Prints one line of a time that may be `goal` at most, whatever the time beside it.
pub(crate) fn time_of(work: &str, ours: Duration, peer: Option<(&str, Duration)>, goal: Duration) {
    let beside = peer.map_or_else(|| "–".to_owned(), |(peer, time)| format!("{peer}: {}", millis(time)));
    let ratio =
        peer.map_or_else(|| "–".to_owned(), |(_, time)| format!("{:.2}", ours.as_secs_f64() / time.as_secs_f64()));
    line_of(work, [&millis(ours), &beside], &ratio, &format!("≤ {goal:?}"), ours <= goal);
}

/// `0.44 ms`
pub(crate) fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}

/// The median time of `run` over that many runs; `prepare` is not counted, nor is the time to drop what `run` returns.
pub(crate) fn measure<T, U>(runs: usize, mut prepare: impl FnMut() -> T, mut run: impl FnMut(T) -> U) -> Duration {
    let one_run = |_| {
        let prepared = prepare();
        let start = Instant::now();
        let done = black_box(run(black_box(prepared)));
        let time = start.elapsed();
        drop(done);
        time
    };
    median((0..runs).map(one_run).collect())
}

/// The median of these times.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
