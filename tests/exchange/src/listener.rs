//! The listening socket, which can be as good as closed for a while.

use crate::server::Shared;
use axum::serve::Listener;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};

/// Drops every connection unanswered while the server is out.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) shared: Arc<Shared>,
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if self.shared.faults().refuses() {
                // a reset and not an orderly end, as where nobody listens
                drop(stream.set_zero_linger());
                continue;
            }
            // frames are small, and wait for no others
            drop(stream.set_nodelay(true));
            return (stream, address);
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
