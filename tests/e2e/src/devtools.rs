//! Chromium's own debugger, for what the driver does not expose: traces, and the page's worker.

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
    /// Events that arrived while a response was awaited.
    events: VecDeque<Value>,
}

impl Devtools {
    /// Connects in parallel with the driver.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn connect(browser: &Browser) -> Result<Self, Trouble> {
        Self::open(&browser.debugger()?).await
    }

    /// Connects to any address that accepts calls in this form, such as Firefox's.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn open(address: &str) -> Result<Self, Trouble> {
        let (socket, _response) = connect_async(address).await?;
        Ok(Self { socket, last_id: 0, events: VecDeque::new() })
    }

    /// Calls a method of the browser, or of the target of a session.
    ///
    /// # Errors
    /// The debugger's error, or a lost connection.
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

    /// Returns the next event, oldest first.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn event(&mut self) -> Result<Value, Trouble> {
        match self.events.pop_front() {
            Some(event) => Ok(event),
            None => self.receive().await,
        }
    }

    /// Attaches to the page at `address` and to its worker; returns the session of each.
    ///
    /// # Errors
    /// There is no such page.
    pub async fn attach(&mut self, address: &str) -> Result<(String, String), Trouble> {
        let told = self.call(None, "Target.getTargets", json!({})).await?;
        let targets = told["targetInfos"].as_array().ok_or("the debugger told no targets")?;
        let is_page = |url: &str| url.starts_with(address);
        let target = targets
            .iter()
            .find(|target| target["type"] == "page" && target["url"].as_str().is_some_and(is_page))
            .ok_or_else(|| format!("no page is open at {address}"))?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let told = self.call(None, "Target.attachToTarget", attach).await?;
        let page = told["sessionId"].as_str().ok_or("the page gave no session")?.to_owned();
        let follow = json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true });
        self.call(Some(&page), "Target.setAutoAttach", follow).await?;
        loop {
            let event = self.event().await?;
            let attached = &event["params"];
            if event["method"] == "Target.attachedToTarget" && attached["targetInfo"]["type"] == "worker" {
                let worker = attached["sessionId"].as_str().ok_or("the worker gave no session")?;
                return Ok((page, worker.to_owned()));
            }
        }
    }

    /// Returns the complaints so far of a session's scripts and of the browser about them: the debugger repeats
    /// them to late listeners.
    ///
    /// # Errors
    /// The debugger's error.
    pub async fn complaints(&mut self, session: &str) -> Result<Vec<String>, Trouble> {
        for domain in ["Log.enable", "Runtime.enable"] {
            self.call(Some(session), domain, json!({})).await?;
        }
        // everything to be repeated arrives before the response to this
        self.call(Some(session), "Runtime.evaluate", json!({ "expression": "1" })).await?;
        let told = self.events.iter().filter(|event| event["sessionId"] == session);
        Ok(told.filter_map(complaint).collect())
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

fn complaint(event: &Value) -> Option<String> {
    let told = &event["params"];
    match event["method"].as_str()? {
        "Log.entryAdded" if told["entry"]["level"] == "error" => Some(told["entry"]["text"].to_string()),
        "Runtime.consoleAPICalled" if told["type"] == "error" => Some(told["args"][0]["value"].to_string()),
        "Runtime.exceptionThrown" => Some(told["exceptionDetails"]["text"].to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_complaints_and_what_is_merely_said_is_none() {
        let logged = |level| json!({ "method": "Log.entryAdded", "params": { "entry": { "level": level, "text": "refused" } } });
        assert_eq!(complaint(&logged("error")).as_deref(), Some("\"refused\""));
        assert_eq!(complaint(&logged("info")), None);
        let said = |kind| json!({ "method": "Runtime.consoleAPICalled", "params": { "type": kind, "args": [{ "value": "words" }] } });
        assert_eq!(complaint(&said("error")).as_deref(), Some("\"words\""));
        assert_eq!(complaint(&said("log")), None);
        assert_eq!(complaint(&json!({ "id": 1 })), None);
    }
}
