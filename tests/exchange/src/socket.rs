//! One websocket: what it is subscribed to, what it is sent, and how it ends.

use crate::agg::Aggregate;
use crate::fault::Order;
use crate::frames;
use crate::klines::klines;
use crate::rest::interval_millis;
use crate::server::Shared;
use crate::tape::{Market, TapeTrade};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often the tape is looked at.
const TICK: Duration = Duration::from_millis(5);
const PING_EVERY: Duration = Duration::from_secs(20);
const PONG_WITHIN: Duration = Duration::from_mins(1);
/// Messages from a client in any second.
const MESSAGES_PER_SEC: usize = 5;
const MOST_STREAMS: usize = 1_024;

pub(crate) async fn raw(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    accept(shared, upgrade, Vec::new(), false, false)
}

pub(crate) async fn raw_one(
    State(shared): State<Arc<Shared>>,
    Path(stream): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    accept(shared, upgrade, vec![stream], false, false)
}

pub(crate) async fn combined(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let query = query.unwrap_or_default().replace("%2F", "/").replace("%40", "@");
    let part = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)).map(str::to_owned);
    let streams =
        part("streams=").map(|list| list.split('/').map(str::to_owned).collect()).unwrap_or_default();
    let micros = part("timeUnit=").is_some_and(|unit| unit.eq_ignore_ascii_case("microsecond"));
    accept(shared, upgrade, streams, true, micros)
}

fn accept(
    shared: Arc<Shared>,
    upgrade: WebSocketUpgrade,
    streams: Vec<String>,
    combined: bool,
    micros: bool,
) -> Response {
    if shared.faults().refuses() || shared.faults().rest_status() == Some(451) {
        return StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS.into_response();
    }
    if !shared.admits_connection() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    upgrade.on_upgrade(move |socket| Connection::new(shared, streams, combined, micros).run(socket))
}

/// A stream that is followed.
#[derive(Debug, Clone, PartialEq)]
enum Topic {
    Trade,
    Aggregate,
    Average,
    Kline { interval: String, step_ms: i64 },
}

struct Connection {
    shared: Arc<Shared>,
    streams: Vec<String>,
    combined: bool,
    micros: bool,
    /// Tape time up to which everything has been sent.
    sent_until: i64,
    last_order: u64,
    /// Trades to leave out, and to malform, of each market.
    gaps: Vec<u32>,
    malformed: (u32, bool),
    /// Frames held back, with the time at which each goes.
    held: VecDeque<(Instant, String)>,
    ends: bool,
}

impl Connection {
    fn new(shared: Arc<Shared>, streams: Vec<String>, combined: bool, micros: bool) -> Self {
        if !streams.is_empty() {
            shared.clock.start();
        }
        let sent_until = shared.clock.tape_now();
        let last_order = shared.faults().last_order;
        let gaps = vec![0; shared.tape.markets.len()];
        Self {
            shared,
            streams,
            combined,
            micros,
            sent_until,
            last_order,
            gaps,
            malformed: (0, false),
            held: VecDeque::new(),
            ends: false,
        }
    }

