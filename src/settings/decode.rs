//! From the table of a settings file to [`Settings`] and back, value by value: one that cannot be read costs only itself,
//! and what this build does not know is kept.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{Preferences, Profile, Settings, VERSION};

const PREFERENCE_KEYS: [&str; 7] = ["theme", "zone", "density", "auto_refresh_secs", "zoom", "renderer", "detail_open"];
const EXPORT_KEYS: [&str; 5] = ["preset", "guard", "columns_all", "last_folder", "semicolon"];
const PROFILE_KEYS: [&str; 6] = ["id", "name", "api_url", "colour", "production", "read_only"];
const MARK_KEYS: [&str; 3] = ["colour", "production", "read_only"];

/// The version a file says it has.
pub(super) fn version(table: &Table) -> Option<u32> {
    let number = table.get("version")?.as_integer()?;
    // A number beyond all sense is newer than anything this build knows.
    Some(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// The settings of a file, and the places of what could not be read.
pub(super) fn settings(mut table: Table) -> (Settings, Vec<String>) {
    let mut problems = Vec::new();
    let known_version = version(&table);
    if table.remove("version").is_some() && known_version.is_none() {
        problems.push("version".to_owned());
    }
    let mut rest = Table::new();
    let settings = Settings {
        version: known_version.unwrap_or(VERSION).max(VERSION),
        profiles: profiles(table.remove("profiles"), &mut rest, &mut problems),
        active: take(&mut table, "active", &mut problems),
        preferences: preferences(table.remove("preferences"), &mut rest, &mut problems),
        backups_table: take(&mut table, "backups_table", &mut problems),
        schedules_table: take(&mut table, "schedules_table", &mut problems),
        window: take(&mut table, "window", &mut problems).and_then(super::WindowPlace::checked),
        rest: Table::new(),
    };
    rest.extend(table);
    let is_known = |id: &super::ProfileId| settings.profiles.iter().any(|profile| profile.id == *id);
    // Where the profile last used is gone, nobody is signed in with another one.
    let active = settings.active.clone().filter(is_known);
    let settings = Settings { active, rest, ..settings };
    (settings, problems)
}

/// Puts what was not known back into a table that is about to be written. The known values win. What belonged to a
/// profile goes with it.
pub(super) fn restore_unknown_keys(ours: &mut Table, rest: &Table) {
    for (key, unknown) in rest {
        if key == "profiles" {
            put_back_profiles(ours, unknown);
        } else {
            put_back_one(ours, key, unknown);
        }
    }
}

fn put_back_one(ours: &mut Table, key: &str, unknown: &Value) {
    match (ours.get_mut(key), unknown) {
        (None, _) => {
            ours.insert(key.to_owned(), unknown.clone());
        }
        (Some(Value::Table(ours)), Value::Table(rest)) => put_back_all(ours, rest),
        (Some(_), _) => {}
    }
}

fn put_back_all(ours: &mut Table, rest: &Table) {
    for (key, unknown) in rest {
        put_back_one(ours, key, unknown);
    }
}

fn put_back_profiles(ours: &mut Table, unknown: &Value) {
    let (Some(Value::Array(ours)), Value::Array(rest)) = (ours.get_mut("profiles"), unknown) else { return };
    for profile in ours.iter_mut().filter_map(Value::as_table_mut) {
        let same_id = |other: &&Table| other.get("id") == profile.get("id");
        if let Some(rest) = rest.iter().filter_map(Value::as_table).find(same_id).cloned() {
            put_back_all(profile, &rest);
        }
    }
}

fn take<T: DeserializeOwned>(table: &mut Table, key: &str, problems: &mut Vec<String>) -> Option<T> {
    let read = table.remove(key)?.try_into();
    if read.is_err() {
        problems.push(key.to_owned());
    }
    read.ok()
}

fn preferences(value: Option<Value>, rest: &mut Table, problems: &mut Vec<String>) -> Preferences {
    let Some(mut table) = table_of(value, "preferences", problems) else {
        return Preferences::default();
    };
    let export = table.remove("export");
    let mut preferences: Preferences = section(&mut table, &PREFERENCE_KEYS, "preferences", problems);
    if let Some(mut export) = table_of(export, "preferences.export", problems) {
        preferences.export = section(&mut export, &EXPORT_KEYS, "preferences.export", problems);
        if !export.is_empty() {
            table.insert("export".to_owned(), Value::Table(export));
        }
    }
    if !table.is_empty() {
        rest.insert("preferences".to_owned(), Value::Table(table));
    }
    preferences.within_limits()
}

/// Takes the values of `keys` out of a table, each for itself. `T` has a default for every missing key.
fn section<T: DeserializeOwned + Default>(
    table: &mut Table,
    keys: &[&str],
    place: &str,
    problems: &mut Vec<String>,
) -> T {
    let mut good = Table::new();
    for &key in keys {
        let Some(value) = table.remove(key) else {
            continue;
        };
        let alone = Table::from_iter([(key.to_owned(), value.clone())]);
        if alone.try_into::<T>().is_ok() {
            good.insert(key.to_owned(), value);
        } else {
            problems.push(format!("{place}.{key}"));
        }
    }
    good.try_into().unwrap_or_default()
}

fn profiles(value: Option<Value>, rest: &mut Table, problems: &mut Vec<String>) -> Vec<Profile> {
    let values = match value {
        None => return Vec::new(),
        Some(Value::Array(values)) => values,
        Some(_) => {
            problems.push("profiles".to_owned());
            return Vec::new();
        }
    };
    let mut profiles: Vec<Profile> = Vec::new();
    let mut unknown = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        let read = profile(value.clone(), at, problems);
        let fresh = read
            .filter(|profile| !profile.id.as_str().is_empty() && profiles.iter().all(|other| other.id != profile.id));
        let (Some(profile), Value::Table(mut table)) = (fresh, value) else {
            problems.push(format!("profile {}", at + 1));
            continue;
        };
        table.retain(|key, _| key == "id" || !PROFILE_KEYS.contains(&key));
        if table.len() > 1 {
            unknown.push(Value::Table(table));
        }
        profiles.push(profile);
    }
    if !unknown.is_empty() {
        rest.insert("profiles".to_owned(), Value::Array(unknown));
    }
    profiles
}

/// A profile; a mark that cannot be read costs only itself. What protects counts as set then: nothing is to be changed by mistake.
fn profile(value: Value, at: usize, problems: &mut Vec<String>) -> Option<Profile> {
    let Value::Table(mut table) = value else { return None };
    let mut marks: Table = MARK_KEYS.iter().filter_map(|key| table.remove_entry(*key)).collect();
    let mut profile = table.try_into::<Profile>().ok()?;
    let is_unreadable = |key: &str| marks.get(key).is_some_and(|mark| !mark.is_bool());
    let (production, read_only) = (is_unreadable("production"), is_unreadable("read_only"));
    profile.marks = section(&mut marks, &MARK_KEYS, &format!("profile {}", at + 1), problems);
    profile.marks.production |= production;
    profile.marks.read_only |= read_only;
    Some(profile)
}

fn table_of(value: Option<Value>, place: &str, problems: &mut Vec<String>) -> Option<Table> {
    let value = value?;
    if let Value::Table(table) = value {
        return Some(table);
    }
    problems.push(place.to_owned());
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::ExportPreferences;

    /// A field added to a struct but not to its list of keys would be taken for something unknown and never be read.
    #[test]
    fn every_field_has_its_key() {
        fn assert_keys(value: impl serde::Serialize, expected: &[&str]) {
            let table = Table::try_from(value).unwrap();
            let mut keys: Vec<&str> = table.keys().map(String::as_str).collect();
            let mut expected = expected.to_vec();
            keys.sort_unstable();
            expected.sort_unstable();
            assert_eq!(keys, expected);
        }
        let export = ExportPreferences { last_folder: Some("/x".into()), ..ExportPreferences::default() };
        assert_keys(export, &EXPORT_KEYS);
        let mut preferences = PREFERENCE_KEYS.to_vec();
        preferences.push("export");
        assert_keys(Preferences::default(), &preferences);
        assert_keys(Profile::default(), &PROFILE_KEYS);
    }

    #[test]
    fn profiles_with_the_same_id_are_not_mixed_up() {
        let table: Table =
            "active='gone'\nprofiles=[{id='a',name='1',api_url=''},{id='a',name='2',api_url=''},{id='',name='3',api_url=''}]"
                .parse()
                .unwrap();
        let (settings, problems) = settings(table);
        assert_eq!(settings.profiles.len(), 1);
        assert_eq!(settings.active, None);
        assert_eq!(problems, ["profile 2", "profile 3"]);
    }

    #[test]
    fn a_mark_that_cannot_be_read_protects() {
        for version in [VERSION, VERSION + 1] {
            for (marks, production, read_only) in [
                ("production='yes',read_only=1", true, true),
                ("production={for='writes'},read_only=false", true, false),
                ("read_only=[]", false, true),
                ("colour=3", false, false),
            ] {
                let text = format!("version={version}\nprofiles=[{{id='a',name='A',api_url='',{marks}}}]");
                let found = settings(text.parse().unwrap()).0.profiles.pop().unwrap().marks;
                assert_eq!((found.production, found.read_only), (production, read_only), "{text}");
            }
        }
    }

    #[test]
    fn a_version_without_sense_is_handled() {
        for (text, expected, is_problem) in [
            ("", VERSION, false),
            ("version = -4", VERSION, false),
            ("version = 'one'", VERSION, true),
            ("version = 99999999999999", u32::MAX, false),
        ] {
            let (settings, problems) = settings(text.parse().unwrap());
            assert_eq!((settings.version, !problems.is_empty()), (expected, is_problem));
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Integer),
            any::<f64>().prop_filter("NaN is not equal to itself", |n| !n.is_nan()).prop_map(Value::Float),
            "[a-z]{0,8}".prop_map(Value::String),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let key = prop_oneof![
                proptest::sample::select(
                    &[
                        "version",
                        "profiles",
                        "active",
                        "preferences",
                        "backups_table",
                        "window",
                        "export",
                        "theme",
                        "zoom",
                        "id",
                        "name",
                        "api_url",
                        "colour",
                        "read_only",
                        "width",
                        "height",
                    ][..]
                )
                .prop_map(str::to_owned),
                "[a-z]{1,3}"
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map(key, inner, 0..8)
                    .prop_map(|map| Value::Table(map.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn an_unknown_preference_named_as_a_section_is_kept() {
        let (read, _) = settings("[preferences]\nprofiles = false\n".parse().unwrap());
        let mut written = Table::try_from(&read).unwrap();
        restore_unknown_keys(&mut written, &read.rest);
        let preferences = written.get("preferences").and_then(Value::as_table).unwrap();
        assert_eq!(preferences.get("profiles"), Some(&Value::Boolean(false)));
    }

    proptest! {
        /// Whatever a file holds, it is read without a panic, and what is written from it reads the same again.
        #[test]
        fn any_table_is_read(value in any_value()) {
            if let Value::Table(table) = value {
                let (first, _) = settings(table);
                let mut written = Table::try_from(&first).unwrap();
                restore_unknown_keys(&mut written, &first.rest);
                let text = toml::to_string_pretty(&written).unwrap();
                let (second, problems) = settings(text.parse().unwrap());
                prop_assert_eq!(problems, Vec::<String>::new());
                prop_assert_eq!(second, first);
            }
        }
    }
}
