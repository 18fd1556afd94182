//! Chromium's own debugger, for what the driver does not pass on: traces, and the worker beside the page.

use crate::browser::{Browser, Trouble};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::collections::VecDeque;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A connection to the debugger of a whole browser.
#[derive(Debug)]
pub struct Devtools {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    /// Events that came while an answer was waited for.
    events: VecDeque<Value>,
}

impl Devtools {
    /// Connects beside the driver.
    ///
    /// # Errors
    /// In words.
    pub async fn connect(browser: &Browser) -> Result<Self, Trouble> {
        Self::open(&browser.debugger()?).await
    }

    /// Connects to any address that takes calls in this form, as Firefox's does.
    ///
    /// # Errors
    /// In words.
    pub async fn open(address: &str) -> Result<Self, Trouble> {
        let (socket, _response) = connect_async(address).await?;
        Ok(Self { socket, last_id: 0, events: VecDeque::new() })
    }

    /// Calls a method of the browser, or of the target of a session.
    ///
    /// # Errors
    /// What the debugger says, or that it went away.
    pub async fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value, Trouble> {
        self.last_id += 1;
        let mut call = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = session {
            call["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(call.to_string())).await?;
        loop {
            let mut message = self.receive().await?;
            if message["id"] != self.last_id {
                self.events.push_back(message);
            } else if message["error"].is_null() {
                return Ok(message["result"].take());
            } else {
                return Err(format!("{method}: {}", message["error"]).into());
            }
        }
    }

    /// The next event, oldest first.
    ///
    /// # Errors
    /// The debugger went away.
    pub async fn event(&mut self) -> Result<Value, Trouble> {
        match self.events.pop_front() {
            Some(event) => Ok(event),
            None => self.receive().await,
        }
    }

    async fn receive(&mut self) -> Result<Value, Trouble> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text)?),
                Some(Ok(_ping_or_other)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the debugger went away".into()),
            }
        }
    }
}
