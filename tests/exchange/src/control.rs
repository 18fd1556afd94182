//! Faults on request, for people and tests: `POST /control/fault` with a fault as JSON.

use crate::fault::Fault;
use crate::server::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) async fn fault(State(shared): State<Arc<Shared>>, body: String) -> (StatusCode, String) {
    match serde_json::from_str::<Fault>(&body) {
        Ok(fault) => {
            shared.apply(fault);
            (StatusCode::OK, "{}".to_owned())
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("not a fault: {error}\n")),
    }
}

pub(crate) async fn state(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    let now = shared.clock.tape_now();
    let markets: Vec<Value> = shared
        .tape()
        .markets
        .iter()
        .map(|market| {
            let pushed = market.pushed_by(now);
            json!({ "symbol": market.symbol, "trades": pushed.len(), "last_id": pushed.last().map(|t| t.id) })
        })
        .collect();
    axum::Json(json!({ "tape_now_ms": now, "told_now_ms": shared.told_now_ms(), "markets": markets }))
}
