//! The routes, and what is the same for all of them: who is answered, the date, and the bodies of refusals.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{DATE, HOST};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use super::answer::HttpError;
use super::world::SharedWorld;
use super::{
    routes_backups as backups, routes_restores as restores, routes_schedules as schedules, routes_services as services,
};

/// Longest body of a request; a schedule with credentials is far below.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The service without a listener: it answers requests that show `key`, and its time is that of `clock`. Its world has that
/// many `backups`; 0 means the default world of 14 services and about 400 backups.
pub fn router(backups: usize, key: &str, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Router {
    router_of(SharedWorld::new(backups, clock), key)
}

/// The same for a world that is there already.
pub(super) fn router_of(world: SharedWorld, key: &str) -> Router {
    Router::new()
        .route("/skybackup/v1/backups", get(backups::list))
        .route("/skybackup/v1/backups/{service_id}", get(backups::of_service))
        .route("/skybackup/v1/backups/schedules", get(schedules::list).post(schedules::create))
        .route(
            "/skybackup/v1/backups/schedules/{id}",
            get(schedules::get).patch(schedules::update).delete(schedules::delete),
        )
        .route("/skybackup/v1/restores", get(restores::list).post(restores::create))
        .route("/skybackup/v1/restores/lookup", post(restores::targets))
        .route("/skybackup/v1/restores/pointintime/lookup", get(restores::moments))
        .route("/skybackup/v1/restores/{id}", get(restores::get).delete(restores::delete))
        .route("/provisioning/v1/services", get(services::list))
        .route("/provisioning/v1/services/{id}", get(services::get))
        .route("/provisioning/v1/versions", get(services::versions))
        .fallback(async || HttpError::not_found("no such route"))
        .method_not_allowed_fallback(async |method: Method| {
            HttpError::new(StatusCode::METHOD_NOT_ALLOWED, format!("method {method} is not allowed here"))
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state((world.clone(), key.to_owned()), answer))
        .with_state(world)
}

async fn answer(State((world, key)): State<(SharedWorld, String)>, request: Request, next: Next) -> Response {
    // A web page whose name was made to lead here must not read or change anything.
    if !request.headers().get(HOST).is_some_and(is_this_computer) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let path = request.uri().path().to_owned();
    let mut response = match request.headers().get("x-api-key") {
        Some(sent) if sent.as_bytes() == key.as_bytes() => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    };
    let mut world = world.lock();
    if let Some(refusal) = response.extensions_mut().remove::<HttpError>() {
        response = refusal.response(&path, &mut world);
    }
    // The clock of the service is that of its world, which may differ from the computer's.
    let date = Timestamp::from_second(world.now()).unwrap_or_default().strftime("%a, %d %b %Y %H:%M:%S GMT");
    if let Ok(date) = HeaderValue::try_from(date.to_string()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// True for the names of this computer, with any port: a test may be in between.
fn is_this_computer(host: &HeaderValue) -> bool {
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|known| known.eq_ignore_ascii_case(name))
}
