//! An own certificate authority, servers that show its certificates, and a proxy in between.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Signs certificates for servers.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// How long a certificate is good.
#[derive(Clone, Copy)]
pub(crate) enum Life {
    Good,
    Expired,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Writes the authority's own certificate, for those who are to trust it.
    pub(crate) fn write(&self, path: &Path) {
        std::fs::write(path, &self.pem).unwrap();
    }

    /// What a server of this name shows.
    pub(crate) fn server(&self, name: &str, life: Life) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.config(name, life)))
    }

    /// As [`Self::server`], for a server that speaks HTTP/2 alone.
    pub(crate) fn http2_server(&self, name: &str) -> TlsAcceptor {
        let mut config = self.config(name, Life::Good);
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }

    /// Certificate and key of a server of this name, in one file.
    pub(crate) fn write_server(&self, name: &str, path: &Path) {
        let (leaf, key) = self.leaf(name, Life::Good);
        std::fs::write(path, format!("{}{}", leaf.pem(), key.serialize_pem())).unwrap();
    }

    fn config(&self, name: &str, life: Life) -> ServerConfig {
        let (leaf, key) = self.leaf(name, life);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap()
    }

    fn leaf(&self, name: &str, life: Life) -> (Certificate, KeyPair) {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if matches!(life, Life::Expired) {
            (params.not_before, params.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// What came to a listener.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// Everything that was read, after decryption where there was any.
    bytes: Mutex<Vec<u8>>,
}

/// A port that hands what it decrypts to a server without encryption.
pub(crate) struct TlsFront {
    port: u16,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl TlsFront {
    pub(crate) async fn start(acceptor: TlsAcceptor, behind: u16) -> Self {
        let seen = Arc::new(Seen::default());
        let noted = Arc::clone(&seen);
        let (port, task) = listen(move |stream| serve_tls(stream, acceptor.clone(), behind, Arc::clone(&noted))).await;
        Self { port, seen, task }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// How much a client has told this server once it took it for trustworthy.
    pub(crate) fn bytes(&self) -> usize {
        self.seen.bytes.lock().unwrap().len()
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a proxy does when it is asked for a way to a host.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// Opens one to this port, whatever was asked for.
    To(u16),
    /// Answers this.
    No(&'static str),
}

/// A proxy that keeps everything it sees.
pub(crate) struct Proxy {
    seen: Arc<Seen>,
    way: Arc<Mutex<Way>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens at this port.
    pub(crate) async fn start(port: u16) -> Self {
        let (seen, way) =
            (Arc::new(Seen::default()), Arc::new(Mutex::new(Way::No("HTTP/1.1 502 Bad Gateway\r\n\r\n"))));
        let (noted, asked) = (Arc::clone(&seen), Arc::clone(&way));
        let serve = move |stream| {
            let way = *asked.lock().unwrap();
            serve_proxy(stream, way, Arc::clone(&noted))
        };
        let (_, task) = listen_at(port, serve).await;
        Self { seen, way, task }
    }

    /// From now on.
    pub(crate) fn set(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Everything clients sent through it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen.bytes.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens at any port and serves each connection.
pub(super) async fn listen<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> (u16, JoinHandle<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    listen_at(0, serve).await
}

async fn listen_at<F>(port: u16, serve: impl Fn(TcpStream) -> F + Send + 'static) -> (u16, JoinHandle<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        // Connections end with the listener.
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream));
        }
    });
    (port, task)
}

async fn serve_tls(stream: TcpStream, acceptor: TlsAcceptor, behind: u16, seen: Arc<Seen>) {
    seen.connections.fetch_add(1, Ordering::SeqCst);
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(server) = TcpStream::connect(("127.0.0.1", behind)).await else { return };
    let (mut from_client, mut to_client) = tokio::io::split(stream);
    let (mut from_server, mut to_server) = server.into_split();
    let up = note(&mut from_client, &mut to_server, &seen);
    let down = tokio::io::copy(&mut from_server, &mut to_client);
    let _over = tokio::join!(up, down);
}

async fn serve_proxy(mut client: TcpStream, way: Way, seen: Arc<Seen>) {
    seen.connections.fetch_add(1, Ordering::SeqCst);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    seen.bytes.lock().unwrap().extend_from_slice(&head);
    let port = match way {
        Way::To(port) => port,
        Way::No(answer) => {
            let _gone = client.write_all(answer.as_bytes()).await;
            return;
        }
    };
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    if client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.is_err() {
        return;
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = note(&mut from_client, &mut to_server, &seen);
    let down = tokio::io::copy(&mut from_server, &mut to_client);
    let _over = tokio::join!(up, down);
}

/// Copies to the end and keeps what it saw.
async fn note<R, W>(from: &mut R, to: &mut W, seen: &Seen)
where
    R: tokio::io::AsyncRead + Unpin,
    W: tokio::io::AsyncWrite + Unpin,
{
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        seen.bytes.lock().unwrap().extend_from_slice(&bytes[..count]);
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    let _gone = to.shutdown().await;
}
