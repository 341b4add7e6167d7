//! What a reader of the pack needs to know first.

use super::{PackContents, visible};

/// What each file is.
pub(super) const FILES: [(&str, &str); 11] = [
    ("evidence.html", "a page to read and to print"),
    ("evidence.xlsx", "all tables as an Excel workbook"),
    ("services.csv", "the backups of the period, counted by service"),
    ("backups.csv", "every backup that began in the period, as it was last seen"),
    ("schedules.csv", "every schedule that was seen, as it was last seen"),
    ("restores.csv", "every restore that was asked for in the period, as it was last seen"),
    ("coverage.csv", "what the overview said of each service and backup type when the pack was written"),
    ("findings.csv", "what needed attention when the pack was written"),
    ("changes.csv", "changes of schedules and restores that were sent from this computer in the period"),
    ("fetches.csv", "when the lists of backups and of restores were fetched in the period"),
    ("SHA256SUMS", "checksums; `sha256sum -c SHA256SUMS` checks them"),
];

/// The limits of what is in the pack, one paragraph each.
pub(super) const LIMITS: [&str; 5] = [
    "It contains what SkyBackup saw on one computer. It is not a statement of SkySQL, and it is not signed.",
    "SkySQL lists a backup for 7 days. A backup that was made while no complete list was fetched for 7 days may be missing. Not observed is not the same as not made.",
    "How long SkySQL lists a restore is not documented, and its entry can be deleted. One whose entry was deleted before a complete list was fetched may be missing.",
    "\"Succeeded\" is the word of the service. Only a restore, and reading its tables, shows that a backup can be used.",
    "Schedules, coverage and findings are those of the time at which the pack was written. Changes made elsewhere are not listed.",
];

/// The text of README.txt, with the line ends that every editor shows.
pub(super) fn text(contents: &PackContents<'_>) -> String {
    let mut lines = vec!["Evidence of backups".to_owned(), String::new()];
    lines.extend(contents.facts().into_iter().map(|(name, value)| format!("{name}: {}", visible(&value))));
    lines.extend([String::new(), "Limits".to_owned(), String::new()]);
    lines.extend(LIMITS.map(|limit| format!("- {limit}")));
    lines.extend([String::new(), "Files".to_owned(), String::new()]);
    lines.extend(FILES.map(|(name, what)| format!("- {name}: {what}")));
    lines.push(String::new());
    lines.join("\r\n")
}
