//! Lengths of time between runs: as Go writes them, and in words.

/// A length of time as Go writes it, such as `1h30m` or `1.5h`, in whole seconds; at least one.
pub(super) fn duration_secs(text: &str) -> Option<u64> {
    /// A hundred years: nothing longer is a schedule.
    const LONGEST: f64 = 3.2e9;
    const UNITS: [(&str, f64); 7] =
        [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut secs = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let (unit, factor) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        secs += number * factor;
        rest = rest.get(unit.len()..)?;
    }
    let is_length = !text.is_empty() && secs < LONGEST;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sum of positive numbers, below the cap"
    )]
    is_length.then_some((secs as u64).max(1))
}

/// A length of time: `90 minutes`, `2 hours`, `1 day`.
pub(super) fn length_words(secs: u64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (size, unit) = units.into_iter().find(|(size, _)| secs.is_multiple_of(*size)).unwrap_or((1, "second"));
    let count = secs / size;
    if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
}
