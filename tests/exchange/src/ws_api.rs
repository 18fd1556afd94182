//! `/ws-api/v3`: REST requests over a websocket, where a page can read the remaining limits.
//!
//! ```json
//! {"id":"1","method":"klines","params":{"symbol":"BTCUSDT","interval":"1s","limit":1000}}
//! {"id":"1","status":200,"result":[…],"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT",…,"count":2}]}
//! {"id":"1","status":400,"error":{"code":-1121,"msg":"Invalid symbol."},"rateLimits":[…]}
//! ```

use crate::fault::Order;
use crate::frames::{self, Format};
use crate::rest::{self, Query, Reply};
use crate::server::Shared;
use crate::socket::{PINGS_UNANSWERED, close};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Interval of checks for faults and pings.
const TICK: Duration = Duration::from_millis(20);
/// Weight of opening a connection.
const OPENING_WEIGHT: u32 = 2;

#[derive(Deserialize)]
struct Request {
    id: Value,
    method: String,
    #[serde(default)]
    params: BTreeMap<String, Value>,
}

pub(crate) async fn open(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let status = shared.faults().rest_status().filter(|status| *status == 451);
    if status.is_some() {
        return StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS.into_response();
    }
    if shared.faults().refuses_socket() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if !shared.admits_connection() || rest::charge(&shared, OPENING_WEIGHT).is_err() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let tells_limits = !query.is_some_and(|query| query.contains("returnRateLimits=false"));
    upgrade.on_upgrade(move |socket| converse(shared, socket, tells_limits))
}

async fn converse(shared: Arc<Shared>, mut socket: WebSocket, tells_limits: bool) {
    let config = &shared.config;
    let mut last_order = shared.faults().last_order;
    let opened = Instant::now();
    let (mut pinged, mut ponged) = (opened, opened);
    let mut tick = tokio::time::interval(TICK);
    loop {
        let mut out = None;
        tokio::select! {
            _ = tick.tick() => {
                let orders = shared.faults().orders_after(&mut last_order);
                for order in orders {
                    match order {
                        Order::Cut => return,
                        Order::Close { code, reason } => out = Some(close(code, &reason)),
                        Order::Shutdown => {
                            let format = Format { shift_ms: 0, micros: false, venue: shared.tape().venue };
                            let payload = frames::shutdown_payload(shared.told_now_ms(), format);
                            out = Some(Message::Text(format!(r#"{{"event":{payload}}}"#).into()));
                        }
                        // the others concern streams
                        Order::Gap { .. } | Order::Send { .. } | Order::Malform { .. } => {}
                    }
                }
                if ponged.elapsed() >= config.ping_every * PINGS_UNANSWERED {
                    out = Some(close(1008, "Pong timeout"));
                } else if opened.elapsed() >= config.longest_connection {
                    out = Some(close(1000, ""));
                } else if out.is_none() && pinged.elapsed() >= config.ping_every {
                    pinged = Instant::now();
                    out = Some(Message::Ping(shared.told_now_ms().to_string().into()));
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    out = Some(Message::Text(respond(&shared, &text, tells_limits).await.into()));
                }
                Some(Ok(Message::Pong(_))) => ponged = Instant::now(),
                Some(Ok(Message::Binary(_) | Message::Ping(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        }
        let Some(message) = out else { continue };
        let closes = matches!(message, Message::Close(_));
        if socket.send(message).await.is_err() || closes {
            return;
        }
    }
}

/// Returns the REST endpoint that a method stands for, or the method itself if there is none.
fn endpoint(method: &str) -> &str {
    match method {
        "trades.recent" => "trades",
        "trades.historical" => "historicalTrades",
        "trades.aggregate" => "aggTrades",
        "ticker.price" => "ticker/price",
        "ping" | "time" | "exchangeInfo" | "klines" => method,
        _ => "",
    }
}

async fn respond(shared: &Shared, text: &str, tells_limits: bool) -> String {
    let request: Request = match serde_json::from_str(text) {
        Ok(request) => request,
        Err(_not_a_request) => {
            let words = "Malformed request.";
            return format!(r#"{{"id":null,"status":400,"error":{{"code":-1135,"msg":"{words}"}}}}"#);
        }
    };
    let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let query: Query = request.params.into_iter().map(|(name, value)| (name, plain(value))).collect();
    let Reply { status, body, used, retry_after } =
        rest::reply(shared, endpoint(&request.method), Ok(query)).await;
    let kind = if status == 200 { "result" } else { "error" };
    let body = match retry_after {
        // here, unlike over HTTP, a page can read how long to wait
        Some(after) => {
            let now = shared.told_now_ms();
            let until = now.saturating_add_unsigned(u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
            let data = format!(r#","data":{{"serverTime":{now},"retryAfter":{until}}}}}"#);
            body.strip_suffix('}').map_or_else(|| body.clone(), |head| format!("{head}{data}"))
        }
        None => body,
    };
    let limit = shared.tape().venue.weight_limit();
    let limits = match used {
        Some(used) if tells_limits => format!(
            r#","rateLimits":[{{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":{limit},"count":{used}}}]"#
        ),
        _ => String::new(),
    };
    format!(r#"{{"id":{},"status":{status},"{kind}":{body}{limits}}}"#, request.id)
}
