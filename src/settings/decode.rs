//! From the document of a settings file to [`Settings`], value by value: one that cannot be read costs only itself, and what
//! this build does not know stays in the document.

use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml_edit::{InlineTable, Item, Table, TableLike, Value, value};

use super::{
    ExportPreferences, Preferences, Profile, ProfileFlags, ProfileId, Settings, Suspensions, VERSION, WindowPlace,
};
use crate::insight::{Targets, ToldFindings};

/// The version a file says it has.
fn version(document: &Table) -> Option<u32> {
    let number = document.get("version")?.as_integer()?;
    // A number beyond all sense is newer than anything this build knows.
    Some(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// The settings of a document, and the places of what could not be read, which is removed from the document.
pub(super) fn settings(document: &mut Table) -> (Settings, Vec<String>) {
    let mut problems = Vec::new();
    let known_version = version(document);
    if document.contains_key("version") && known_version.is_none() {
        problems.push("version".to_owned());
        document.remove("version");
    }
    let profiles = profiles(document, &mut problems);
    let active: Option<ProfileId> = read(document, "active", &mut problems);
    let settings = Settings {
        is_read_only: known_version > Some(VERSION),
        // Where the profile last used is gone, nobody is signed in with another one.
        active: active.filter(|id| profiles.iter().any(|profile| profile.id == *id)),
        profiles,
        preferences: preferences(document, &mut problems),
        backups_table: read(document, "backups_table", &mut problems),
        all_seen_table: read(document, "all_seen_table", &mut problems),
        schedules_table: read(document, "schedules_table", &mut problems),
        restores_table: read(document, "restores_table", &mut problems),
        saved_views: read(document, "saved_views", &mut problems).unwrap_or_default(),
        window: read(document, "window", &mut problems).and_then(WindowPlace::checked),
    };
    (settings, problems)
}

/// The value of a key; where it cannot be read, the key is removed.
fn read<T: DeserializeOwned>(table: &mut dyn TableLike, key: &str, problems: &mut Vec<String>) -> Option<T> {
    let value = table.get(key)?.clone().into_value().ok().and_then(decoded);
    if value.is_none() {
        problems.push(key.to_owned());
        table.remove(key);
    }
    value
}

fn decoded<T: DeserializeOwned>(value: Value) -> Option<T> {
    T::deserialize(value.into_deserializer()).ok()
}

fn preferences(document: &mut Table, problems: &mut Vec<String>) -> Preferences {
    let Some(table) = table_of(document, "preferences", "preferences", problems) else {
        return Preferences::default();
    };
    if let Some(export) = table_of(table, "export", "preferences.export", problems) {
        remove_unreadable::<ExportPreferences>(export, "preferences.export", problems);
    }
    remove_unreadable::<Preferences>(table, "preferences", problems);
    decoded::<Preferences>(inline(table).into()).unwrap_or_default().within_limits()
}

fn table_of<'t>(
    parent: &'t mut dyn TableLike,
    key: &str,
    place: &str,
    problems: &mut Vec<String>,
) -> Option<&'t mut dyn TableLike> {
    if !parent.get(key)?.is_table_like() {
        parent.remove(key);
        problems.push(place.to_owned());
    }
    parent.get_mut(key)?.as_table_like_mut()
}

/// Removes the keys that `T`, which has a default for each of them, cannot take.
fn remove_unreadable<T: DeserializeOwned>(table: &mut dyn TableLike, place: &str, problems: &mut Vec<String>) {
    let entries = inline(table);
    for (key, value) in &entries {
        let alone = InlineTable::from_iter([(key, value.clone())]);
        if decoded::<T>(alone.into()).is_none() {
            table.remove(key);
            problems.push(format!("{place}.{key}"));
        }
    }
}

fn inline(table: &dyn TableLike) -> InlineTable {
    table.iter().filter_map(|(key, item)| Some((key, item.clone().into_value().ok()?))).collect()
}

fn profiles(document: &mut Table, problems: &mut Vec<String>) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    let mut number = 0;
    let mut is_read = |table: Option<&mut dyn TableLike>| {
        number += 1;
        let place = format!("profile {number}");
        let profile = table
            .and_then(|table| profile(table, &place, problems))
            .filter(|new| !new.id.as_str().is_empty() && profiles.iter().all(|other| other.id != new.id));
        if profile.is_none() {
            problems.push(place);
        }
        let is_read = profile.is_some();
        profiles.extend(profile);
        is_read
    };
    match document.get_mut("profiles") {
        None => {}
        Some(Item::ArrayOfTables(tables)) => {
            let read: Vec<bool> = tables.iter_mut().map(|table| is_read(Some(table))).collect();
            let mut read = read.into_iter();
            tables.retain(|_| read.next() == Some(true));
        }
        Some(Item::Value(Value::Array(values))) => {
            let read: Vec<bool> = values
                .iter_mut()
                .map(|value| match value {
                    Value::InlineTable(table) => is_read(Some(table)),
                    _ => is_read(None),
                })
                .collect();
            let mut read = read.into_iter();
            values.retain(|_| read.next() == Some(true));
        }
        Some(_) => {
            document.remove("profiles");
            problems.push("profiles".to_owned());
        }
    }
    profiles
}

