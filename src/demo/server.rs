//! HTTP on 127.0.0.1: the listener, which takes a limited number of connections.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

/// Connections open at once. The next ones wait until one of them is closed.
const MAX_CONNECTIONS: usize = 64;

/// Opens a free port of 127.0.0.1 and serves the router there until aborted.
pub(super) async fn start(router: Router) -> io::Result<(u16, AbortHandle)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let listener = LimitedListener { listener, permits: Arc::new(Semaphore::new(MAX_CONNECTIONS)) };
    let service = router.into_make_service_with_connect_info::<Permit>();
    let serving = async move {
        // It ends only when it is aborted.
        let _ended = axum::serve(listener, service).await;
    };
    Ok((port, tokio::spawn(serving).abort_handle()))
}

/// Accepts connections while there are permits for them.
struct LimitedListener {
    listener: TcpListener,
    permits: Arc<Semaphore>,
}

/// Lives as long as its connection: axum keeps the connect info in the connection's service. The semaphore is never closed.
#[derive(Clone, Debug)]
struct Permit(#[expect(dead_code, reason = "it is held to be dropped")] Option<Arc<OwnedSemaphorePermit>>);

impl Listener for LimitedListener {
    type Io = TcpStream;
    /// In the place of the address, which nobody asks for.
    type Addr = Permit;

    async fn accept(&mut self) -> (TcpStream, Permit) {
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok().map(Arc::new);
        let (stream, _address) = Listener::accept(&mut self.listener).await;
        // Small answers must not wait for the acknowledgement of the one before; where it fails they are just slower.
        let _set = stream.set_nodelay(true);
        (stream, Permit(permit))
    }

    fn local_addr(&self) -> io::Result<Permit> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Connected<IncomingStream<'_, LimitedListener>> for Permit {
    fn connect_info(stream: IncomingStream<'_, LimitedListener>) -> Self {
        stream.remote_addr().clone()
    }
}
