//! The fault matrix: every fault this app has to survive, really made, one row each.
//!
//! A row without a case does not compile, and a case without a proof fails. A proof is what the window says, which calls reached
//! the service, how many schedules the service has afterwards, and that no frame of the window was held up.

#![cfg(target_os = "linux")]

mod haproxy;
mod listing;
mod restoring;
mod stage;

use stage::Case;

/// Makes the table of all rows and a test of each: `tests::<section>::<row>` runs the function `<section>::<row>`.
macro_rules! matrix {
    ($($section:ident $title:literal { $($row:ident $fault:literal;)* })*) => {
        $(mod $section;)*

        /// Section and fault of every row.
        const ROWS: &[(&str, &str)] = &[$($(($title, $fault),)*)*];

        mod rows {
            $(mod $section {
                $(#[test]
                fn $row() {
                    let name = concat!("faults::rows::", stringify!($section), "::", stringify!($row));
                    super::super::Case::prove(name, super::super::$section::$row);
                })*
            })*
        }
    };
}

matrix! {
    connection "2.1 Connection" {
        dns_failure "DNS failure";
        refused "Refused";
        connect_timeout "Connect timeout";
        distrusted_certificates "TLS unknown issuer, wrong name, expired";
        plain_http_on_an_https_port "Plain http response on an https port";
        header_stall "Header stall";
        slow_loris_body "Slow-loris body";
        reset_or_close_mid_body "Reset or close mid body";
        close_before_any_response "Close before any response on a reused connection";
        http2_refused_stream "HTTP/2 stream refused, once or always";
        http2_go_away "HTTP/2 GOAWAY below, at or above the request, or with an error";
        dead_connection_after_sleep "Dead pooled connection after sleep";
        redirects "Redirect, any kind, same or other host";
        proxy_or_sign_in_page "Proxy asks for a login, captive portal";
        proxy_refuses "Proxy refuses CONNECT: 403, 500, 503, nothing";
    }
    body "2.2 Body and data" {
        html_with_200 "HTML with 200";
        json_as_text "JSON with the wrong type text/plain";
        truncated_or_empty "Truncated JSON, empty 200 body";
        invalid_utf8 "Invalid UTF-8";
        byte_order_mark "BOM before JSON";
        bombs_and_huge_bodies "gzip bomb, huge body, no length";
        corrupt_gzip "Corrupt gzip";
        other_codings "Codings not asked for, two gzip members";
        deep_nesting "Deep nesting";
        missing_null_extra "Missing, null and extra fields";
        odd_numbers "Number as string, 1.0, beyond i64, -0, empty";
        duplicate_keys "Duplicate JSON key";
        array_for_object "JSON array where an object is expected";
        one_bad_row "One bad row";
        unknown_words "Unknown enum value";
        odd_dates "Odd dates";
        odd_characters "Control, bidi, zero-width and 1 MB text in names";
    }
    paging "2.3 Paging" {
        page_counts_that_lie "pages_count is 0, negative, 1e6, missing or text";
        repeating_page "Page repeats";
        empty_page_forever "Empty page for ever";
        shifting_rows "Rows shift, duplicate ids";
        skipped_row "Rows shift, a row is skipped";
        failing_page "A page fails in the middle";
        light_refresh "List moves between light refreshes";
        unsupported_filter "Filter unsupported (type=snapshot)";
    }
    status "2.4 Status codes" {
        bad_request "400, 422";
        unauthorized "401";
        forbidden "403";
        not_found "404";
        conflict "409";
        precondition "412";
        too_many_requests "429";
        server_error "500";
        gateway_errors "502, 504, 408";
        unavailable "503";
        oddities "501, 505, 3xx, 1xx oddities";
        revoked_in_the_middle "Key revoked in the middle";
        odd_retry_after "Retry-After: 3600, -1, abc, 1e20, past and far date";
    }
    lifecycle "2.5 Clock, power, lifecycle" {
        wrong_clock "Clock wrong by hours";
        sleep_and_resume "Sleep and resume";
        offline_then_online "Offline, then online";
        closed_while_reading "Window closed, GET in flight";
        closed_while_writing "Window closed, write in flight";
        double_click "Double click, Enter held";
        worker_panics "Worker task panics";
        window_panics "UI panics";
        two_instances "Two instances";
    }
    keyring "2.6 Keyring" {
        no_bus "No D-Bus";
        no_service "Service missing";
        locked "Locked, prompt cannot show";
        prompt_open "Prompt open";
        frozen "Service frozen";
        no_collection "No default collection";
        denied "Denied";
        network_logon "Windows network logon";
        damaged "Corrupt or not UTF-8";
        two_entries "Two matching entries";
        too_long "Too long";
        deleted_outside "Entry deleted outside";
        not_kept "Saved but unreadable";
    }
    files "2.7 Files" {
        disk_full "Disk full at export";
        folder_read_only_or_gone "Folder read-only, gone";
        link_device_folder "Target is a link, device or folder";
        files_in_the_way "Files exist where the export goes";
        no_file_dialog "No file dialog";
        settings_corrupt "Settings corrupt";
        settings_newer "Settings from a newer version";
    }
    key_text "2.8 Key text" {
        blanks_at_the_ends "Spaces, LF, CRLF, BOM, NBSP, zero-width at the ends";
        blanks_inside "The same inside, tab, curly quotes, non-ASCII, control";
        prefixes_and_commands "X-API-Key, Bearer, quoted, a whole curl line";
        empty_short_long "Empty, under 16, over 1,024 characters";
        wrong_key "Valid form, wrong key";
        last_characters "Last 4 characters shown";
    }
}

