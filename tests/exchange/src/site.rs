//! Serves a folder of files as a static host would.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Serves `folder` on 127.0.0.1 until the task is dropped or aborted; port 0 takes a free one. A file with a
/// brotli version beside it, `app.js.br`, is sent in that form to clients that accept it.
///
/// # Errors
/// The system's error when the port is not available.
pub async fn serve_static(folder: &Path, port: u16) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
    serve_static_with(folder, port, &[]).await
}

/// As [`serve_static`], with additional headers on every response, such as a policy.
///
/// # Errors
/// The system's error when the port is not available; `InvalidInput` for an invalid header.
pub async fn serve_static_with(
    folder: &Path,
    port: u16,
    headers: &[(&str, &str)],
) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
    let no_store = SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let mut routes = Router::new().fallback_service(ServeDir::new(folder)).layer(no_store);
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(invalid)?;
        let value: HeaderValue = value.parse().map_err(invalid)?;
        routes = routes.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    serve_routes(port, routes).await
}

/// Serves `routes` on 127.0.0.1 until the task is dropped or aborted; port 0 takes a free one.
pub(crate) async fn serve_routes(port: u16, routes: Router) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            eprintln!("the files are no longer served: {error}");
        }
    });
    Ok((address, task))
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidInput, error)
}
