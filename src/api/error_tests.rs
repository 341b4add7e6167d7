use super::*;

fn kinds() -> Vec<ErrorKind> {
    let host = || "api.skysql.com".to_owned();
    let at: Option<Timestamp> = Some("2026-09-14T02:11:42Z".parse().unwrap());
    vec![
        ErrorKind::NotSent(NotSent::HostNotFound { host: host() }),
        ErrorKind::NotSent(NotSent::Refused { host: host(), cause: "connection refused".to_owned() }),
        ErrorKind::NotSent(NotSent::Refused { host: host(), cause: String::new() }),
        ErrorKind::NotSent(NotSent::ConnectTimeout { host: host() }),
        ErrorKind::NotSent(NotSent::ProxyRefused { host: host() }),
        ErrorKind::ReadOnly,
        ErrorKind::KeyRefused,
        ErrorKind::Forbidden,
        ErrorKind::NotFound,
        ErrorKind::Conflict,
        ErrorKind::Rejected,
        ErrorKind::TooManyRequests { retry_at: None },
        ErrorKind::TooManyRequests { retry_at: at },
        ErrorKind::Server { retry_at: None },
        ErrorKind::Server { retry_at: at },
        ErrorKind::Lost,
        ErrorKind::TimedOut,
        ErrorKind::Certificate { host: host(), reason: "it has expired".to_owned() },
        ErrorKind::Redirected { host: host() },
        ErrorKind::Redirected { host: String::new() },
        ErrorKind::NotJson { host: host(), content_type: "text/html".to_owned() },
        ErrorKind::NotJson { host: host(), content_type: String::new() },
        ErrorKind::UnknownCoding { coding: "deflate".to_owned() },
        ErrorKind::Unreadable,
        ErrorKind::Incomplete { why: "Page 2 could not be read".to_owned() },
        ErrorKind::NotUtf8 { at: 17 },
        ErrorKind::TooLarge,
        ErrorKind::CancelledBeforeSend,
        ErrorKind::JournalWriteFailed { reason: "The disk is full".to_owned() },
        ErrorKind::Setup,
        ErrorKind::Internal,
    ]
}

#[test]
fn each_kind_says_what_happened_in_words_of_its_own() {
    for operation in Operation::ALL {
        let mut sentences: Vec<String> =
            kinds().into_iter().map(|kind| ApiError::new(kind, operation).sentence()).collect();
        for text in &sentences {
            assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('{'), "{text}");
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), kinds().len(), "{operation:?}");
        for kind in kinds() {
            let advice = ApiError::new(kind, operation).advice();
            assert!(!advice.is_empty() && !advice.ends_with('.'), "{advice}");
        }
    }
}

#[test]
fn only_a_change_that_may_have_arrived_is_of_unknown_outcome() {
    let unknown = |operation| {
        let errors = kinds().into_iter().map(|kind| ApiError { attempts: 1, ..ApiError::new(kind, operation) });
        errors.filter(ApiError::outcome_unknown).map(|error| error.kind).collect::<Vec<_>>()
    };
    assert_eq!(unknown(Operation::ListBackups), []);
    let retry_at = Some("2026-09-14T02:11:42Z".parse().unwrap());
    let want = [
        ErrorKind::Server { retry_at: None },
        ErrorKind::Server { retry_at },
        ErrorKind::Lost,
        ErrorKind::TimedOut,
        ErrorKind::UnknownCoding { coding: "deflate".to_owned() },
        ErrorKind::Unreadable,
        ErrorKind::NotUtf8 { at: 17 },
        ErrorKind::TooLarge,
        ErrorKind::Internal,
    ];
    assert_eq!(unknown(Operation::CreateSchedule), want);
}

#[test]
fn a_clock_time_of_another_day_names_the_day() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let cases = [
        ("2026-11-27T23:42:00Z", "2026-11-27T23:40:00Z", "23:42 UTC"),
        ("2026-11-28T23:42:00Z", "2026-11-27T23:44:00Z", "23:42 UTC on Sat 28 Nov"),
        ("2026-11-28T00:10:00Z", "2026-11-27T23:44:00Z", "00:10 UTC on Sat 28 Nov"),
    ];
    for (until, now, want) in cases {
        assert_eq!(clock(at(until), at(now)), want);
    }
}

#[test]
fn advice_follows_what_was_done_and_what_the_service_said() {
    let advice = |kind, operation, message: &str| {
        ApiError { message: Some(message.to_owned()), ..ApiError::new(kind, operation) }.advice()
    };
    let wait = "Wait until the service is ready, then try again";
    for message in ["service is in pending_scale state", "Service is not ready"] {
        assert_eq!(advice(ErrorKind::Rejected, Operation::CreateSchedule, message), wait);
        assert_eq!(advice(ErrorKind::Conflict, Operation::CreateSchedule, message), wait);
    }
    assert!(advice(ErrorKind::Rejected, Operation::CreateSchedule, "bad cron").starts_with("Correct what"));
    assert!(advice(ErrorKind::KeyRefused, Operation::Probe, "").starts_with("Check that you copied all of it"));
    assert!(advice(ErrorKind::KeyRefused, Operation::ListBackups, "").ends_with("was not removed"));
}
