//! `/api/v3/…`: each request is charged, answered from the tape, and spoiled if a fault says so.

mod coins;
mod endpoints;
mod info;
mod query;
mod rows;
mod weights;

use crate::clock::wall_ms;
use crate::pages::gzip;
use crate::server::Shared;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use futures_util::stream;
use serde_json::json;
use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

pub(crate) use endpoints::{View, serve};
pub(crate) use query::{Query, Refusal, parse, percent_decoded};
pub(crate) use weights::{TooMuch, Weights};

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The wait that a scripted 429 or 418 demands.
const RETRY_AFTER: Duration = Duration::from_mins(2);

/// A response before it is formatted for HTTP or a socket.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// JSON, except for a firewall's page and bodies cut off by a fault.
    pub(crate) body: String,
    /// Weight used in this minute; `None` for requests refused before counting.
    pub(crate) used: Option<u32>,
    pub(crate) retry_after: Option<Duration>,
}

/// Responds to a request over HTTP.
pub(crate) async fn respond(
    State(shared): State<Arc<Shared>>,
    Path(endpoint): Path<String>,
    RawQuery(query): RawQuery,
    asked: HeaderMap,
) -> Response<Body> {
    let Reply { status, body, used, retry_after } = reply(&shared, &endpoint, parse(query.as_deref())).await;
    let packs = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packed = packs.filter(|packs| packs.contains("gzip")).and_then(|_| gzip(body.as_bytes()));
    let is_packed = packed.is_some();
    let bytes = packed.unwrap_or_else(|| body.into_bytes());
    let narrow = shared.faults().narrow();
    let mut response = match narrow {
        None => bytes.into_response(),
        Some(bytes_per_sec) => trickle(bytes, bytes_per_sec).into_response(),
    };
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    // the firewall in front of the exchange responds with web pages
    let kind = if status == 403 { HeaderValue::from_static("text/html") } else { JSON };
    headers.insert(header::CONTENT_TYPE, kind);
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    if let Some(used) = used {
        headers.insert("x-mbx-used-weight", HeaderValue::from(used));
        headers.insert("x-mbx-used-weight-1m", HeaderValue::from(used));
    }
    if let Some(retry_after) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
    }
    // the real exchange lets pages of other origins read only successful responses
    if status == 200 || shared.config.cors_on_errors {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// Returns a body that arrives in ten parts per second.
fn trickle(bytes: Vec<u8>, bytes_per_sec: u32) -> Body {
    let part = bytes_per_sec.div_ceil(10).max(1) as usize;
    let parts = stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let rest = left.split_off(part.min(left.len()));
        Some((Ok::<_, Infallible>(left), rest))
    });
    Body::from_stream(parts)
}

/// Charges a request and responds to it, as faults allow.
pub(crate) async fn reply(shared: &Shared, endpoint: &str, query: Result<Query, Refusal>) -> Reply {
    let (delay, status) = {
        let faults = shared.faults();
        let status = if faults.refuses() { Some(503) } else { faults.rest_status() };
        (faults.rest_delay_millis(), status)
    };
    tokio::time::sleep(Duration::from_millis(delay)).await;
    if let Some(status) = status {
        return refusal(shared, status, RETRY_AFTER);
    }
    let weight = shared.tape().venue.weight_of(endpoint);
    let used = match charge(shared, weight) {
        Ok(used) => used,
        Err(TooMuch { status, retry_after }) => return refusal(shared, status, retry_after),
    };
    let (now_ms, shift_ms) = (shared.clock.tape_now(), shared.clock.shift_ms());
    let (wrong_book, wrong_rules) = {
        let faults = shared.faults();
        (faults.wrong_book(), faults.wrong_rules())
    };
    let served = query.and_then(|query| {
        serve(View { tape: &shared.tape(), now_ms, shift_ms, wrong_book, wrong_rules }, endpoint, &query)
    });
    let (status, mut body) = match served {
        Ok(body) => (200, body),
        Err(Refusal(status, code, message)) => {
            (status.as_u16(), json!({ "code": code, "msg": message }).to_string())
        }
    };
    if shared.faults().truncates() {
        body.truncate(body.floor_char_boundary(body.len() / 2));
    }
    shared.rest_bytes.fetch_add(body.len(), Ordering::Relaxed);
    Reply { status, body, used: Some(used), retry_after: None }
}

/// Adds weight, and returns the weight used in this minute.
pub(crate) fn charge(shared: &Shared, weight: u32) -> Result<u32, TooMuch> {
    shared.rest_weight.fetch_add(weight, Ordering::Relaxed);
    let limit = shared.tape().venue.weight_limit();
    shared.weights.lock().unwrap_or_else(PoisonError::into_inner).charge(weight, limit, wall_ms())
}

/// Returns a status as the real exchange sends it, with its message.
fn refusal(shared: &Shared, status: u16, retry_after: Duration) -> Reply {
    let (now_ms, limit) = (shared.told_now_ms(), shared.tape().venue.weight_limit());
    let until = now_ms + i64::try_from(retry_after.as_millis()).unwrap_or(i64::MAX - now_ms);
    let words = "Please use WebSocket Streams for live updates to avoid";
    let body = match status {
        403 => "<html><body><h1>403 Forbidden</h1></body></html>".to_owned(),
        418 => {
            error(-1003, &format!("Way too much request weight used; IP banned until {until}. {words} bans."))
        }
        429 => error(
            -1003,
            &format!(
                "Too much request weight used; current limit is {limit} request weight per 1 MINUTE. {words} polling the API."
            ),
        ),
        451 => error(
            0,
            "Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms. Please contact customer service if you believe you received this message in error.",
        ),
        _ => error(
            -1008,
            "Server is currently overloaded with other requests. Please try again in a few minutes.",
        ),
    };
    let retry_after = matches!(status, 418 | 429).then_some(retry_after);
    Reply { status, body, used: None, retry_after }
}

fn error(code: i32, words: &str) -> String {
    json!({ "code": code, "msg": words }).to_string()
}
