//! Serves a folder under a path as GitHub Pages does: gzipped, cacheable for ten minutes, each version with its
//! own etag.

use crate::site::serve_routes;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tokio::task::JoinHandle;

#[derive(Debug)]
struct Site {
    folder: PathBuf,
    base: String,
}

/// Serves `folder` on 127.0.0.1 under `base`, such as `/spreadscope/`, until the task is dropped or aborted.
///
/// # Errors
/// The system's error when no port is available.
pub async fn serve_pages(folder: &Path, base: &str) -> std::io::Result<(SocketAddr, JoinHandle<()>)> {
    let site = Arc::new(Site { folder: folder.to_owned(), base: base.to_owned() });
    let routes = Router::new().fallback(respond).with_state(site);
    serve_routes(0, routes).await
}

async fn respond(State(site): State<Arc<Site>>, request: Request) -> Response {
    let not_found = || (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html")], "<h1>404</h1>").into_response();
    let Some(file) = file(&site, request.uri().path()) else { return not_found() };
    let Ok(bytes) = std::fs::read(&file) else { return not_found() };
    let digest = Sha256::digest(&bytes);
    let tag =
        format!("\"{:016x}\"", digest.iter().take(8).fold(0_u64, |tag, byte| tag << 8 | u64::from(*byte)));
    let asked = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept = [(CACHE_CONTROL, "max-age=600".to_owned()), (ETAG, tag.clone())];
    if asked(IF_NONE_MATCH) == tag {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(CONTENT_TYPE, kind(&file)), (VARY, "Accept-Encoding")];
    if !asked(ACCEPT_ENCODING).contains("gzip") {
        return (kept, kind, bytes).into_response();
    }
    match gzip(&bytes) {
        Some(packed) => (kept, kind, [(CONTENT_ENCODING, "gzip")], packed).into_response(),
        None => (kept, kind, bytes).into_response(),
    }
}

/// Returns `bytes` gzipped.
pub(crate) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

/// Returns the file at `path`; `None` if it leads out of the site.
fn file(site: &Site, path: &str) -> Option<PathBuf> {
    let below = path.strip_prefix(&site.base)?;
    let below = if below.is_empty() { "index.html" } else { below };
    let is_inside = Path::new(below).components().all(|part| matches!(part, Component::Normal(_)));
    is_inside.then(|| site.folder.join(below))
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "application/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