/// Faults that Linux cannot make, and the reason.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "2.6 Keyring",
        "Windows roaming",
        "the Windows store gets persistence=Local (settings/keyring.rs); only Windows has roaming profiles",
    ),
    ("2.7 Files", "Target open in Excel", "only Windows refuses to replace a file that another program holds open"),
    ("2.7 Files", "Antivirus holds the file", "only Windows refuses to replace a file that another program holds open"),
];

#[test]
fn the_table_in_the_documents_is_this_one() {
    let text = include_str!("../../docs/testing.md");
    let in_document: Vec<&str> = text.lines().filter(|line| line.starts_with("| 2.")).collect();
    let rows = ROWS.iter().map(|(section, fault)| format!("| {section} | {fault} |"));
    let elsewhere =
        ELSEWHERE.iter().map(|(section, fault, why)| format!("| {section} | {fault} | not on Linux: {why} |"));
    let mut expected: Vec<String> = rows.chain(elsewhere).collect();
    expected.sort();
    let mut found: Vec<String> = in_document.iter().map(|line| (*line).to_owned()).collect();
    found.sort();
    for (row, line) in expected.iter().zip(&found) {
        assert!(line.starts_with(row.as_str()), "docs/testing.md should have the row {row}, and has {line}");
    }
    assert_eq!(found.len(), expected.len(), "rows in docs/testing.md");
    let unexplained: Vec<&String> = found.iter().filter(|line| line.ends_with("| |")).collect();
    assert_eq!(unexplained, Vec::<&String>::new(), "what these rows prove");
}

#[test]
fn the_tests_of_restores_that_the_documents_name_are_there() {
    let sources = [
        ("api::retry::", include_str!("../../src/api/retry.rs")),
        ("faults::rows::connection::", include_str!("connection.rs")),
        ("faults::rows::lifecycle::", include_str!("lifecycle.rs")),
        ("faults::rows::status::", include_str!("status.rs")),
        ("flows::backend::", include_str!("../flows/backend.rs")),
        ("flows::restore::", include_str!("../flows/restore.rs")),
        ("views::restores::", include_str!("../views/restores.rs")),
    ];
    let text = include_str!("../../docs/testing.md");
    let section = text.split("### Restores").nth(1).unwrap().split("\n#").next().unwrap();
    let named: Vec<&str> = section.split('`').filter(|name| name.contains("::")).collect();
    assert!(named.len() > 15, "{named:?}");
    for name in named {
        let source = sources.iter().find(|(module, _)| name.starts_with(module));
        let (_, source) = source.unwrap_or_else(|| panic!("no such module: {name}"));
        let function = name.rsplit("::").next().unwrap();
        assert!(source.contains(&format!("fn {function}(")), "no such test: {name}");
    }
}
