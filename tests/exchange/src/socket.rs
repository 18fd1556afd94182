//! One websocket: how it opens, what is sent on it, and how it ends.

use crate::fault::Order;
use crate::frames::{self, Format};
use crate::requests::{MOST_STREAMS, Subscriptions};
use crate::rest::percent_decoded;
use crate::server::Shared;
use crate::streams::{self, Topic};
use crate::venue::UnknownStream;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use spreadscope_stats::random::Random;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Interval of looks at the tape.
const TICK: Duration = Duration::from_millis(5);
/// Unanswered pings after which a silent client is closed.
pub(crate) const PINGS_UNANSWERED: u32 = 3;
/// Most messages from a client per second, of any kind.
const MESSAGES_PER_SEC: usize = 5;
/// Frames out of order are delayed by less than this.
const SHUFFLE_MILLIS: u64 = 200;
/// Delay of a closure after its announcement.
const SHUTDOWN_AFTER: Duration = Duration::from_secs(1);

/// Wait for the client's own close frame.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

pub(crate) async fn raw(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    accept(shared, upgrade, "", query.as_deref(), false)
}

pub(crate) async fn raw_streams(
    State(shared): State<Arc<Shared>>,
    Path(streams): Path<String>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    accept(shared, upgrade, &streams, query.as_deref(), false)
}

pub(crate) async fn combined(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let streams = query.as_deref().and_then(|query| parameter(query, "streams")).unwrap_or_default();
    accept(shared, upgrade, &streams, query.as_deref(), true)
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let value = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    percent_decoded(value)
}

