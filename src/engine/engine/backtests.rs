//! The engine's part in backtests: a command waits until the backtest code is there, then advances a step at a
//! time.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::backtest::bench::{BenchInput, SetUp};
use crate::backtest::closes_alone;
use crate::backtest::pool::WorkerNews;
use crate::base::symbol::Leg;
use crate::messages::event::Event;
use crate::messages::input::Output;
use crate::settings::Source;
use crate::transfer::common::Common;

impl Engine {
    /// Runs backtests with the bench that `set_up` makes; until this call, commands wait. A bench that is there already
    /// stays, with its work: two commands in a row have the code fetched twice.
    pub fn backtest_with(&mut self, set_up: SetUp) {
        self.bench.get_or_insert_with(|| set_up.bench());
    }

    /// Whether backtests can be run.
    pub fn can_backtest(&self) -> bool {
        self.bench.is_some()
    }

    /// Starts on the newest command, and does one step of the current work.
    pub(super) fn advance_backtests(&mut self, now: UnixMillis) {
        let (Some(bench), Some(Running { analysis, markets, .. })) = (&mut self.bench, &self.running) else {
            return;
        };
        if let Some(command) = self.backtest_command.take() {
            let settings = analysis.settings();
            let of_closes = |leg: Leg| {
                let recorded = self.imports.recording(settings.pair.symbol(leg));
                recorded.is_some_and(|recorded| closes_alone(recorded.traded().map(|(_, traded)| traded)))
            };
            let is_file = settings.source == Source::Recording;
            let [y, x] = Leg::BOTH.map(|leg| self.imports.recording(settings.pair.symbol(leg)));
            let most = self.imports.limits().kept(settings.interval);
            let common = y.zip(x).and_then(|(y, x)| Common::of([y, x], settings.interval, most));
            let input = BenchInput {
                settings,
                bars: [markets.legs[0].chosen(), markets.legs[1].chosen()],
                closes_alone: Leg::BOTH.map(|leg| is_file && of_closes(leg)),
                span: markets.closed_span(),
                left_out: common.filter(|_| is_file).map_or(0, |common| common.left_out),
            };
            bench.command(&command, input);
        }
        let told = bench.work(now);
        self.outputs.extend(bench.take_errands().into_iter().map(Output::Sweep));
        self.outputs.extend(told.into_iter().map(|told| Output::Emit(Event::Backtest(told))));
    }

    /// Takes a message from a worker that computes cells.
    pub(super) fn take_worker_news(&mut self, news: WorkerNews) {
        if let Some(bench) = &mut self.bench {
            bench.hear(news);
        }
    }

    /// Whether a backtest has something to do at once.
    pub(super) fn is_backtesting(&self) -> bool {
        self.bench.as_ref().is_some_and(|bench| bench.is_busy())
    }
}
