//! Puts what this program changed into the document on the disk. Everything else stays there as it is: the changes of another
//! running program, keys of another version, comments, the order.

use std::convert::identity;
use std::mem;

use toml_edit::{ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

/// The table whose values only make sense together.
const WHOLE: &str = "window";

/// Puts what changed from `base` to `ours`, both as serialized, into the document. What both programs changed becomes as in
/// `ours`. A profile that the other program removed stays where this one has begun to use it.
pub(super) fn settings(base: &Table, ours: &Table, document: &mut Table) {
    let mut base = base.clone();
    let active = |settings: &'_ Table| settings.get("active").and_then(Item::as_str).map(str::to_owned);
    if let Some(active) = active(ours).filter(|id| active(&base).as_ref() != Some(id))
        && !has_profile(document, &active)
        && let Some(profiles) = base.get_mut("profiles").and_then(Item::as_array_mut)
    {
        let is_active = |profile: &InlineTable| name_of(profile, "id") == Some(&active);
        profiles.retain(|profile| !profile.as_inline_table().is_some_and(is_active));
    }
    apply(&base, ours, document);
}

fn has_profile(document: &Table, id: &str) -> bool {
    match document.get("profiles") {
        Some(Item::ArrayOfTables(profiles)) => profiles.iter().any(|profile| name_of(profile, "id") == Some(id)),
        profiles => inline_tables(profiles).iter().any(|profile| name_of(*profile, "id") == Some(id)),
    }
}

fn apply(base: &dyn TableLike, ours: &dyn TableLike, theirs: &mut dyn TableLike) {
    for (key, _) in base.iter().filter(|(key, _)| !ours.contains_key(key)) {
        theirs.remove(key);
    }
    for (key, ours) in ours.iter().filter(|(key, ours)| !is_same(base.get(key), Some(ours))) {
        let base = base.get(key);
        let Some(found) = theirs.get_mut(key) else {
            theirs.insert(key, as_blocks(ours.clone()));
            continue;
        };
        if let Some(name) = name_of_items(key) {
            let found = mem::take(found);
            theirs.insert(key, merged_items(name, base, ours, found));
        } else if let (Some(ours), Some(found)) = (ours.as_table_like(), found.as_table_like_mut()) {
            if key == WHOLE {
                found.clear();
            }
            let base = base.and_then(Item::as_table_like).filter(|_| key != WHOLE);
            apply(base.unwrap_or(&Table::new()), ours, found);
        } else if let (Some(ours), Some(found)) = (ours.as_value(), found.as_value_mut()) {
            let decor = mem::take(found.decor_mut());
            *found = ours.clone();
            *found.decor_mut() = decor;
        } else {
            theirs.insert(key, as_blocks(ours.clone()));
        }
    }
}

/// The serializer gives equal values equal texts.
fn is_same(one: Option<&Item>, other: Option<&Item>) -> bool {
    one.map(ToString::to_string) == other.map(ToString::to_string)
}

/// The key that tells the items of a list apart, where one does: then two programs may change different items.
fn name_of_items(list: &str) -> Option<&'static str> {
    match list {
        "profiles" => Some("id"),
        "columns" => Some("key"),
        "saved_views" => Some("name"),
        "suspensions" => Some("schedule"),
        _ => None,
    }
}

fn name_of<'a>(item: &'a dyn TableLike, name: &str) -> Option<&'a str> {
    item.get(name).and_then(Item::as_str)
}

fn inline_tables(list: Option<&Item>) -> Vec<&InlineTable> {
    let values = list.and_then(Item::as_array).into_iter().flatten();
    values.filter_map(Value::as_inline_table).collect()
}

/// Items by their names, in the order of the file unless they were moved here; then those that are new on the other side.
fn merged_items(name: &str, base: Option<&Item>, ours: &Item, theirs: Item) -> Item {
    let (base, ours) = (inline_tables(base), inline_tables(Some(ours)));
    let mut theirs: Vec<Table> = theirs.into_array_of_tables().map_or_else(|_empty| Vec::new(), Vec::from_iter);
    let ids = ids_in_order(name, &base, &ours, &theirs);
    let (mut merged, nothing) = (ArrayOfTables::new(), Table::new());
    for id in &ids {
        let find = |items: &[&InlineTable]| {
            let item = items.iter().find(|item| name_of(**item, name) == Some(id))?;
            Some(Item::Value((*item).clone().into()))
        };
        let (base, ours) = (find(&base), find(&ours));
        let at = theirs.iter().position(|item| name_of(item, name) == Some(id));
        let mut theirs = at.map(|at| theirs.swap_remove(at));
        if !is_same(base.as_ref(), ours.as_ref()) {
            let base = base.as_ref().and_then(Item::as_table_like).unwrap_or(&nothing);
            match (&ours, &mut theirs) {
                (Some(Item::Value(Value::InlineTable(ours))), Some(theirs)) => apply(base, ours, theirs),
                (ours, theirs) => *theirs = ours.clone().and_then(|item| as_blocks(item).into_table().ok()),
            }
        }
        merged.extend(theirs);
    }
    merged.iter_mut().for_each(forget_position);
    Item::ArrayOfTables(merged)
}