fn accept(
    shared: Arc<Shared>,
    upgrade: WebSocketUpgrade,
    streams: &str,
    query: Option<&str>,
    combined: bool,
) -> Response {
    if let Some(status) = shared.faults().rest_status()
        && status == 451
    {
        return StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS.into_response();
    }
    if shared.faults().refuses_socket() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if !shared.admits_connection() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let streams: Vec<String> =
        streams.split('/').filter(|stream| !stream.is_empty()).map(str::to_owned).collect();
    if streams.len() > MOST_STREAMS {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let unit = query.and_then(|query| parameter(query, "timeUnit"));
    let micros = unit.is_some_and(|unit| unit.eq_ignore_ascii_case("microsecond"));
    let nested_errors = shared.config.nested_errors;
    let subscriptions = Subscriptions { streams, combined, nested_errors };
    upgrade.on_upgrade(move |socket| Connection::new(shared, subscriptions, micros).run(socket))
}

/// A frame to be sent.
struct QueuedFrame {
    goes: Instant,
    message: Message,
}

/// A frame that is due, and its stream.
struct Due {
    stream: String,
    text: String,
}

struct Connection {
    shared: Arc<Shared>,
    subscriptions: Subscriptions,
    micros: bool,
    /// Tape time up to which everything has been sent.
    sent_until: i64,
    last_order: u64,
    /// Trades of each market to skip.
    gaps: Vec<usize>,
    /// Trades to malform, and how.
    malformed: (u32, bool),
    queued: Vec<QueuedFrame>,
    /// When the last frame of each lagging stream is sent: its frames stay in order.
    late: BTreeMap<String, Instant>,
    random: Random,
}

impl Connection {
    fn new(shared: Arc<Shared>, subscriptions: Subscriptions, micros: bool) -> Self {
        // a waiting tape gives its first subscriber everything from its first trade on
        let sent_until = shared.clock.tape_now();
        if !subscriptions.streams.is_empty() {
            shared.clock.start();
        }
        shared.sockets_opened.fetch_add(1, Ordering::Relaxed);
        let last_order = shared.faults().last_order;
        let gaps = vec![0; shared.tape().markets.len()];
        let random = Random::new(last_order);
        let (malformed, queued, late) = ((0, false), Vec::new(), BTreeMap::new());
        Self { shared, subscriptions, micros, sent_until, last_order, gaps, malformed, queued, late, random }
    }

    async fn run(mut self, socket: WebSocket) {
        let (mut sink, mut source) = socket.split();
        let opened = Instant::now();
        let (mut pinged, mut ponged) = (opened, opened);
        let mut heard: VecDeque<Instant> = VecDeque::new();
        if self.names_unknown() && sink.send(close(1008, "Invalid stream")).await.is_ok() {
            let rest = async { while let Some(Ok(_)) = source.next().await {} };
            drop(tokio::time::timeout(CLOSE_WITHIN, rest).await);
            return;
        }
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut out = Vec::new();
            tokio::select! {
                _ = tick.tick() => {
                    let Some(due) = self.due() else { return };
                    out = due;
                }
                message = source.next() => {
                    let Some(Ok(message)) = message else { return };
                    match message {
                        Message::Pong(_) => ponged = Instant::now(),
                        Message::Text(text) => out.push(Message::Text(self.request(&text).into())),
                        Message::Binary(_) | Message::Ping(_) | Message::Close(_) => {}
                    }
                    if is_flood(&mut heard) {
                        out = vec![close(1008, "Too many requests")];
                    }
                }
            }
            if pinged.elapsed() >= self.shared.config.ping_every {
                pinged = Instant::now();
                out.push(Message::Ping(self.random.bits().to_string().into()));
            }
            if ponged.elapsed() >= self.shared.config.ping_every * PINGS_UNANSWERED {
                out.push(close(1008, "Pong timeout"));
            }
            if opened.elapsed() >= self.shared.config.longest_connection {
                out.push(close(1000, ""));
            }
            for message in out {
                let closes = matches!(message, Message::Close(_));
                if sink.feed(message).await.is_err() {
                    return;
                }
                if closes {
                    if sink.flush().await.is_ok() {
                        // unread messages would reset the connection and lose the close code
                        let rest = async { while let Some(Ok(_)) = source.next().await {} };
                        drop(tokio::time::timeout(CLOSE_WITHIN, rest).await);
                    }
                    return;
                }
            }
            if sink.flush().await.is_err() {
                return;
            }
        }
    }

    /// Returns whether the address names an unknown stream, if that closes the socket.
    fn names_unknown(&self) -> bool {
        let tape = self.shared.tape();
        let mut streams = self.subscriptions.streams.iter();
        self.shared.config.unknown_stream == UnknownStream::Closed
            && streams.any(|stream| streams::topic(&tape, stream).is_none())
    }

    fn request(&mut self, text: &str) -> String {
        let reply = self.subscriptions.respond(text);
        if !self.subscriptions.streams.is_empty() {
            self.shared.clock.start();
        }
        reply
    }

    /// Returns everything that is due now: orders, delayed frames, and what the tape has brought; `None` if the
    /// connection is cut without a close frame.
    fn due(&mut self) -> Option<Vec<Message>> {
        let mut out = Vec::new();
        let orders = self.shared.faults().orders_after(&mut self.last_order);
        for order in orders {
            match order {
                Order::Cut => return None,
                Order::Close { code, reason } => out.push(close(code, &reason)),
                Order::Gap { trades } => self.gaps.iter_mut().for_each(|gap| *gap += trades as usize),
                Order::Send { text } => out.push(Message::Text(text.into())),
                Order::Malform { trades, number_for_price } => self.malformed = (trades, number_for_price),
                Order::Shutdown => {
                    let payload = frames::shutdown_payload(self.sent_until, self.format());
                    out.push(Message::Text(self.wrapped("!serverShutdown", &payload).into()));
                    self.queued.push(QueuedFrame {
                        goes: Instant::now() + SHUTDOWN_AFTER,
                        message: close(1001, ""),
                    });
                }
            }
        }
        let now = self.shared.clock.tape_now();
        let frames = self.frames(self.sent_until, now);
        self.sent_until = now;
        self.hold(frames);
        let moment = Instant::now();
        out.extend(self.queued.extract_if(.., |frame| frame.goes <= moment).map(|frame| frame.message));
        Some(out)
    }

    fn format(&self) -> Format {
        self.shared.format(self.micros)
    }

    /// Returns the frames of all followed streams that are due after `from` and up to `to`, in order of time.
    fn frames(&mut self, from: i64, to: i64) -> Vec<Due> {
        let shared = Arc::clone(&self.shared);
        let format = self.format();
        let tape = shared.tape();
        let mut frames: Vec<(i64, Due)> = Vec::new();
        for stream in self.subscriptions.streams.clone() {
            let Some((place, topic)) = streams::topic(&tape, &stream) else { continue };
            let market = &tape.markets[place];
            let silent = {
                let faults = shared.faults();
                faults.stalls(&market.symbol) || faults.stalls_stream(&stream)
            };
            if silent {
                continue;
            }
            let mut payloads = streams::payloads(market, &topic, from, to, format);
            if topic == Topic::Trade {
                let lost = self.gaps[place].min(payloads.len());
                self.gaps[place] -= lost;
                payloads.drain(..lost);
                for (_, payload) in &mut payloads {
                    self.malform(payload);
                }
            }
            frames.extend(payloads.into_iter().map(|(at, payload)| {
                (at, Due { stream: stream.clone(), text: self.wrapped(&stream, &payload) })
            }));
        }
        frames.sort_by_key(|(at, _)| *at);
        frames.into_iter().map(|(_, frame)| frame).collect()
    }

    /// Queues frames, twice or delayed if a fault says so.
    fn hold(&mut self, frames: Vec<Due>) {
        let (duplicates, shuffles) = {
            let faults = self.shared.faults();
            (faults.duplicates(), faults.shuffles())
        };
        let moment = Instant::now();
        for Due { stream, text } in frames {
            let lag = Duration::from_millis(self.shared.faults().lag_millis(&stream));
            if !lag.is_zero() {
                self.late.insert(stream.clone(), moment + lag);
            }
            let least = self.late.get(&stream).copied().unwrap_or(moment);
            for _ in 0..=usize::from(duplicates) {
                let delay = if shuffles { self.random.below(SHUFFLE_MILLIS) } else { 0 };
                let goes = least.max(moment + Duration::from_millis(delay));
                self.queued.push(QueuedFrame { goes, message: Message::Text(text.as_str().into()) });
            }
        }
    }

    fn malform(&mut self, payload: &mut String) {
        let (left, number_for_price) = &mut self.malformed;
        if *left == 0 {
            return;
        }
        *left -= 1;
        *payload = if *number_for_price {
            frames::with_number_for_price(payload)
        } else {
            frames::with_unknown_field(payload)
        };
    }

    fn wrapped(&self, stream: &str, payload: &str) -> String {
        if self.subscriptions.combined { frames::combined(stream, payload) } else { payload.to_owned() }
    }
}

/// Returns whether a message just received exceeds the limit of a rolling second.
fn is_flood(heard: &mut VecDeque<Instant>) -> bool {
    let now = Instant::now();
    heard.push_back(now);
    while heard.front().is_some_and(|&first| now - first > Duration::from_secs(1)) {
        heard.pop_front();
    }
    heard.len() > MESSAGES_PER_SEC
}

pub(crate) fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}
