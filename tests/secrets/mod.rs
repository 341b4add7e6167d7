//! The rules for secrets, S1 to S22: each with the tests that hold it. A rule whose test does not exist does not compile.
//!
//! What is left in memory and on disk after a run of the real window is looked for by `scripts/scan`.

mod child;
mod disk;
mod keyring;
mod log;
mod process;
mod screen;
mod source;
mod wire;

use crate::support::traces::Search;

/// The names of the forms of a secret of which there is a trace in these bytes.
fn traces(secret: &str, bytes: &[u8]) -> Vec<String> {
    let mut forms: Vec<String> =
        Search::new([("", secret)]).traces(bytes).into_iter().map(|trace| trace.form).collect();
    forms.dedup();
    forms
}

/// Makes the table of all rules, and a test of each line: `secrets::rules::<rule>::<test>`.
macro_rules! rules {
    ($($rule:ident $promise:literal { $($room:ident::$test:ident;)+ })*) => {
        /// Number and promise of every rule.
        const RULES: &[(&str, &str)] = &[$((stringify!($rule), $promise),)*];

        mod rules {
            $(mod $rule {
                $(#[test]
                fn $test() {
                    super::super::$room::$test();
                })+
            })*
        }
    };
}

rules! {
    s1 "One owner of the key; nothing clones, prints or writes it" {
        source::the_key_cannot_be_cloned_printed_or_written;
    }
    s2 "The header is made for each request, marked as sensitive, and dropped with it" {
        wire::each_request_carries_the_key_and_no_debug_text_does;
        source::the_lints_forbid_what_would_show_a_key_or_trust_a_stranger;
    }
    s3 "Memory is wiped when it is freed" {
        child::nothing_stays_in_memory_of_what_was_used;
    }
    s4 "The keyring's bytes are wiped after reading" {
        child::nothing_stays_in_memory_of_what_the_keyring_gave;
    }
    s5 "The key field hides and clears its text, and no screen reader gets it" {
        screen::the_key_field_keeps_nothing_and_shows_nothing;
    }
    s6 "No key goes into the clipboard" {
        screen::the_clipboard_gets_no_key;
    }
    s7 "No key on a command line; the variable is read once and inherited by nobody" {
        process::the_key_of_the_environment_is_inherited_by_nobody;
        process::the_command_line_takes_no_key;
    }
    s8 "https only but for this computer; a key is bound to scheme, host and port" {
        wire::addresses_that_would_carry_the_key_elsewhere_are_refused;
        keyring::a_key_is_bound_to_scheme_host_and_port;
    }
    s9 "No redirects, no referrer, no cookies; proxies only for https, and they see no key" {
        wire::no_redirect_gets_a_byte;
        wire::a_proxy_sees_the_name_of_the_host_and_nothing_else;
    }
    s10 "Trust is the system's, and no switch turns it off" {
        source::the_lints_forbid_what_would_show_a_key_or_trust_a_stranger;
    }
    s11 "The log has method, path template, status, time, attempt and trace id, and nothing else of a request" {
        log::at_its_loudest_it_holds_no_query_no_body_and_no_header;
    }
    s12 "The log leaves out every secret in use in every form" {
        log::every_form_of_a_living_secret_is_left_out;
    }
    s13 "Errors are in our own words, and hold no secret that a server echoed" {
        wire::no_error_holds_what_the_server_sent_back;
        wire::no_cut_leaves_a_part_of_the_key;
        source::no_foreign_error_is_printed_with_its_insides;
    }
    s14 "No core file, and no look into the memory" {
        process::a_crash_leaves_no_core_file;
    }
    s15 "A panic shows its location and fixed words" {
        log::a_panic_tells_its_place_and_not_what_it_held;
    }
    s16 "One entry per origin and profile, read back after writing, deleted only when asked" {
        keyring::each_origin_has_its_entry_and_a_write_is_read_back;
    }
    s17 "Without a keyring the key is in memory only" {
        disk::without_a_keyring_no_file_holds_the_key;
    }
    s18 "Missing, locked, denied, absent, damaged and late are distinguished, and none of them changes the entry" {
        keyring::each_trouble_has_its_words_and_leaves_the_entry_alone;
    }
    s19 "Signing out drops the key and all that was read, and asks about the entry in the keyring" {
        screen::signing_out_asks_about_the_keyring_and_drops_the_rest;
    }
    s20 "Exports and settings hold only the fields on their lists" {
        disk::settings_and_exports_hold_no_secret;
        disk::a_secret_in_a_pack_is_found;
    }
    s21 "Settings and records are for this user only" {
        disk::what_is_written_is_for_this_user_only;
    }
    s22 "Every dependency is locked, with its checksum, from one registry" {
        source::every_dependency_is_locked_with_its_checksum;
    }
}

#[test]
fn the_table_in_the_documents_is_this_one() {
    let numbers: Vec<String> = RULES.iter().map(|(rule, _)| rule.to_uppercase()).collect();
    assert_eq!(numbers, (1..=22).map(|number| format!("S{number}")).collect::<Vec<_>>());
    let text = include_str!("../../docs/testing.md");
    for (number, (_, promise)) in numbers.iter().zip(RULES) {
        let row = format!("| {number} | {promise} | ");
        let line = text.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("docs/testing.md: {row}"));
        let [tested, figure] = line[row.len()..].trim_end_matches(" |").split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        assert!(!tested.is_empty() && !figure.is_empty(), "{line}");
    }
}
