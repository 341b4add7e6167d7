//! A TCP server that answers HTTP requests with scripted bytes: whole, cut, dripping, reset or never.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One request, as its bytes said.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Without the question mark; empty where there is none.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Which connection it came on, counted from 0.
    pub(crate) connection: usize,
}

impl RawRequest {
    fn read(head: &str, body: &[u8], connection: usize) -> Self {
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split(' ');
        let method = first.next().unwrap_or_default().to_owned();
        let target = first.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines.filter_map(|line| line.split_once(':'));
        Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            connection,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, v)| v)
    }
}

/// What to do with a request.
pub(crate) enum Reply {
    /// Write, then wait for the next request on the same connection.
    Send(Vec<u8>),
    /// Wait, then as `Send`.
    Late(Duration, Vec<u8>),
    /// Write, then close.
    Close(Vec<u8>),
    /// Write, then reset the connection.
    Reset(Vec<u8>),
    /// Write, then hold the connection open and say nothing more.
    Stall(Vec<u8>),
    /// Write one byte at a time with a pause after each.
    Drip(Vec<u8>, Duration),
}

/// A running server; stops when dropped.
pub(crate) struct RawServer {
    port: u16,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct State {
    requests: Mutex<Vec<RawRequest>>,
    connections: AtomicUsize,
    in_flight: AtomicUsize,
    busiest: AtomicUsize,
}

impl RawServer {
    /// Answers each request with what the script says; it gets the request and its number, counted from 0.
    pub(crate) async fn start(script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_at(0, script).await
    }

    /// As [`Self::start`], on this port; 0 takes a free one.
    pub(crate) async fn start_at(
        port: u16,
        script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let (script, state) = (Arc::new(script), Arc::new(State::default()));
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            // Connections end with the server.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                connections.spawn(serve(stream, number, Arc::clone(&script), Arc::clone(&shared)));
            }
        });
        Self { port, state, task }
    }

    /// Answers every request alike.
    pub(crate) async fn always(bytes: Vec<u8>) -> Self {
        Self::start(move |_, _| Reply::Send(bytes.clone())).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn requests(&self) -> Vec<RawRequest> {
        self.state.requests.lock().unwrap().clone()
    }

    /// `GET /path?query` of each request, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |request: &RawRequest| {
            let mark = if request.query.is_empty() { "" } else { "?" };
            format!("{} {}{mark}{}", request.method, request.path, request.query)
        };
        self.requests().iter().map(line).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The most requests that were being answered at once.
    pub(crate) fn busiest(&self) -> usize {
        self.state.busiest.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<S>(mut stream: TcpStream, connection: usize, script: Arc<S>, state: Arc<State>)
where
    S: Fn(&RawRequest, usize) -> Reply,
{
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer, connection).await {
        let number = {
            let mut requests = state.requests.lock().unwrap();
            requests.push(request.clone());
            requests.len() - 1
        };
        let busy = state.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        state.busiest.fetch_max(busy, Ordering::SeqCst);
        let goes_on = answer(&mut stream, script(&request, number)).await;
        state.in_flight.fetch_sub(1, Ordering::SeqCst);
        if !goes_on {
            return;
        }
    }
}

/// True where the connection stays open.
async fn answer(stream: &mut TcpStream, reply: Reply) -> bool {
    match reply {
        Reply::Send(bytes) => stream.write_all(&bytes).await.is_ok(),
        Reply::Late(wait, bytes) => {
            tokio::time::sleep(wait).await;
            stream.write_all(&bytes).await.is_ok()
        }
        Reply::Close(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            false
        }
        Reply::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.set_zero_linger().unwrap();
            false
        }
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending().await
        }
        Reply::Drip(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return false;
                }
                tokio::time::sleep(pause).await;
            }
            true
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>, connection: usize) -> Option<RawRequest> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let empty = RawRequest::read(&head, b"", connection);
            let length = empty.header("content-length").map_or(0, |length| length.parse().unwrap());
            let whole = end + 4 + length;
            if buffer.len() >= whole {
                let request = RawRequest::read(&head, &buffer[end + 4..whole], connection);
                buffer.drain(..whole);
                return Some(request);
            }
        } else if buffer.first() == Some(&0x16) {
            // A TLS greeting: answered as a server does that expects plain text.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
            return None;
        }
        let mut bytes = [0; 4096];
        match stream.read(&mut bytes).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => buffer.extend_from_slice(&bytes[..count]),
        }
    }
}

/// A whole response with its length.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A whole JSON response with status 200.
pub(crate) fn json(body: &str) -> Vec<u8> {
    response(200, &[("content-type", "application/json")], body)
}

/// A response that promises more bytes than it holds.
pub(crate) fn cut(body: &str) -> Vec<u8> {
    let length = body.len() + 100;
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}
