//! HTTP on 127.0.0.1, and the way to cut a connection.
//!
//! The handler shares a switch with its connection. A thrown switch makes the next write fail, upon which the HTTP layer
//! drops the connection: the client sees it close, as if the wire had been cut.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::World;

/// Opens a free port of 127.0.0.1 and serves the world there until aborted.
pub(super) async fn start(world: World) -> io::Result<(u16, AbortHandle)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let router = Router::new().fallback(super::handle).with_state(world.clone());
    let service = router.into_make_service_with_connect_info::<Switch>();
    let serving = async move {
        // It ends only when it is aborted.
        let _ended = axum::serve(WorldListener { listener, world }, service).await;
    };
    Ok((port, tokio::spawn(serving).abort_handle()))
}

/// When a connection breaks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Cut {
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
pub(super) struct Switch(Arc<Mutex<Cut>>);

impl Switch {
    pub(super) fn set(&self, cut: Cut) {
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

/// Accepts connections, and closes them at once when the world has stopped.
struct WorldListener {
    listener: TcpListener,
    world: World,
}

impl Listener for WorldListener {
    type Io = CuttableStream;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (CuttableStream, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if !self.world.is_stopped() {
                // Small answers must not wait for the acknowledgement of the one before; where it fails they are just slower.
                let _set = stream.set_nodelay(true);
                return (CuttableStream { stream, switch: Switch::default() }, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection that can be cut.
pub(super) struct CuttableStream {
    stream: TcpStream,
    switch: Switch,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
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
