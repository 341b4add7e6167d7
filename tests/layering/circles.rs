//! No circle between the files of a module: whoever reads one file finds an order in which to read the others.
//!
//! A file uses another where it names something that is defined there, also by way of a `pub use`. What a `mod.rs` only passes on
//! counts only for the file that uses it. A `mod.rs` holds what its folder shares, so that its files may use it although it uses
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::source::{NamedPath, read};
use super::{files_below, module_of};

type Paths = BTreeMap<String, Vec<NamedPath>>;

/// Every circle of a crate given as paths below `src` and texts: the files that all lead to each other.
fn circles(files: &[(String, String)]) -> Vec<BTreeSet<String>> {
    let paths: Paths = files
        .iter()
        .map(|(path, text)| {
            let module = module_of(path);
            (module.join("::"), read(text, &module).paths)
        })
        .collect();
    let uses: BTreeMap<&str, BTreeSet<String>> =
        paths.keys().map(|file| (file.as_str(), reached(&paths, &used_by(&paths, file)))).collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for (file, reached) in &uses {
        let circle: BTreeSet<String> =
            reached.iter().filter(|other| uses[other.as_str()].contains(*file)).cloned().collect();
        if circle.contains(*file) && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

/// All files that can be come to from these.
fn reached(paths: &Paths, from: &BTreeSet<String>) -> BTreeSet<String> {
    let (mut reached, mut waiting) = (from.clone(), Vec::from_iter(from.clone()));
    while let Some(file) = waiting.pop() {
        waiting.extend(used_by(paths, &file).into_iter().filter(|next| reached.insert(next.clone())));
    }
    reached
}

/// The files of the same module whose items this file names itself.
fn used_by(paths: &Paths, file: &str) -> BTreeSet<String> {
    let own = paths[file].iter().filter(|path| path.exported_as.is_none());
    let found = own.filter_map(|path| defined_in(paths, &absolute(paths, file, &path.segments)?));
    found.filter(|other| is_beside(file, other)).collect()
}

/// In the same module, and not the `mod.rs` of a folder that the file is in.
fn is_beside(file: &str, other: &str) -> bool {
    let is_own_folder = file == other || file.starts_with(&format!("{other}::"));
    !is_own_folder && other.split("::").next() == file.split("::").next()
}

/// The segments below the crate; `None` for a path into another crate.
fn absolute(paths: &Paths, file: &str, segments: &[String]) -> Option<Vec<String>> {
    let (first, rest) = segments.split_first()?;
    if first == "crate" {
        return Some(rest.to_vec());
    }
    // `use parse::Cron` in a `mod.rs` starts at its own child.
    let here: Vec<String> = file.split("::").map(str::to_owned).chain(segments.iter().cloned()).collect();
    paths.contains_key(&format!("{file}::{first}")).then_some(here)
}

/// The file that defines an item, through every `pub use` on the way.
fn defined_in(paths: &Paths, segments: &[String]) -> Option<String> {
    let depth = (1..=segments.len()).rev().find(|depth| paths.contains_key(&segments[..*depth].join("::")))?;
    let file = segments[..depth].join("::");
    let Some(item) = segments.get(depth) else { return Some(file) };
    let passed_on = paths[&file].iter().find(|path| path.exported_as.as_ref() == Some(item));
    let Some(target) = passed_on.and_then(|path| absolute(paths, &file, &path.segments)) else { return Some(file) };
    defined_in(paths, &target.into_iter().chain(segments[depth + 1..].iter().cloned()).collect::<Vec<_>>())
}

#[test]
fn no_files_of_a_module_use_each_other_in_a_circle() {
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    let found = circles(&files);
    assert!(found.is_empty(), "{} circles: {found:#?}", found.len());
}

/// The checker itself: made-up crates, and the circles in them.
#[test]
fn made_up_circles_are_seen() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a [&'a str]]);
    let cases: &[Case<'_>] = &[
        (&[("a/x.rs", "use super::y::Y;"), ("a/y.rs", "struct Y;")], &[]),
        (&[("a/x.rs", "use super::y::Y;"), ("a/y.rs", "use crate::a::x::X;")], &[&["a::x", "a::y"]]),
        // By way of the parent, which only passes the item on.
        (
            &[("a/mod.rs", "pub use y::Y as Other;"), ("a/x.rs", "use super::Other;"), ("a/y.rs", "use super::x::X;")],
            &[&["a::x", "a::y"]],
        ),
        (&[("a/mod.rs", "pub use x::X; pub(crate) use y::Y;"), ("a/x.rs", "use super::Y;"), ("a/y.rs", "")], &[]),
        // Longer ones, and the path in the code.
        (
            &[("a/x.rs", "use super::y::Y;"), ("a/y.rs", "use super::z::Z;"), ("a/z.rs", "fn f() { super::x::f(); }")],
            &[&["a::x", "a::y", "a::z"]],
        ),
        // A folder's own `mod.rs` is no circle, that of the folder beside it is.
        (&[("a/mod.rs", "use x::X;"), ("a/x.rs", "use super::A;")], &[]),
        (&[("a/x.rs", "use super::y::Y;"), ("a/y/mod.rs", ""), ("a/y/z.rs", "use super::super::x::X;")], &[]),
        (
            &[("a/x.rs", "use super::y::Y;"), ("a/y/mod.rs", "use z::Z;"), ("a/y/z.rs", "use crate::a::x::X;")],
            &[&["a::x", "a::y", "a::y::z"]],
        ),
        (&[("a/x.rs", "use super::y::*;"), ("a/y.rs", "use super::x::{self, X};")], &[&["a::x", "a::y"]]),
        // Other modules, tests and comments.
        (&[("a/x.rs", "use crate::b::y::Y;"), ("b/y.rs", "use crate::a::x::X;")], &[]),
        (
            &[
                ("a/x.rs", "use super::y::Y;"),
                ("a/y.rs", "// super::x::X\n#[cfg(test)]\nmod tests { use super::super::x::X; }"),
            ],
            &[],
        ),
    ];
    for (files, want) in cases {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let want: Vec<BTreeSet<String>> =
            want.iter().map(|circle| circle.iter().map(|&file| file.to_owned()).collect()).collect();
        assert_eq!(circles(&files), want, "{files:?}");
    }
}
