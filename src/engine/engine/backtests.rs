//! The engine's part in backtests: asks wait until there is what works on them, and go on a step at a time.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::backtest::bench::{Held, SetUp};
use crate::backtest::closes_alone;
use crate::backtest::pool::Said;
use crate::base::symbol::Leg;
use crate::messages::event::Event;
use crate::messages::input::Output;
use crate::settings::Source;

impl Engine {
    /// Backtests are run by what `set_up` makes from now on; until then nothing is, and what is asked for waits.
    pub fn backtest_with(&mut self, set_up: SetUp) {
        self.bench = Some(set_up.bench());
    }

    /// Whether backtests can be run.
    pub fn can_backtest(&self) -> bool {
        self.bench.is_some()
    }

    /// Begins with the newest ask, and does a step of what is under way.
    pub(super) fn advance_backtests(&mut self, now: UnixMillis) {
        let (Some(bench), Some(Running { analysis, markets, .. })) = (&mut self.bench, &self.running) else {
            return;
        };
        if let Some(ask) = self.backtest_asked.take() {
            let settings = analysis.settings();
            let of_closes = |leg: Leg| {
                let recorded = self.imports.recording(settings.pair.symbol(leg));
                recorded.is_some_and(|recorded| closes_alone(recorded.traded().map(|(_, traded)| traded)))
            };
            let is_file = settings.source == Source::Recording;
            let held = Held {
                settings,
                bars: [markets.legs[0].chosen(), markets.legs[1].chosen()],
                closes_alone: Leg::BOTH.map(|leg| is_file && of_closes(leg)),
                span: markets.closed_span(),
            };
            bench.ask(&ask, held);
        }
        let told = bench.work(now);
        self.outputs.extend(bench.take_errands().into_iter().map(Output::Sweep));
        self.outputs.extend(told.into_iter().map(|told| Output::Emit(Event::Backtest(told))));
    }

    /// Takes news of a worker that tries cells.
    pub(super) fn sweeper_said(&mut self, said: Said) {
        if let Some(bench) = &mut self.bench {
            bench.hear(said);
        }
    }

    /// Whether a backtest has something to do at once.
    pub(super) fn is_backtesting(&self) -> bool {
        self.bench.as_ref().is_some_and(|bench| bench.is_busy())
    }
}
