//! File names that every system accepts and that say what is inside.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The longest part of a name, in bytes: three of them and the fixed words stay well below the 255 that systems allow.
const MAX_PART_BYTES: usize = 60;

/// `skysql-backups_acme-production_failed_20260821T1405Z.csv`: table, profile, filter, time in UTC. No spaces, no `:`,
/// nothing that leaves the folder.
#[must_use]
pub fn file_name(table: &str, profile: &str, filter: &str, at: Timestamp) -> String {
    let time = TimeZone::UTC.to_datetime(at).strftime("%Y%m%dT%H%MZ");
    let part = |text: &str, empty: &str| {
        let part = sanitised(text);
        if part.is_empty() { empty.to_owned() } else { part }
    };
    format!("skysql-{}_{}_{}_{time}.csv", part(table, "table"), part(profile, "profile"), part(filter, "all"))
}

/// Letters and digits of any script stay; each stretch of anything else becomes one `-`.
fn sanitised(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() + c.len_utf8() > MAX_PART_BYTES {
            break;
        }
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Names that Windows keeps for devices, with any extension.
pub(super) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word).is_some_and(|rest| {
            matches!(rest, "¹" | "²" | "³") || rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit())
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_inside_and_fits_every_system() {
        let at: Timestamp = "2026-08-21T14:05:59Z".parse().unwrap();
        let cases = [
            ("acme-production", "failed", "skysql-backups_acme-production_failed_20260821T1405Z.csv"),
            ("Acme: prod/..\\x", "", "skysql-backups_Acme-prod-x_all_20260821T1405Z.csv"),
            ("", "status = Failed, type = full", "skysql-backups_profile_status-Failed-type-full_20260821T1405Z.csv"),
            ("日本 語", "..", "skysql-backups_日本-語_all_20260821T1405Z.csv"),
        ];
        for (profile, filter, want) in cases {
            assert_eq!(file_name("backups", profile, filter, at), want);
        }
        let long = file_name("backups", &"é".repeat(500), &"x ".repeat(500), at);
        assert!(long.len() < 220, "{long}");
    }

    #[test]
    fn device_names_are_known() {
        for name in ["CON", "con.csv", "nul", "Com1.csv", "LPT9", "aux .csv"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["console.csv", "com.csv", "com10.csv", "", "a.con"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