fn ids_in_order(name: &str, base: &[&InlineTable], ours: &[&InlineTable], theirs: &[Table]) -> Vec<String> {
    let names = |items: &[&InlineTable]| -> Vec<String> {
        items.iter().filter_map(|item| name_of(*item, name)).map(str::to_owned).collect()
    };
    let (base, ours) = (names(base), names(ours));
    let theirs: Vec<String> = theirs.iter().filter_map(|item| name_of(item, name)).map(str::to_owned).collect();
    let was_moved = !ours.iter().filter(|id| base.contains(id)).eq(base.iter().filter(|id| ours.contains(id)));
    let (mut ids, added) = if was_moved { (ours, theirs) } else { (theirs, ours) };
    for id in added {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// The order of the list decides where its tables go, not where they were in the file.
fn forget_position(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_position(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_position),
            Item::Value(_) | Item::None => {}
        }
    }
}

/// Tables with headers in place of the inline ones that the serializer makes.
fn as_blocks(item: Item) -> Item {
    let item = item.into_table().map_or_else(identity, Item::Table);
    let mut item = item.into_array_of_tables().map_or_else(identity, Item::ArrayOfTables);
    let inner = |table: &mut Table| {
        for (_, item) in table.iter_mut() {
            *item = as_blocks(mem::take(item));
        }
    };
    match &mut item {
        Item::Table(table) => inner(table),
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(inner),
        Item::Value(_) | Item::None => {}
    }
    item
}

#[cfg(test)]
mod tests {
    use toml::Table;
    use toml_edit::DocumentMut;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    /// The settings after the merge, which the document holds also when it is read again.
    fn settings(base: &Table, ours: &Table, theirs: &Table) -> Table {
        let mut document: DocumentMut = toml::to_string(theirs).unwrap().parse().unwrap();
        let serialized = |table| toml_edit::ser::to_document(table).unwrap();
        super::settings(&serialized(base), &serialized(ours), &mut document);
        table(&document.to_string())
    }

    #[test]
    fn the_changes_of_both_are_kept_and_ours_win_where_both_changed_one_value() {
        let base = table("a = 1\nb = 1\nc = 1\n[p]\nx = 1\ny = 1\n[window]\nwidth = 1\nx = 1");
        let ours = table("a = 2\nb = 1\nc = 2\n[p]\nx = 2\ny = 1\n[window]\nwidth = 2\nx = 1");
        let theirs = table("a = 1\nb = 3\nc = 3\nnew = 3\n[p]\nx = 1\ny = 3\n[window]\nwidth = 1\nx = 3");
        let expected = table("a = 2\nb = 3\nc = 2\nnew = 3\n[p]\nx = 2\ny = 3\n[window]\nwidth = 2\nx = 1");
        assert_eq!(settings(&base, &ours, &theirs), expected);
    }

    #[test]
    fn what_was_taken_away_stays_away_unless_the_other_changed_it_here() {
        let base = table("a = 1\nb = 1\nc = 1");
        assert_eq!(settings(&base, &table("b = 1\nc = 2"), &table("a = 1")), table("c = 2"));
    }

    #[test]
    fn profiles_are_told_apart_by_their_ids() {
        let base = table("profiles = [{id='a',n=1,m=1},{id='b',n=1},{id='c',n=1}]");
        let ours = table("profiles = [{id='a',n=2,m=1},{id='c',n=1},{id='ours',n=2}]");
        let theirs = table("profiles = [{id='b',n=1},{id='theirs',n=3},{id='a',n=1,m=3}]");
        let expected = table("profiles = [{id='theirs',n=3},{id='a',n=2,m=3},{id='ours',n=2}]");
        assert_eq!(settings(&base, &ours, &theirs), expected);
    }

    #[test]
    fn columns_that_both_changed_keep_both_changes_and_the_order_of_who_moved_them() {
        let base = table("[t]\ncolumns = [{key='a',w=1},{key='b',w=1},{key='c',w=1}]");
        let wider = table("[t]\ncolumns = [{key='a',w=2},{key='b',w=1},{key='c',w=1}]");
        let moved = table("[t]\ncolumns = [{key='c',w=1},{key='a',w=1},{key='b',w=3}]");
        let both = table("[t]\ncolumns = [{key='c',w=1},{key='a',w=2},{key='b',w=3}]");
        assert_eq!(settings(&base, &wider, &moved), both);
        assert_eq!(settings(&base, &moved, &wider), both);
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
        assert_eq!(settings(&base, &ours, &base), ours);
        assert_eq!(settings(&base, &base, &ours), ours);
    }
}
