//! `/api/v3/…`: each question is charged, answered from the tape, and spoiled where a fault says so.

mod endpoints;
mod info;
mod query;
mod rows;
mod weights;

use crate::clock::wall_ms;
use crate::server::Shared;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use query::Refusal;
use serde_json::json;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use weights::{TooMuch, WEIGHT_LIMIT};

pub(crate) use weights::Weights;

type Body = Response<axum::body::Body>;

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// What a scripted 429 or 418 asks for.
const RETRY_AFTER: Duration = Duration::from_mins(2);

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Path(endpoint): Path<String>,
    RawQuery(query): RawQuery,
) -> Body {
    let (delay, status) = {
        let faults = shared.faults();
        let status = if faults.refuses() { Some(503) } else { faults.rest_status() };
        (faults.rest_delay_millis(), status)
    };
    tokio::time::sleep(Duration::from_millis(delay)).await;
    if let Some(status) = status {
        return refusal(status, RETRY_AFTER, shared.told_now_ms());
    }
    let weight = weights::weight_of(&endpoint);
    let charged = shared.weights.lock().unwrap_or_else(PoisonError::into_inner).charge(weight, wall_ms());
    let used = match charged {
        Ok(used) => used,
        Err(TooMuch { status, retry_after }) => return refusal(status, retry_after, shared.told_now_ms()),
    };
    let answer =
        query::parse(query.as_deref()).and_then(|query| endpoints::serve(&shared, &endpoint, &query));
    let (status, mut body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal(status, code, message)) => (status, json!({ "code": code, "msg": message }).to_string()),
    };
    if shared.faults().truncates() {
        body.truncate(body.floor_char_boundary(body.len() / 2));
    }
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    headers.insert("x-mbx-used-weight", HeaderValue::from(used));
    headers.insert("x-mbx-used-weight-1m", HeaderValue::from(used));
    // only what went well may be read by a page of another origin
    if status == StatusCode::OK {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// A status as the real one sends it, with its words and without leave for a page to read them.
fn refusal(status: u16, retry_after: Duration, now_ms: i64) -> Body {
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
                "Too much request weight used; current limit is {WEIGHT_LIMIT} request weight per 1 MINUTE. {words} polling the API."
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
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (code, body).into_response();
    // the firewall in front of the exchange speaks in pages
    let kind = if status == 403 { HeaderValue::from_static("text/html") } else { JSON };
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if matches!(status, 418 | 429) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
    }
    response
}

fn error(code: i32, words: &str) -> String {
    json!({ "code": code, "msg": words }).to_string()
}
