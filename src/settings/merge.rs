//! What becomes of the settings when two programs changed them: value by value, the changes of both.

use toml::{Table, Value};

/// Tables whose values only make sense together.
const WHOLE: [&str; 1] = ["window"];

/// The file's settings (`theirs`) with what this program changed since `base`. What both changed is as in `ours`. A profile that
/// the other program removed stays where this one has begun to use it.
pub(super) fn settings(base: &Table, ours: &Table, theirs: &Table) -> Table {
    let mut base = base.clone();
    if let Some(active) = ours.get("active").filter(|active| base.get("active") != Some(*active))
        && let Some(Value::Array(profiles)) = base.get_mut("profiles")
        && !has_profile(theirs, active)
    {
        profiles.retain(|profile| profile.get("id") != Some(active));
    }
    merged(&base, ours, theirs)
}

fn has_profile(settings: &Table, id: &Value) -> bool {
    let profiles = settings.get("profiles").and_then(Value::as_array);
    profiles.is_some_and(|profiles| profiles.iter().any(|profile| profile.get("id") == Some(id)))
}

fn merged(base: &Table, ours: &Table, theirs: &Table) -> Table {
    let keys = theirs.keys().chain(ours.keys().filter(|key| !theirs.contains_key(*key)));
    let pairs = keys.filter_map(|key| {
        let (base, ours, theirs) = (base.get(key), ours.get(key), theirs.get(key));
        let value = match (ours, theirs, name_of_items(key)) {
            (Some(Value::Array(ours)), Some(Value::Array(theirs)), Some(name)) => {
                let base = base.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                Some(Value::Array(items(name, base, ours, theirs)))
            }
            _ if WHOLE.contains(&key.as_str()) && ours != base => ours.cloned(),
            _ => one(base, ours, theirs),
        };
        value.map(|value| (key.clone(), value))
    });
    pairs.collect()
}

fn one(base: Option<&Value>, ours: Option<&Value>, theirs: Option<&Value>) -> Option<Value> {
    if ours == base {
        return theirs.cloned();
    }
    match (ours, theirs) {
        (Some(Value::Table(ours)), Some(Value::Table(theirs))) => {
            let nothing = Table::new();
            let base = base.and_then(Value::as_table).unwrap_or(&nothing);
            Some(Value::Table(merged(base, ours, theirs)))
        }
        _ => ours.cloned(),
    }
}

/// The value that tells the items of a list apart, where it does: then two programs may change different items.
fn name_of_items(list: &str) -> Option<&'static str> {
    match list {
        "profiles" => Some("id"),
        "columns" => Some("key"),
        _ => None,
    }
}

/// Items by their names, in the order of the file unless they were moved here; then those that are new on the other side.
fn items(name: &str, base: &[Value], ours: &[Value], theirs: &[Value]) -> Vec<Value> {
    let item = |list: &'_ [Value], id: &Value| list.iter().position(|item| item.get(name) == Some(id));
    let find = |list, id| item(list, id).and_then(|at| list.get(at));
    let order = |list: &[Value], other: &[Value]| -> Vec<Value> {
        let ids = list.iter().filter_map(|item| item.get(name));
        ids.filter(|id| item(other, id).is_some()).cloned().collect()
    };
    let (first, second) = if order(ours, base) == order(base, ours) { (theirs, ours) } else { (ours, theirs) };
    let added = second.iter().filter(|it| it.get(name).is_some_and(|id| item(first, id).is_none()));
    let ids = first.iter().chain(added).filter_map(|it| it.get(name));
    ids.filter_map(|id| one(find(base, id), find(ours, id), find(theirs, id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn the_changes_of_both_are_kept_and_ours_win_where_both_changed_one_value() {
        let base = table("a = 1\nb = 1\nc = 1\n[p]\nx = 1\ny = 1\n[window]\nwidth = 1\nx = 1");
        let ours = table("a = 2\nb = 1\nc = 2\n[p]\nx = 2\ny = 1\n[window]\nwidth = 2\nx = 1");
        let theirs = table("a = 1\nb = 3\nc = 3\nnew = 3\n[p]\nx = 1\ny = 3\n[window]\nwidth = 1\nx = 3");
        let expected = table("a = 2\nb = 3\nc = 2\nnew = 3\n[p]\nx = 2\ny = 3\n[window]\nwidth = 2\nx = 1");
        assert_eq!(merged(&base, &ours, &theirs), expected);
    }

    #[test]
    fn what_was_taken_away_stays_away_unless_the_other_changed_it_here() {
        let base = table("a = 1\nb = 1\nc = 1");
        assert_eq!(merged(&base, &table("b = 1\nc = 2"), &table("a = 1")), table("c = 2"));
    }

    #[test]
    fn profiles_are_told_apart_by_their_ids() {
        let base = table("profiles = [{id='a',n=1,m=1},{id='b',n=1},{id='c',n=1}]");
        let ours = table("profiles = [{id='a',n=2,m=1},{id='c',n=1},{id='ours',n=2}]");
        let theirs = table("profiles = [{id='b',n=1},{id='theirs',n=3},{id='a',n=1,m=3}]");
        let expected = table("profiles = [{id='theirs',n=3},{id='a',n=2,m=3},{id='ours',n=2}]");
        assert_eq!(merged(&base, &ours, &theirs), expected);
    }

    #[test]
    fn columns_that_both_changed_keep_both_changes_and_the_order_of_who_moved_them() {
        let base = table("[t]\ncolumns = [{key='a',w=1},{key='b',w=1},{key='c',w=1}]");
        let wider = table("[t]\ncolumns = [{key='a',w=2},{key='b',w=1},{key='c',w=1}]");
        let moved = table("[t]\ncolumns = [{key='c',w=1},{key='a',w=1},{key='b',w=3}]");
        let both = table("[t]\ncolumns = [{key='c',w=1},{key='a',w=2},{key='b',w=3}]");
        assert_eq!(merged(&base, &wider, &moved), both);
        assert_eq!(merged(&base, &moved, &wider), both);
    }

    #[test]
    fn a_profile_that_the_other_removed_stays_where_it_has_come_into_use() {
        let base = table("profiles = [{id='a',n=1},{id='b',n=1}]");
        let in_use = table("active = 'a'\nprofiles = [{id='a',n=1},{id='b',n=1}]");
        assert_eq!(settings(&base, &in_use, &table("profiles = []")), table("active = 'a'\nprofiles = [{id='a',n=1}]"));
        // One that is still there keeps what the other changed.
        let changed = table("profiles = [{id='a',n=3}]");
        assert_eq!(settings(&base, &in_use, &changed), table("active = 'a'\nprofiles = [{id='a',n=3}]"));
        // What has been in use since before is the other's to remove.
        assert_eq!(settings(&in_use, &in_use, &table("profiles = []")), table("profiles = []"));
    }

    #[test]
    fn one_program_alone_writes_what_it_has() {
        let (base, ours) = (table("a = 1\nb = 1"), table("b = 2\nprofiles = [{id='a'}]"));
        assert_eq!(merged(&base, &ours, &base), ours);
        assert_eq!(merged(&base, &base, &ours), ours);
    }
}
