//! Finds the route of a request, checks the key, and turns refusals into error bodies.

use super::answer::{HttpError, Query};
use super::faults::FaultyStream;
use super::response::DemoResponse;
use super::state::{RecordedRequest, State};
use super::{routes_backups, routes_schedules, routes_services};

const BACKUPS: [&str; 3] = ["skybackup", "v1", "backups"];

/// Answers the request. Anything that it changes is changed when this returns.
pub(super) fn answer(state: &mut State, request: &RecordedRequest, query: &Query, wire: &FaultyStream) -> DemoResponse {
    if request.header("x-api-key") != Some(state.key.as_str()) {
        return DemoResponse::empty(401);
    }
    match route(state, request, query, wire) {
        Ok(answer) => answer,
        Err(refusal) => {
            let trace_id = state.new_trace_id();
            refusal.answer(&request.path, state.now(), &trace_id)
        }
    }
}

/// Whether the path is one of a list, which may be slow.
pub(super) fn is_list(path: &str) -> bool {
    ["/skybackup/v1/backups", "/skybackup/v1/backups/schedules", "/provisioning/v1/services"].contains(&path)
}

fn route(
    state: &mut State,
    request: &RecordedRequest,
    query: &Query,
    wire: &FaultyStream,
) -> Result<DemoResponse, HttpError> {
    let segments: Vec<String> = request.path.trim_matches('/').split('/').map(decoded).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = request.method.as_str();
    if let Some(rest) = segments.strip_prefix(&BACKUPS) {
        return match (method, rest) {
            ("GET", []) => routes_backups::list(state, query, wire),
            ("GET", ["schedules"]) => routes_schedules::list(state, query, wire),
            ("POST", ["schedules"]) => routes_schedules::create(state, &request.body),
            ("GET", ["schedules", id]) => routes_schedules::get(state, id),
            ("PATCH", ["schedules", id]) => routes_schedules::update(state, id, &request.body),
            ("DELETE", ["schedules", id]) => routes_schedules::delete(state, id),
            ("GET", [service_id]) => routes_backups::of_service(state, service_id, wire),
            (_, [] | [_] | ["schedules", _]) => Err(not_allowed(method)),
            _ => Err(HttpError::not_found("no such route")),
        };
    }
    match (method, segments.as_slice()) {
        ("GET", ["provisioning", "v1", "services"]) => routes_services::list(state, query),
        ("GET", ["provisioning", "v1", "services", id]) => routes_services::get(state, id),
        ("GET", ["provisioning", "v1", "versions"]) => routes_services::versions(query),
        (_, ["provisioning", "v1", "services" | "versions"]) => Err(not_allowed(method)),
        _ => Err(HttpError::not_found("no such route")),
    }
}

fn not_allowed(method: &str) -> HttpError {
    HttpError { status: 405, message: format!("method {method} is not allowed here") }
}

/// The segment with its percent signs resolved; broken ones stay as they are.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.first_chunk::<2>().and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_resolved() {
        for (from, to) in [("dbpgf1", "dbpgf1"), ("a%3Ab", "a:b"), ("%E2%82%AC", "€"), ("100%", "100%"), ("%zz", "%zz")]
        {
            assert_eq!(decoded(from), to);
        }
    }
}