    async fn run(mut self, socket: WebSocket) {
        let (mut sink, mut source) = socket.split();
        let opened = Instant::now();
        let (mut pinged, mut ponged) = (Instant::now(), Instant::now());
        let mut heard: VecDeque<Instant> = VecDeque::new();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut out = Vec::new();
            tokio::select! {
                _ = tick.tick() => out = self.due(),
                message = source.next() => match message {
                    Some(Ok(Message::Pong(_))) => ponged = Instant::now(),
                    Some(Ok(Message::Text(text))) => {
                        let now = Instant::now();
                        heard.push_back(now);
                        while heard.front().is_some_and(|&first| now - first > Duration::from_secs(1)) {
                            heard.pop_front();
                        }
                        if heard.len() > MESSAGES_PER_SEC {
                            out.push(close(1008, "Too many requests"));
                        } else {
                            out.push(Message::Text(self.request(&text).into()));
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                },
            }
            if pinged.elapsed() >= PING_EVERY {
                pinged = Instant::now();
                out.push(Message::Ping(self.sent_until.to_string().into()));
            }
            if ponged.elapsed() >= PONG_WITHIN {
                out.push(close(1008, "Pong timeout"));
            }
            if opened.elapsed() >= self.shared.config.longest_connection {
                out.push(close(1000, ""));
            }
            for message in out {
                let closes = matches!(message, Message::Close(_));
                if sink.feed(message).await.is_err() || closes {
                    // the client may be gone already
                    drop(sink.flush().await);
                    return;
                }
            }
            if sink.flush().await.is_err() || self.ends {
                return;
            }
        }
    }

    /// Everything that is due now: orders, frames let go, and what the tape has brought.
    fn due(&mut self) -> Vec<Message> {
        let mut out = Vec::new();
        for order in self.new_orders() {
            match order {
                Order::Cut => self.ends = true,
                Order::Close { code, reason } => out.push(close(code, &reason)),
                Order::Gap { trades } => self.gaps.iter_mut().for_each(|gap| *gap += trades),
                Order::Send { text } => out.push(Message::Text(text.into())),
                Order::Malform { trades, number_for_price } => self.malformed = (trades, number_for_price),
                Order::Shutdown => {
                    let payload = frames::shutdown_payload(self.sent_until, self.shared.told(self.micros));
                    out.push(Message::Text(self.wrapped("!serverShutdown", &payload).into()));
                    self.held.push_back((Instant::now() + Duration::from_secs(1), String::new()));
                }
            }
        }
        if self.ends {
            return Vec::new();
        }
        let now = self.shared.clock.tape_now();
        let frames = self.frames(self.sent_until, now);
        self.sent_until = now;
        let (duplicates, shuffles) = {
            let faults = self.shared.faults();
            (faults.duplicates(), faults.shuffles())
        };
        for (place, frame) in frames.into_iter().enumerate() {
            let delay =
                if shuffles { (place as u64 * 7_919 + frame.len() as u64 * 104_729) % 200 } else { 0 };
            let goes = Instant::now() + Duration::from_millis(delay);
            if duplicates {
                self.held.push_back((goes, frame.clone()));
            }
            self.held.push_back((goes, frame));
        }
        let moment = Instant::now();
        let mut kept = VecDeque::new();
        for (goes, frame) in self.held.drain(..) {
            match (goes <= moment, frame.is_empty()) {
                (false, _) => kept.push_back((goes, frame)),
                // the empty frame stands for the end that was announced
                (true, true) => out.push(close(1001, "")),
                (true, false) => out.push(Message::Text(frame.into())),
            }
        }
        self.held = kept;
        out
    }

    fn new_orders(&mut self) -> Vec<Order> {
        let seen = self.last_order;
        let faults = self.shared.faults();
        let orders =
            faults.orders.iter().filter(|(number, _)| *number > seen).map(|(_, order)| order.clone());
        let orders = orders.collect();
        self.last_order = faults.last_order;
        orders
    }

    /// Frames of all followed streams whose time is after `from` and not after `to`, in order of time.
    fn frames(&mut self, from: i64, to: i64) -> Vec<String> {
        let shared = Arc::clone(&self.shared);
        let told = shared.told(self.micros);
        let mut frames: Vec<(i64, String)> = Vec::new();
        for stream in self.streams.clone() {
            let Some((place, topic)) = topic(&shared, &stream) else { continue };
            let market = &shared.tape.markets[place];
            if shared.faults().stalls(&market.symbol) {
                continue;
            }
            match topic {
                Topic::Trade => {
                    for trade in between(&market.trades, from, to) {
                        if self.gaps[place] > 0 {
                            self.gaps[place] -= 1;
                            continue;
                        }
                        let payload = self.malform(frames::trade_payload(&market.symbol, trade, told));
                        frames.push((trade.event_ms, self.wrapped(&stream, &payload)));
                    }
                }
                Topic::Aggregate => frames.extend(aggregates(market, from, to).map(|run| {
                    let payload = frames::aggregate_payload(market, run, told);
                    (market.trades[run.last].event_ms, self.wrapped(&stream, &payload))
                })),
                Topic::Average => frames.extend(boundaries(from, to, 1_000, 0).filter_map(|at| {
                    let last = market.pushed_by(at).last()?;
                    let payload = frames::average_payload(&market.symbol, at, last, told);
                    Some((at, self.wrapped(&stream, &payload)))
                })),
                Topic::Kline { interval, step_ms } => {
                    // the closing frame of the bar that has just ended comes 4 ms later
                    frames.extend(boundaries(from, to, step_ms, 4).filter_map(|at| {
                        let open = at - 4 - step_ms;
                        let bar = *klines(market.pushed_by(at), step_ms, open, open).first()?;
                        let payload =
                            frames::kline_payload(&market.symbol, &interval, step_ms, &bar, at, told);
                        Some((at, self.wrapped(&stream, &payload)))
                    }));
                }
            }
        }
        frames.sort_by_key(|(time, _)| *time);
        frames.into_iter().map(|(_, frame)| frame).collect()
    }

    fn malform(&mut self, payload: String) -> String {
        let (left, number_for_price) = &mut self.malformed;
        if *left == 0 {
            return payload;
        }
        *left -= 1;
        if *number_for_price {
            let (head, tail) = payload.split_once(r#""p":""#).unwrap_or((&payload, ""));
            let (price, rest) = tail.split_once('"').unwrap_or((tail, ""));
            format!(r#"{head}"p":{price}{rest}"#)
        } else {
            payload.replacen(r#""M":true"#, r#""M":true,"Z":{"new":[1,2]}"#, 1)
        }
    }

    fn wrapped(&self, stream: &str, payload: &str) -> String {
        if self.combined { frames::combined(stream, payload) } else { payload.to_owned() }
    }

    /// The reply to a control request.
    fn request(&mut self, text: &str) -> String {
        let request: Value = match serde_json::from_str(text) {
            Ok(request) => request,
            Err(error) => {
                let at = format!(
                    "Invalid JSON: expected value at line {} column {}",
                    error.line(),
                    error.column()
                );
                return self.error(3, &at, None);
            }
        };
        let id = request.get("id").cloned();
        let params: Vec<String> = request
            .get("params")
            .and_then(Value::as_array)
            .map(|params| params.iter().filter_map(|param| param.as_str().map(str::to_owned)).collect())
            .unwrap_or_default();
        match request.get("method").and_then(Value::as_str) {
            Some("SUBSCRIBE") => {
                if self.streams.len() + params.len() > MOST_STREAMS {
                    return self.error(4, "Too many subscriptions", id.as_ref());
                }
                for stream in params {
                    if !self.streams.contains(&stream) {
                        self.streams.push(stream);
                    }
                }
                self.shared.clock.start();
                reply(&Value::Null, id.as_ref())
            }
            Some("UNSUBSCRIBE") => {
                self.streams.retain(|stream| !params.contains(stream));
                reply(&Value::Null, id.as_ref())
            }
            Some("LIST_SUBSCRIPTIONS") => reply(&json!(self.streams), id.as_ref()),
            Some("SET_PROPERTY") => match request.pointer("/params/1").and_then(Value::as_bool) {
                Some(combined) => {
                    self.combined = combined;
                    reply(&Value::Null, id.as_ref())
                }
                None => self.error(1, "Invalid value type: expected Boolean", id.as_ref()),
            },
            Some("GET_PROPERTY") => reply(&json!(self.combined), id.as_ref()),
            Some(other) => {
                let words = format!(
                    "Invalid request: unknown variant {other}, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"
                );
                self.error(2, &words, id.as_ref())
            }
            None => self.error(2, "Invalid request: missing field `method`", id.as_ref()),
        }
    }

    fn error(&self, code: i32, message: &str, id: Option<&Value>) -> String {
        let error = json!({ "code": code, "msg": message });
        let mut reply = if self.shared.config.nested_errors { json!({ "error": error }) } else { error };
        if let Some(id) = id {
            reply["id"] = id.clone();
        }
        reply.to_string()
    }
}

fn reply(result: &Value, id: Option<&Value>) -> String {
    json!({ "result": result, "id": id.unwrap_or(&Value::Null) }).to_string()
}

fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

/// The market and the kind of a stream's name, which is lower case; others stay silent.
fn topic(shared: &Shared, stream: &str) -> Option<(usize, Topic)> {
    let (symbol, kind) = stream.split_once('@')?;
    let place = shared.tape.markets.iter().position(|market| market.symbol.to_lowercase() == symbol)?;
    let topic = match kind {
        "trade" => Topic::Trade,
        "aggTrade" => Topic::Aggregate,
        "avgPrice" => Topic::Average,
        _ => {
            let interval = kind.strip_prefix("kline_")?;
            Topic::Kline { interval: interval.to_owned(), step_ms: interval_millis(interval)? }
        }
    };
    Some((place, topic))
}

fn between(trades: &[TapeTrade], from: i64, to: i64) -> &[TapeTrade] {
    let place = |time: i64| trades.partition_point(|trade| trade.event_ms <= time);
    &trades[place(from)..place(to).max(place(from))]
}

fn aggregates(market: &Market, from: i64, to: i64) -> impl Iterator<Item = &Aggregate> {
    let place = |time: i64| market.aggregates.partition_point(|run| market.trades[run.last].event_ms <= time);
    market.aggregates[place(from)..place(to).max(place(from))].iter()
}

/// Times a little after each whole step, after `from` and not after `to`.
fn boundaries(from: i64, to: i64, step: i64, after: i64) -> impl Iterator<Item = i64> {
    let first = (from - after).div_euclid(step) + 1;
    let last = (to - after).div_euclid(step);
    (first..=last).map(move |count| count * step + after)
}
