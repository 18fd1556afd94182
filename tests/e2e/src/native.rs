//! The same engine, natively, on the same tape: what the page's numbers must be.

use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::messages::event::{Event, Fact};
use spreadscope_engine::messages::input::{Input, Output, SocketEvent};
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};
use spreadscope_exchange::{Tape, trade_frame};
use std::collections::{BTreeMap, HashMap};

/// What the engine has told.
#[derive(Debug, Default)]
pub struct Told {
    /// Rows by open time.
    pub rows: BTreeMap<i64, Row>,
    /// Test results by the open time of their last bar.
    pub tests: HashMap<i64, Tests>,
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
}

/// Plays `tape` from its "now" for `millis`, with its past as history. Times are the tape's own.
pub fn play(settings: &Settings, tape: &Tape, millis: i64) -> Told {
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
    let mut run = Run {
        engine: Engine::new(1),
        told: Told::default(),
        tape,
        generation: 0,
        now: tape.now_ms,
        asks_for_tests: false,
    };
    run.input(Input::Command(Command::Configure(Box::new(settings.clone()))));
    for (event_ms, text) in frames {
        run.until(event_ms);
        run.input(Input::Socket { generation: run.generation, event: SocketEvent::Frame(text) });
    }
    run.until(end);
    run.told
}

struct Run<'a> {
    engine: Engine,
    told: Told,
    tape: &'a Tape,
    generation: u64,
    now: i64,
    asks_for_tests: bool,
}

impl Run<'_> {
    fn until(&mut self, now: i64) {
        while let Some(wakeup) = self.engine.next_wakeup().filter(|wakeup| wakeup.0 < now) {
            self.now = self.now.max(wakeup.0);
            self.input(Input::Wakeup);
        }
        self.now = self.now.max(now);
    }

    fn input(&mut self, input: Input) {
        self.engine.handle(UnixMillis(self.now), input);
        let mut answers = Vec::new();
        while let Some(output) = self.engine.poll() {
            match output {
                Output::OpenSocket { generation, .. } => self.generation = generation,
                Output::Fetch { id, url, .. } => {
                    answers.push(Input::Fetched { id, answer: self.answer(&url) });
                }
                Output::CloseSocket { .. }
                | Output::Store(_)
                | Output::ReadSlice(_)
                | Output::Emit(
                    Event::Live(_)
                    | Event::Inspection(_)
                    | Event::Listing(_)
                    | Event::RuleStates(_)
                    | Event::Watchlist(_)
                    | Event::Quotes(_)
                    | Event::Replay(_)
                    | Event::Scan(_)
                    | Event::Import(_)
                    | Event::Remembered(_)
                    | Event::Backtest(_)
                    | Event::Backup(_),
                ) => {}
                Output::Emit(Event::Fact { fact, .. }) => self.fact(fact),
            }
        }
        for answer in answers {
            self.input(answer);
        }
        // the page's engine runs its tests now and then; here they are run at every bar, to find its among them
        if core::mem::take(&mut self.asks_for_tests) {
            self.input(Input::Command(Command::RunTests));
        }
    }

    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if replace {
                    self.told.rows.clear();
                }
                self.told.rows.extend(rows.into_iter().map(|row| (row.open_time.0, row)));
                self.asks_for_tests = true;
            }
            Fact::Tests(tests) => drop(self.told.tests.insert(tests.open_time.0, *tests)),
            Fact::Alert(alert) => self.told.alerts.push(*alert),
            Fact::Configured(_)
            | Fact::Refused(_)
            | Fact::AlertLog(_)
            | Fact::Storage(_)
            | Fact::Evidence(_)
            | Fact::PastTests { .. }
            | Fact::Rules(_)
            | Fact::RulesRefused(_)
            | Fact::Feed { .. } => {}
        }
    }

    /// What REST would answer, from the same trades.
    fn answer(&self, url: &str) -> Result<String, FetchError> {
        self.tape.answer(url, self.now).map_err(|(code, body)| FetchError::Status { code, body })
    }
}
