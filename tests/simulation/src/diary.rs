//! What the engines of a run did and when, in ms of the exchange.

use crate::fault::{Fault, Plan, Timed};
use crate::page_state::PageState;
use spreadscope_engine::Interval;
use spreadscope_engine::connection::Phase;

/// A socket's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketLife {
    generation: u64,
    /// Its address.
    pub url: String,
    /// When it was requested.
    pub from: i64,
    /// When it was abandoned; `None` if it is still open.
    pub to: Option<i64>,
}

/// A REST request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRequest {
    /// When it was sent.
    pub at: i64,
    /// Its address.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
}

/// Sockets, requests, and the page's view of the connection.
#[derive(Debug, Default)]
pub struct Diary {
    /// All sockets, in the order of opening.
    pub sockets: Vec<SocketLife>,
    /// All requests, in order.
    pub requests: Vec<SentRequest>,
    /// The reported phases of the connection, with the time of each change.
    pub phases: Vec<(i64, Phase)>,
    /// The longest lag of the newest row's end so far.
    pub behind_most_millis: i64,
}

impl Diary {
    pub(crate) fn opened(&mut self, now: i64, generation: u64, url: &str) {
        self.sockets.push(SocketLife { generation, url: url.to_owned(), from: now, to: None });
    }

    pub(crate) fn closed(&mut self, now: i64, generation: u64) {
        let alive = self.sockets.iter_mut().rev().find(|socket| socket.generation == generation);
        if let Some(socket) = alive.filter(|socket| socket.to.is_none()) {
            socket.to = Some(now);
        }
    }

    pub(crate) fn all_closed(&mut self, now: i64) {
        for socket in self.sockets.iter_mut().filter(|socket| socket.to.is_none()) {
            socket.to = Some(now);
        }
    }

    pub(crate) fn sockets_since(&self, from: i64) -> usize {
        self.sockets.iter().rev().take_while(|socket| socket.from > from).count()
    }

    /// Returns the requests of the last ten minutes that met the hidden ban in force at `now`.
    pub(crate) fn requests_in_vain(&self, plan: &Plan, now: i64) -> usize {
        let bans = plan.faults.iter().filter(|timed| timed.fault == Fault::RestHidden);
        let met = |ban: &Timed| {
            let recent = self.requests.iter().rev().take_while(|request| request.at > now - 600_000);
            recent.filter(|request| (ban.from..ban.to).contains(&request.at)).count()
        };
        bans.filter(|ban| (ban.from..ban.to).contains(&now)).map(met).max().unwrap_or(0)
    }

    pub(crate) fn phase(&mut self, now: i64, phase: &Phase) {
        let kind = core::mem::discriminant(phase);
        if self.phases.last().is_none_or(|(_, last)| core::mem::discriminant(last) != kind) {
            self.phases.push((now, phase.clone()));
        }
    }

    pub(crate) fn tick(&mut self, now: i64, page: &PageState, interval: Interval) {
        if let Some(newest) = page.rows.keys().next_back() {
            self.behind_most_millis = self.behind_most_millis.max(now - newest.0 - interval.millis());
        }
    }
}
