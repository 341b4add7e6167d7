//! The search for traces of secrets as a program, for `scripts/scan`. It is not the program that is searched, so it never finds its own
//! copies. The secrets come on the first line of the standard input, each order on a line of its own, the result of each on a line of
//! the standard output; all as JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "support/traces.rs"]
mod traces;

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use crate::traces::{Search, forms};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// The forms of a text, as pairs of a name and of bytes in base64.
    Forms(String),
    /// The traces in bytes in base64, as triples of a secret, a form and an offset.
    Bytes(String),
    /// The traces in a file and in what is packed into it.
    File(PathBuf),
    /// The traces below a folder, as triples of a secret, a form and a path; and the number of files.
    Folder(PathBuf),
    /// The traces in the memory of a process, as triples of a secret, a form and an address; and the number of bytes.
    #[cfg(target_os = "linux")]
    Memory(u32),
}

fn main() {
    let mut lines = std::io::stdin().lock().lines();
    let first = lines.next().expect("the secrets").unwrap();
    let secrets: BTreeMap<String, String> = serde_json::from_str(&first).expect("names and texts");
    let search = Search::new(secrets.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    for line in lines {
        println!("{}", result(&search, serde_json::from_str(&line.unwrap()).expect("an order")));
    }
}

fn result(search: &Search, order: Order) -> serde_json::Value {
    let triples =
        |traces: Vec<traces::Trace>| -> Vec<_> { traces.iter().map(|t| json!([t.secret, t.form, t.at])).collect() };
    match order {
        Order::Forms(text) => forms(&text).iter().map(|(name, bytes)| json!([name, STANDARD.encode(bytes)])).collect(),
        Order::Bytes(bytes) => triples(search.traces(&STANDARD.decode(bytes).unwrap())).into(),
        Order::File(path) => triples(search.in_file(&std::fs::read(path).unwrap()).unwrap()).into(),
        Order::Folder(path) => {
            let (found, count) = search.in_folder(&path).unwrap();
            json!([found.iter().map(|(path, t)| json!([t.secret, t.form, path])).collect::<Vec<_>>(), count])
        }
        #[cfg(target_os = "linux")]
        Order::Memory(process) => {
            let (found, count) = search.in_memory(process).unwrap();
            json!([triples(found), count])
        }
    }
}
