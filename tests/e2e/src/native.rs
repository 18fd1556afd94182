//! The same engine, natively, on the same tape: what the page's numbers must be.

use spreadscope_engine::event::{Alert, Event, Fact, Row};
use spreadscope_engine::input::{FetchError, Input, Output, SocketEvent};
use spreadscope_engine::tests_report::Tests;
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};
use spreadscope_exchange::{Kline, Tape, klines, trade_frame};
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
                Output::Fetch { id, url } => answers.push(Input::Fetched { id, answer: self.answer(&url) }),
                Output::CloseSocket { .. }
                | Output::Store(_)
                | Output::ReadSlice(_)
                | Output::Emit(
                    Event::Live(_)
                    | Event::Inspection(_)
                    | Event::Listing(_)
                    | Event::RuleStates(_)
                    | Event::Import(_),
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
            | Fact::PastTests { .. }
            | Fact::Rules(_)
            | Fact::RulesRefused(_) => {}
        }
    }

    /// What REST would answer, from the same trades.
    fn answer(&self, url: &str) -> Result<String, FetchError> {
        let query = |name: &str| url.split(['?', '&']).find_map(|part| part.strip_prefix(name));
        let number = |name: &str| query(name).and_then(|text| text.parse::<i64>().ok());
        let market = query("symbol=").and_then(|symbol| self.tape.market(symbol));
        let (Some(market), Some(interval)) = (market, query("interval=")) else {
            return Err(FetchError::Unreachable(url.to_owned()));
        };
        let step = match interval {
            "1s" => 1_000,
            "1m" => 60_000,
            _ => 300_000,
        };
        let limit = number("limit=").unwrap_or(500);
        let to = number("endTime=").unwrap_or(self.now).min(self.now).div_euclid(step) * step;
        let from = number("startTime=").unwrap_or(to - (limit - 1) * step);
        let rows: Vec<String> =
            klines(market.pushed_by(self.now), step, from, to).iter().map(|bar| row(bar, step)).collect();
        Ok(format!("[{}]", rows.join(",")))
    }
}

fn row(bar: &Kline, step: i64) -> String {
    let decimal = |e8: u128| format!("{}.{:08}", e8 / 100_000_000, e8 % 100_000_000);
    let [open, high, low, close] = bar.prices_e8.map(|price| decimal(u128::from(price)));
    format!(
        r#"[{},"{open}","{high}","{low}","{close}","{}",{},"{}",{},"{}","{}","0"]"#,
        bar.open_ms,
        decimal(bar.volume_e8),
        bar.open_ms + step - 1,
        decimal(bar.quote_e8),
        bar.trades,
        decimal(bar.taker_base_e8),
        decimal(bar.taker_quote_e8),
    )
}
