//! A server on its thread.

use crate::accept::{self, House};
use crate::asked::Asked;
use crate::error::{Flags, HttpError};
use crate::gate::Gate;
use crate::reply::Response;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;

/// Threads for what blocks ([`crate::aside()`]): disks do little at a time.
const ASIDE: usize = 8;

/// Where to serve, and whom.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The address; port 0 takes any that is free.
    pub address: SocketAddr,
    /// Who may ask. Beyond this machine, it must be a gate with a token.
    pub gate: Gate,
    /// Bytes that the system keeps for a client that reads slowly; its own choice where there is none.
    pub send_buffer: Option<u32>,
    /// For hints.
    pub flags: Flags,
}

/// A server that runs until it is dropped.
pub struct Server {
    address: SocketAddr,
    /// What is opened first, from the slash on.
    root: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes the address and begins to serve, on one thread: `handler` must not block it, but can do work [`crate::aside()`].
    ///
    /// # Errors
    /// [`HttpError::Remote`] for an address that other machines can reach and a gate without a token; [`HttpError::Busy`] for
    /// one that is in use; [`HttpError::Serve`], [`HttpError::Thread`].
    pub fn start<H, R>(settings: ServerSettings, handler: H) -> Result<Self, HttpError>
    where
        H: Fn(Asked) -> R + Send + Sync + 'static,
        R: Future<Output = Response> + Send + 'static,
    {
        let ServerSettings { address, gate, send_buffer, flags } = settings;
        if !address.ip().is_loopback() && !gate.has_token() {
            return Err(HttpError::Remote { address, flags });
        }
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(ASIDE).build();
        let runtime = runtime.map_err(HttpError::Thread)?;
        let refused = |source| refused(address, flags, source);
        let listener = listen(&runtime, address, send_buffer).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (stop, stopped) = oneshot::channel();
        let root = gate.root();
        let serve = accept::serve(listener, Arc::new(House { gate, handler }), stopped);
        let work = move || runtime.block_on(serve);
        let thread = thread::Builder::new().name("adm-server".to_owned()).spawn(work).map_err(HttpError::Thread)?;
        Ok(Self { address, root, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser, with the token where one is needed. An address that stands for all of a machine's is given
    /// as this machine sees itself; others put its name there.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}{}", SocketAddr::new(ip, self.address.port()), self.root)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

fn listen(runtime: &Runtime, address: SocketAddr, send_buffer: Option<u32>) -> io::Result<TcpListener> {
    let _context = runtime.enter();
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Unix, it lets a restart have the address at once; on Windows, it would let others take it from us.
    socket.set_reuseaddr(cfg!(unix))?;
    send_buffer.map_or(Ok(()), |bytes| socket.set_send_buffer_size(bytes))?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn refused(address: SocketAddr, flags: Flags, source: io::Error) -> HttpError {
    if source.kind() == io::ErrorKind::AddrInUse {
        HttpError::Busy { address, flags }
    } else {
        HttpError::Serve { address, flags, source }
    }
}
