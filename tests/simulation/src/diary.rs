//! What the engines of a run did and when, ms of the exchange.

use crate::fault::{Fault, Plan, Timed};
use crate::told::Told;
use spreadscope_engine::Interval;
use spreadscope_engine::connection::Phase;

/// A socket's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketLife {
    generation: u64,
    /// Its address.
    pub url: String,
    /// It was asked for.
    pub from: i64,
    /// It was abandoned; `None` when it still lives.
    pub to: Option<i64>,
}

/// A request over REST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// When it was asked.
    pub at: i64,
    /// Its address.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
}

/// Sockets, requests, and what the page saw of them.
#[derive(Debug, Default)]
pub struct Diary {
    /// All sockets, in the order of their opening.
    pub sockets: Vec<SocketLife>,
    /// All requests, in their order.
    pub asked: Vec<Asking>,
    /// Where the page was told that the connection stands, whenever that was something else.
    pub phases: Vec<(i64, Phase)>,
    /// The most that the end of the newest row was ever ago.
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

    /// Requests of the last ten minutes that met a ban which the browser hides, and which is in force at `now`.
    pub(crate) fn asked_in_vain(&self, plan: &Plan, now: i64) -> usize {
        let bans = plan.faults.iter().filter(|timed| timed.fault == Fault::RestHidden);
        let met = |ban: &Timed| {
            let recent = self.asked.iter().rev().take_while(|asked| asked.at > now - 600_000);
            recent.filter(|asked| (ban.from..ban.to).contains(&asked.at)).count()
        };
        bans.filter(|ban| (ban.from..ban.to).contains(&now)).map(met).max().unwrap_or(0)
    }

    pub(crate) fn phase(&mut self, now: i64, phase: &Phase) {
        let kind = core::mem::discriminant(phase);
        if self.phases.last().is_none_or(|(_, last)| core::mem::discriminant(last) != kind) {
            self.phases.push((now, phase.clone()));
        }
    }

    pub(crate) fn tick(&mut self, now: i64, told: &Told, interval: Interval) {
        if let Some(newest) = told.rows.keys().next_back() {
            self.behind_most_millis = self.behind_most_millis.max(now - newest.0 - interval.millis());
        }
    }
}
