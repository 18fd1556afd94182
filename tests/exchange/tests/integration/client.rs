//! A small client, and a small tape for it.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Exchange, Tape};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) static TAPE: LazyLock<Tape> =
    LazyLock::new(|| synthetic::tape(&synthetic::Spec { seed: 5, history_hours: 2, live_hours: 2 }));

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn start(config: Config) -> Exchange {
    Exchange::start(TAPE.clone(), config).await.expect("a free port can be had")
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent()
}

/// Requests `path`, which begins after `/api/v3/`.
pub(crate) async fn get(exchange: &Exchange, path: &str) -> Answer {
    try_get(exchange, path).await.expect("an answer comes")
}

pub(crate) async fn try_get(exchange: &Exchange, path: &str) -> Result<Answer, ureq::Error> {
    let url = format!("{}/api/v3/{path}", exchange.origin());
    let call = move || {
        let mut response = agent().get(&url).call()?;
        let body = response.body_mut().read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
    };
    tokio::task::spawn_blocking(call).await.expect("the call does not panic")
}

pub(crate) async fn post_fault(exchange: &Exchange, fault: &'static str) -> u16 {
    let url = format!("{}/control/fault", exchange.origin());
    let call = move || agent().post(&url).send(fault).expect("an answer comes").status().as_u16();
    tokio::task::spawn_blocking(call).await.expect("the call does not panic")
}

pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Opens a websocket at `path`, which begins with `/ws` or `/stream`.
pub(crate) async fn connect(exchange: &Exchange, path: &str) -> Result<Socket, Error> {
    let url = format!("ws://{}{path}", exchange.address());
    let (socket, _response) = timeout(PATIENCE, connect_async(url)).await.expect("the handshake ends")?;
    Ok(Socket(socket))
}

impl Socket {
    pub(crate) async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("the socket is open");
    }

    /// Returns the next message other than a ping.
    pub(crate) async fn next(&mut self) -> Option<Result<Message, Error>> {
        loop {
            let next = timeout(PATIENCE, self.0.next()).await.expect("something comes");
            if !matches!(next, Some(Ok(Message::Ping(_)))) {
                return next;
            }
        }
    }

    pub(crate) async fn text(&mut self) -> String {
        let message = self.next().await.expect("the socket is open").expect("a frame comes");
        message.into_text().expect("frames are texts").to_string()
    }

    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.text().await).expect("frames are JSON")
    }

    /// Returns all texts that arrive within `millis`.
    pub(crate) async fn texts_for(&mut self, millis: u64) -> Vec<String> {
        let mut texts = Vec::new();
        let until = tokio::time::Instant::now() + Duration::from_millis(millis);
        while let Ok(Some(Ok(message))) = tokio::time::timeout_at(until, self.0.next()).await {
            if let Message::Text(text) = message {
                texts.push(text.to_string());
            }
        }
        texts
    }

    /// Reads up to the close frame and returns its code; `None` if the connection ends without one.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

/// Returns the trade ids of one market in combined frames, in the order of arrival.
pub(crate) fn ids(frames: &[String], symbol: &str) -> Vec<u64> {
    let frames = frames.iter().map(|frame| serde_json::from_str::<Value>(frame).expect("frames are JSON"));
    frames
        .filter(|frame| frame["data"]["s"] == symbol)
        .filter_map(|frame| frame["data"]["t"].as_u64())
        .collect()
}

pub(crate) fn is_contiguous(ids: &[u64]) -> bool {
    ids.windows(2).all(|pair| pair[1] == pair[0] + 1)
}
