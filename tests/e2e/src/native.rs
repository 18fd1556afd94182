//! The same engine, run natively on the same tape: the reference for the page's numbers.

use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::messages::input::{Input, SocketEvent};
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};
use spreadscope_exchange::{Tape, trade_frame};
use spreadscope_simulation::{Driver, Fetch};
use std::collections::{BTreeMap, HashMap};

/// What the engine has reported.
#[derive(Debug, Default)]
pub struct Reported {
    /// Rows by open time.
    pub rows: BTreeMap<i64, Row>,
    /// Test results by the open time of their last bar.
    pub tests: HashMap<i64, Tests>,
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
}

/// Plays `tape` from its "now" for `millis`, with its past as history. Times are the tape's own.
pub fn play(settings: &Settings, tape: &Tape, millis: i64) -> Reported {
    let end = tape.now_ms + millis;
    let mut frames: Vec<(i64, String)> = tape
        .markets
        .iter()
        .filter(|market| settings.pair.leg_of(&market.symbol).is_some())
        .flat_map(|market| {
            let after = market.trades.partition_point(|trade| trade.event_ms <= tape.now_ms);
            market.trades[after..]
                .iter()
                .take_while(|trade| trade.event_ms <= end)
                .map(|trade| (trade.event_ms, trade_frame(&market.symbol, trade)))
        })
        .collect();
    frames.sort_by_key(|(event_ms, _)| *event_ms);
    let driver = Driver::new(Engine::new(1), UnixMillis(tape.now_ms));
    let mut run = Run { driver, tape, rows_told: (0, 0) };
    run.input(tape.now_ms, Input::Command(Command::Configure(Box::new(settings.clone()))));
    for (event_ms, text) in frames {
        run.until(event_ms);
        let generation = run.driver.sockets.keys().next_back().copied().unwrap_or_default();
        run.input(event_ms, Input::Socket { generation, event: SocketEvent::Frame(text) });
    }
    run.until(end);
    let page = run.driver.page;
    Reported {
        rows: page.rows.into_iter().map(|(open_time, row)| (open_time.0, row)).collect(),
        tests: page.tests.into_iter().map(|tests| (tests.open_time.0, tests)).collect(),
        alerts: page.alerts,
    }
}

struct Run<'a> {
    driver: Driver,
    tape: &'a Tape,
    /// Number of rows, and number of rows reported again: each reported row changes one of them.
    rows_told: (usize, usize),
}

impl Run<'_> {
    fn until(&mut self, now: i64) {
        while let Some(wakeup) = self.driver.engine.next_wakeup().filter(|wakeup| wakeup.0 < now) {
            self.input(wakeup.0, Input::Wakeup);
        }
    }

    fn input(&mut self, now: i64, input: Input) {
        let now = self.driver.now.max(UnixMillis(now));
        self.driver.input(now, input);
        for Fetch { id, url, .. } in core::mem::take(&mut self.driver.fetches) {
            // the response that REST would give, from the same trades
            let answer =
                self.tape.respond(&url, now.0).map_err(|(code, body)| FetchError::Status { code, body });
            self.input(now.0, Input::Fetched { id, response: answer });
        }
        // the page's engine runs its tests now and then; here they run at every bar, so that the page's are
        // among them
        let rows_told = (self.driver.page.rows.len(), self.driver.page.reported_again);
        if core::mem::replace(&mut self.rows_told, rows_told) != rows_told {
            self.input(now.0, Input::Command(Command::RunTests));
        }
    }
}
