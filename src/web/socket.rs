//! A websocket: its news as [`SocketEvent`]s, until it is dropped.

use super::reason;
use spreadscope_engine::messages::input::SocketEvent;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// An open or opening socket. Dropping it detaches its handlers first, so that no further events arrive.
#[derive(Debug)]
pub struct Socket {
    inner: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens `url`.
    ///
    /// # Errors
    /// A clause when the address is refused outright, for example by the content security policy.
    pub fn open(url: &str, on_event: impl Fn(SocketEvent) + 'static) -> Result<Self, String> {
        let inner = WebSocket::new(url).map_err(|error| reason::clause(&error))?;
        let on_event = Rc::new(on_event);
        let opened = {
            let on_event = Rc::clone(&on_event);
            Closure::<dyn FnMut()>::new(move || on_event(SocketEvent::Opened))
        };
        let message = {
            let on_event = Rc::clone(&on_event);
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                // Binance's frames are text; anything else is passed on as an empty frame
                on_event(SocketEvent::Frame(message.data().as_string().unwrap_or_default()));
            })
        };
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |close: CloseEvent| {
            on_event(SocketEvent::Closed { code: close.code(), reason: close.reason() });
        });
        inner.set_onopen(Some(opened.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { inner, _opened: opened, _message: message, _closed: closed })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        // a socket that refuses to close has no listeners any more
        drop(self.inner.close());
    }
}