/// A profile; a flag that cannot be read costs only itself. What protects counts as set then: nothing is to be changed by mistake.
fn profile(table: &mut dyn TableLike, place: &str, problems: &mut Vec<String>) -> Option<Profile> {
    let mut unreadable = Vec::new();
    remove_unreadable::<ProfileFlags>(table, place, &mut unreadable);
    for key in ["production", "read_only"] {
        if unreadable.contains(&format!("{place}.{key}")) {
            table.insert(key, value(true));
        }
    }
    let mut without_place = Vec::new();
    let _: Option<Targets> = read(table, "targets", &mut without_place);
    let _: Option<Suspensions> = read(table, "suspensions", &mut without_place);
    let _: Option<ToldFindings> = read(table, "told", &mut without_place);
    unreadable.extend(without_place.into_iter().map(|key| format!("{place}.{key}")));
    let profile = decoded(inline(table).into())?;
    problems.extend(unreadable);
    Some(profile)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use toml::Value;
    use toml_edit::DocumentMut;

    use crate::settings::{Settings, VERSION};

    fn settings(text: &str) -> (Settings, Vec<String>) {
        super::settings(&mut text.parse::<DocumentMut>().unwrap())
    }

    #[test]
    fn profiles_with_the_same_id_are_not_mixed_up() {
        let (settings, problems) = settings(
            "active='gone'\nprofiles=[{id='a',name='1',api_url=''},{id='a',name='2',api_url=''},{id='',name='3',api_url=''}]",
        );
        assert_eq!(settings.profiles.len(), 1);
        assert_eq!(settings.active, None);
        assert_eq!(problems, ["profile 2", "profile 3"]);
    }

    #[test]
    fn a_flag_that_cannot_be_read_protects() {
        for version in [VERSION, VERSION + 1] {
            for (flags, production, read_only) in [
                ("production='yes',read_only=1", true, true),
                ("production={for='writes'},read_only=false", true, false),
                ("read_only=[]", false, true),
                ("colour=3", false, false),
            ] {
                let text = format!("version={version}\nprofiles=[{{id='a',name='A',api_url='',{flags}}}]");
                let found = settings(&text).0.profiles.pop().unwrap().flags;
                assert_eq!((found.production, found.read_only), (production, read_only), "{text}");
            }
        }
    }

    #[test]
    fn a_version_without_sense_is_handled() {
        for (text, expected, is_problem) in [
            ("", false, false),
            ("version = -4", false, false),
            ("version = 'one'", false, true),
            ("version = 99999999999999", true, false),
        ] {
            let (settings, problems) = settings(text);
            assert_eq!((settings.is_read_only, !problems.is_empty()), (expected, is_problem));
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

    proptest! {
        /// Whatever a file holds, it is read without a panic, and what is written from it reads the same again.
        #[test]
        fn any_table_is_read(value in any_value(), other in any_value()) {
            if let (Value::Table(table), Value::Table(other)) = (value, other) {
                let mut document: DocumentMut = toml::to_string(&table).unwrap().parse().unwrap();
                let (first, _) = super::settings(&mut document);
                let unchanged = document.to_string();
                prop_assert_eq!(settings(&unchanged), (first.clone(), Vec::new()));

                // Written over what any other file holds.
                let mut document: DocumentMut = toml::to_string(&other).unwrap().parse().unwrap();
                let _ = super::settings(&mut document);
                let first = Settings { is_read_only: false, ..first };
                let serialized = |settings: &Settings| toml_edit::ser::to_document(settings).unwrap();
                let base = super::settings(&mut document).0;
                crate::settings::merge::settings(&serialized(&base), &serialized(&first), &mut document);
                let text = document.to_string();
                let (second, problems) = settings(&text);
                prop_assert_eq!(problems, Vec::<String>::new());
                prop_assert_eq!(second.profiles, first.profiles, "{}", text);
                prop_assert_eq!(second.preferences, first.preferences, "{}", text);
                prop_assert_eq!(second.window, first.window, "{}", text);
            }
        }
    }
}
