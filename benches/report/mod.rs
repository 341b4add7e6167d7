//! The lines of the table that `scripts/bench` collects from all benches.

use std::time::Duration;

/// The head of the table, in the form of its lines.
const HEAD: &str = "| work | ours | beside it | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- |";

/// Prints the head of the table.
pub(crate) fn head() {
    println!("{HEAD}");
}

/// Prints one line: what was done, both figures as a reader wants them, and ours divided by the other, which may be `goal` at most.
pub(crate) fn line(work: &str, ours: &str, peer: &str, ratio: f64, goal: f64) {
    line_of(work, [ours, peer], &format!("{ratio:.2}"), &format!("≤ {goal}"), ratio <= goal);
}

/// Prints one line whose goal is not a ratio.
#[allow(dead_code, reason = "not every bench has one")]
pub(crate) fn line_of(work: &str, [ours, peer]: [&str; 2], ratio: &str, goal: &str, is_met: bool) {
    println!("| {work} | {ours} | {peer} | {ratio} | {goal} | {} |", if is_met { "yes" } else { "NO" });
}

/// `0.44 ms`
pub(crate) fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}
