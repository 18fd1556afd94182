//! The sockets: which to open and close, and their frames.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::base::symbol::Leg;
use crate::binance::{streams, wire};
use crate::connection::{Connection, Step};
use crate::market::Unheard;
use crate::messages::input::{Output, SocketEvent};

/// A market that has been silent for this long although REST shows trades: its streams are dead, even if the
/// socket is not.
const DEAF_MILLIS: i64 = 15_000;
/// While REST does not respond, a market that should send every second counts as quiet for this long.
const DEAF_UNPROVED_MILLIS: i64 = 120_000;

impl Engine {
    pub(super) fn restart(&mut self, now: UnixMillis) {
        let Some(Running { stream_hosts, analysis, .. }) = &self.running else { return };
        let (hosts, patience) = (stream_hosts.clone(), analysis.settings().source.offer().patience);
        self.connect(|connection| connection.restart(now, &hosts, patience));
    }

    /// Ends the waits that may be ended, and applies `change` to the connection.
    pub(super) fn end_waits(&mut self, now: UnixMillis, change: impl FnOnce(&mut Connection)) {
        let Some(running) = &mut self.running else { return };
        // there is nothing to connect to
        if running.stream_hosts.is_empty() {
            return;
        }
        running.schedule.retry(now);
        self.connect(change);
    }

    /// Applies `change` to the connection and performs its steps; doubts all later bars while no socket is
    /// live.
    pub(super) fn connect(&mut self, change: impl FnOnce(&mut Connection)) {
        let covered = self.connection.covers();
        change(&mut self.connection);
        if let Some(running) = self.running.as_mut().filter(|_| covered && !self.connection.covers()) {
            running.markets.disconnected();
        }
        self.open_and_close();
    }

    /// Opens and closes sockets as the connection requires.
    fn open_and_close(&mut self) {
        let Some(running) = &mut self.running else { return };
        for step in self.connection.take_steps() {
            self.outputs.push_back(match step {
                Step::Close { generation } => Output::CloseSocket { generation },
                Step::Open { generation, host } => {
                    running.aggregated = running.markets.mute();
                    let settings = running.analysis.settings();
                    let url = streams::url(&host, &settings.source, &settings.pair, running.aggregated);
                    Output::OpenSocket { generation, url }
                }
            });
        }
    }

    pub(super) fn socket(&mut self, now: UnixMillis, generation: u64, event: SocketEvent) {
        match event {
            SocketEvent::Opened => {}
            SocketEvent::Frame(text) => self.frame(now, generation, &text),
            SocketEvent::Closed { code, reason } => {
                let reason = match (code, reason.as_str()) {
                    (1006, "") => "the network or the exchange cut the connection (code 1006)".to_owned(),
                    (code, "") => format!("the exchange closed the connection (code {code})"),
                    (code, reason) => format!("the exchange closed the connection: {reason} (code {code})"),
                };
                self.connect(|connection| connection.lost(now, generation, reason));
            }
        }
    }

    pub(super) fn frame(&mut self, now: UnixMillis, generation: u64, text: &str) {
        self.frame_of(now, generation, || wire::parse(text));
    }

    /// Takes the frame from `read`, unless its socket is no longer wanted.
    pub(super) fn frame_of<'a>(
        &mut self,
        now: UnixMillis,
        generation: u64,
        read: impl FnOnce() -> Result<wire::Frame<'a>, wire::Rejection>,
    ) {
        if !self.connection.is_wanted(generation) {
            return;
        }
        let covered = self.connection.covers();
        self.connection.frame(now, generation);
        self.rate.count(now);
        self.status.frames += 1;
        self.status.last_frame_local = Some(self.local.local(now));
        let Some(running) = &mut self.running else { return };
        if !covered {
            running.schedule.reconnected(now);
        }
        let frame = match read() {
            Ok(frame) => frame,
            Err(rejection) => return self.reject(rejection.to_string()),
        };
        let event_time = frame.event_time();
        if let Some(time) = event_time
            && !running.markets.tick(time, now)
        {
            return self
                .reject(format!("field E must not leap ahead of the exchange's time, was {}", time.0));
        }
        let pair = &running.analysis.settings().pair;
        let leg = match frame {
            wire::Frame::Trade { symbol, trade } => {
                pair.leg_of(&symbol).inspect(|&leg| running.markets.trade(leg, trade))
            }
            wire::Frame::Aggregate { symbol, event_time, row } => {
                pair.leg_of(&symbol).inspect(|&leg| running.markets.aggregate(leg, event_time, &row))
            }
            wire::Frame::SecondBar { symbol, bar } => {
                pair.leg_of(&symbol).inspect(|&leg| running.markets.second_bar(leg, &bar))
            }
            wire::Frame::ServerShutdown => {
                return self.connect(|connection| connection.shutdown(now, generation));
            }
            wire::Frame::Error { code, message } => {
                return self.reject(format!("the exchange reports an error: {message} (code {code})"));
            }
            wire::Frame::Clock(_) | wire::Frame::Reply | wire::Frame::Unused => None,
        };
        if let Some(leg) = leg {
            self.connection.heard(now, generation, leg);
        }
        if let Some(event_time) = event_time {
            self.pushed(now, generation, event_time);
        }
    }

    fn reject(&mut self, reason: String) {
        self.status.rejected += 1;
        self.status.last_rejection = Some(reason);
    }

    /// A frame sent at `event_time` has been taken: ends the connection if it has a lasting backlog, and
    /// replaces it if a market, or its trades, have gone silent.
    fn pushed(&mut self, now: UnixMillis, generation: u64, event_time: UnixMillis) {
        self.connection.pushed(now, generation, event_time);
        if let Some(Running { analysis, markets, aggregated, schedule, .. }) = &self.running {
            let pair = &analysis.settings().pair;
            let is_deaf = |unheard: &Unheard| {
                unheard.millis >= DEAF_MILLIS && unheard.has_traded
                    || unheard.millis >= DEAF_UNPROVED_MILLIS && !schedule.responds()
            };
            if let Some(Unheard { leg, millis, .. }) = markets.unheard().find(is_deaf) {
                let (symbol, secs) = (pair.symbol(leg), millis / 1_000);
                let reason = || format!("nothing from {symbol} for {secs} s, but the connection is live");
                // after a replacement that did not help, the next one comes later each time
                self.connection.replace(now, DEAF_MILLIS.max(millis / 2), reason);
            }
            let mute = markets.mute();
            if let Some(leg) =
                Leg::BOTH.into_iter().find(|&leg| mute[leg as usize] && !aggregated[leg as usize])
            {
                let symbol = pair.symbol(leg);
                let reason = || format!("{symbol} trades, but no trades arrive: trying its aggregate trades");
                self.connection.replace(now, DEAF_MILLIS, reason);
            }
        }
        self.open_and_close();
    }
}
