//! A TLS server that speaks HTTP/2 and nothing else, in front of a service that speaks HTTP/1.1: it can end a request in the ways that
//! only HTTP/2 has, before or after the service behind it had it.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Request, Response, Uri};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::tls::listen;

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// `REFUSED_STREAM`: by the letter of HTTP/2 it was not looked at.
    Refused,
    /// `GOAWAY` with this reason and last stream, then no response and the end of the connection.
    GoAway(Last, Reason),
    /// `GOAWAY` without an error and this last stream, then the response all the same.
    GoAwayThenRespond(Last),
}

/// The last stream that a `GOAWAY` says it has looked at, next to that of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    Below,
    Equal,
    Above,
}

/// What happens to which requests.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) method: Method,
    /// The service behind has the request all the same.
    pub(crate) is_passed_on: bool,
    pub(crate) ending: Ending,
    /// How many requests end so; those after them are answered.
    pub(crate) times: usize,
}

#[derive(Default)]
struct State {
    methods: Mutex<Vec<Method>>,
    rule: Mutex<Option<Rule>>,
    /// Streams of the connection that were refused.
    ended: AtomicUsize,
}

/// A running server; stops when dropped.
pub(crate) struct Http2Front {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Http2Front {
    /// Serves in front of this address.
    pub(crate) async fn start(acceptor: TlsAcceptor, behind: String) -> Self {
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let serve = move |stream| serve(stream, acceptor.clone(), behind.clone(), Arc::clone(&shared));
        let (port, task) = listen(serve).await;
        Self { port, state, task }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// From now on.
    pub(crate) fn set(&self, rule: Rule) {
        *self.state.rule.lock().unwrap() = Some(rule);
    }

    /// How often a request of this method reached this server, however it ended.
    pub(crate) fn count(&self, method: &Method) -> usize {
        self.state.methods.lock().unwrap().iter().filter(|made| *made == method).count()
    }

    /// How many requests ended in another way than by a response.
    pub(crate) fn ended(&self) -> usize {
        self.state.ended.load(Ordering::SeqCst)
    }
}

impl Drop for Http2Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    /// The rule for a request of this method, which is spent by it.
    fn take_rule(&self, method: &Method) -> Option<Rule> {
        let mut rule = self.rule.lock().unwrap();
        let rule = rule.as_mut().filter(|rule| rule.method == *method && rule.times > 0)?;
        rule.times -= 1;
        Some(rule.clone())
    }
}

/// What a request asks of its connection.
enum Order {
    /// Write this frame.
    Frame(Vec<u8>),
    /// Write this frame and close.
    LastFrame(Vec<u8>),
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, behind: String, state: Arc<State>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let mut line = Line(Arc::new(Mutex::new(stream)));
    let Ok(mut connection) = h2::server::handshake(line.clone()).await else { return };
    let (orders, mut ordered) = mpsc::unbounded_channel();
    let mut requests = JoinSet::new();
    loop {
        tokio::select! {
            next = connection.accept() => {
                let Some(Ok((request, respond))) = next else { return };
                requests.spawn(answer(request, respond, behind.clone(), Arc::clone(&state), orders.clone()));
            }
            // Between two requests nothing of a frame is left unwritten.
            Some(order) = ordered.recv() => {
                let (frame, is_last) = match order {
                    Order::Frame(frame) => (frame, false),
                    Order::LastFrame(frame) => (frame, true),
                };
                if line.write_all(&frame).await.is_err() || line.flush().await.is_err() || is_last {
                    let _gone = line.shutdown().await;
                    return;
                }
            }
        }
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    behind: String,
    state: Arc<State>,
    orders: mpsc::UnboundedSender<Order>,
) {
    let (head, body) = request.into_parts();
    let body = read(body).await;
    state.methods.lock().unwrap().push(head.method.clone());
    let rule = state.take_rule(&head.method);
    if rule.is_some() {
        state.ended.fetch_add(1, Ordering::SeqCst);
    }
    let answer = match &rule {
        Some(rule) if !rule.is_passed_on => None,
        _ => Some(pass_on(&behind, &head.method, &head.uri, &head.headers, body).await),
    };
    let stream = u32::from(respond.stream_id());
    match rule.map(|rule| rule.ending) {
        Some(Ending::Refused) => return respond.send_reset(Reason::REFUSED_STREAM),
        Some(Ending::GoAway(last, reason)) => {
            let _gone = orders.send(Order::LastFrame(go_away(last, stream, reason)));
            // The stream stays open: letting go of it would reset it before the connection ends.
            return std::future::pending().await;
        }
        Some(Ending::GoAwayThenRespond(last)) => {
            let _gone = orders.send(Order::Frame(go_away(last, stream, Reason::NO_ERROR)));
        }
        None => {}
    }
    let (head, body) = answer.unwrap().into_parts();
    let mut stream = respond.send_response(Response::from_parts(head, ()), false).unwrap();
    let _gone = stream.send_data(body, true);
}

async fn read(mut body: RecvStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(Ok(chunk)) = body.data().await {
        let _released = body.flow_control().release_capacity(chunk.len());
        bytes.extend_from_slice(&chunk);
    }
    bytes
}

/// What the service behind says.
async fn pass_on(behind: &str, method: &Method, uri: &Uri, headers: &HeaderMap, body: Vec<u8>) -> Response<Bytes> {
    #[expect(clippy::disallowed_methods, reason = "the test's own way to its service")]
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = client.request(method.clone(), format!("{behind}{path}")).body(body);
    for name in ["x-api-key", "content-type", "accept"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for name in ["content-type", "date", "retry-after"] {
        if let Some(value) = answer.headers().get(name) {
            response = response.header(name, value);
        }
    }
    response.body(answer.bytes().await.unwrap()).unwrap()
}

/// A frame of HTTP/2: three bytes of length, type 7, no flags, stream 0, then the last stream and the reason.
fn go_away(last: Last, stream: u32, reason: Reason) -> Vec<u8> {
    let last = match last {
        Last::Below => 0,
        Last::Equal => stream,
        Last::Above => 0x7fff_ffff,
    };
    let mut frame = vec![0, 0, 8, 7, 0, 0, 0, 0, 0];
    frame.extend_from_slice(&u32::to_be_bytes(last));
    frame.extend_from_slice(&u32::to_be_bytes(reason.into()));
    frame
}

/// A connection that two may write to, each whole frames.
#[derive(Clone)]
struct Line(Arc<Mutex<TlsStream<TcpStream>>>);

impl Line {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut TlsStream<TcpStream>>) -> T) -> T {
        act(Pin::new(&mut *self.0.lock().unwrap()))
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|stream| stream.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream| stream.poll_shutdown(cx))
    }
}
