//! HTTP on 127.0.0.1: the listener, the one handler, and the way to cut a connection.
//!
//! The handler shares a switch with its connection. A thrown switch makes the next write fail, upon which the HTTP layer
//! drops the connection: the client sees it close, as if the wire had been cut.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{DefaultBodyLimit, Query as UrlQuery, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::answer::Query;
use super::faults::Ending;
use super::response::DemoResponse;
use super::state::RecordedRequest;
use super::world::World;

/// Longest body of a request; a schedule with credentials is far below.
const MOST_BODY_BYTES: usize = 64 * 1024;
/// Connections open at once. The next ones wait until one of them is closed.
const MOST_CONNECTIONS: usize = 64;

/// Opens a free port of 127.0.0.1 and serves the world there until aborted.
pub(super) async fn start(world: World) -> io::Result<(u16, AbortHandle)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let router = Router::new().fallback(handle).layer(DefaultBodyLimit::max(MOST_BODY_BYTES)).with_state(world.clone());
    let service = router.into_make_service_with_connect_info::<Switch>();
    let serving = async move {
        // It ends only when it is aborted.
        let _ended =
            axum::serve(WorldListener { listener, world, places: Arc::new(Semaphore::new(MOST_CONNECTIONS)) }, service)
                .await;
    };
    Ok((port, tokio::spawn(serving).abort_handle()))
}

async fn handle(
    State(world): State<World>,
    ConnectInfo(switch): ConnectInfo<Switch>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // A web page whose name was made to lead here must not read or change anything.
    if !headers.get(HOST).is_some_and(is_this_computer) {
        return response(DemoResponse::empty(421));
    }
    let request = RecordedRequest {
        method: method.as_str().to_owned(),
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
    };
    let query = UrlQuery::<Vec<(String, String)>>::try_from_uri(&uri).map(|UrlQuery(pairs)| pairs).unwrap_or_default();
    let reply = world.handle(request, &Query(query));
    if reply.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
    }
    match reply.ending {
        Ending::DemoResponse => {}
        Ending::DropBefore | Ending::DropAfter => switch.set(Cut::Now),
        Ending::CutBody => switch.set(Cut::InBody(reply.answer.body.len() / 2)),
    }
    // The clock of the service is that of its world, which may have been moved.
    let date = world.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    response(reply.answer.with_header("date", &date))
}

/// True for the names of this computer, with any port: a test may stand in between.
fn is_this_computer(host: &HeaderValue) -> bool {
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn response(answer: DemoResponse) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// When a connection breaks.
#[derive(Clone, Copy, Debug, Default)]
enum Cut {
    #[default]
    Never,
    /// Before another byte is written.
    Now,
    /// After this many bytes of the body, counted from the end of the head.
    InBody(usize),
    /// After this many bytes.
    After(usize),
}

/// The switch that a connection and its handler share.
#[derive(Clone, Debug, Default)]
struct Switch(Arc<Mutex<Cut>>);

impl Switch {
    fn set(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    fn get(&self) -> Cut {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, WorldListener>> for Switch {
    fn connect_info(stream: IncomingStream<'_, WorldListener>) -> Self {
        stream.io().switch.clone()
    }
}

/// Accepts connections, and closes them at once while the world is offline.
struct WorldListener {
    listener: TcpListener,
    world: World,
    places: Arc<Semaphore>,
}

impl Listener for WorldListener {
    type Io = LoggedLine;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (LoggedLine, Self::Addr) {
        // The semaphore is never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if !self.world.refuses_connection() {
                // Small answers must not wait for the acknowledgement of the one before; where it fails they are just slower.
                let _set = stream.set_nodelay(true);
                return (LoggedLine { stream, switch: Switch::default(), _place: place }, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection that can be cut.
struct LoggedLine {
    stream: TcpStream,
    switch: Switch,
    /// Released when the connection ends.
    _place: Option<OwnedSemaphorePermit>,
}

impl AsyncRead for LoggedLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for LoggedLine {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match self.switch.get() {
            Cut::Never => return Pin::new(&mut self.stream).poll_write(context, bytes),
            Cut::Now => 0,
            Cut::After(left) => left,
            // The head is written in one piece, at the beginning.
            Cut::InBody(body_bytes) => {
                bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |end| end + 4) + body_bytes
            }
        };
        let Some(part) = bytes.get(..allowed.min(bytes.len())).filter(|part| !part.is_empty()) else {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        };
        let written = Pin::new(&mut self.stream).poll_write(context, part);
        if let Poll::Ready(Ok(count)) = written {
            self.switch.set(Cut::After(allowed.saturating_sub(count)));
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
