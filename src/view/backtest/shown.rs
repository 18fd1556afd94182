//! A run as the page holds it.

use crate::view::charts::range::Span;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::backtest::bench::message::Ran;
use spreadscope_engine::backtest::{FillAt, Reason};

/// A run with the open times of its bars, which every chart over time needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The run.
    pub ran: Ran,
    /// Open times of its bars, milliseconds since 1970.
    pub times: Vec<f64>,
    /// The equity minus its highest so far, as a fraction of capital; at most 0.
    pub drawdown: Vec<f64>,
}

impl Shown {
    /// Prepares a run for display.
    pub fn new(ran: Ran) -> Self {
        let times = (0..ran.bars).map(|at| ran.open_time(at).as_f64()).collect();
        let rules = &ran.parameters.rules;
        let mut peak = rules.notional;
        let below = ran.ledger.equity.iter().map(|&equity| {
            peak = peak.max(equity);
            (equity - peak) / rules.notional
        });
        let drawdown = below.collect();
        Self { ran, times, drawdown }
    }

    /// Returns the span from the open of the first bar to the close of the last.
    pub fn span(&self) -> Span {
        Span { from: self.ran.from.as_f64(), to: self.ran.open_time(self.ran.bars).as_f64() }
    }

    /// Returns the place of the bar that contains `time`.
    pub fn at(&self, time: f64) -> Option<usize> {
        self.times.partition_point(|&open| open <= time).checked_sub(1)
    }

    /// Returns when a fill in the bar that opens at `time` was made, milliseconds since 1970.
    pub fn filled(&self, time: UnixMillis, reason: Reason) -> f64 {
        let at_open = self.fill_of(reason) == FillAt::NextOpen;
        time.as_f64() + if at_open { 0.0 } else { self.step() }
    }

    /// Returns the close of the bar that decided a fill in the bar that opens at `time`, unless the order waited.
    pub fn decided(&self, time: UnixMillis, reason: Reason) -> f64 {
        let in_this_bar = self.fill_of(reason) == FillAt::SameClose;
        time.as_f64() + if in_this_bar { self.step() } else { 0.0 }
    }

    fn fill_of(&self, reason: Reason) -> FillAt {
        // the end of the data closes at the last price, whatever the rules are
        if reason == Reason::EndOfData { FillAt::SameClose } else { self.ran.parameters.rules.fill }
    }

    fn step(&self) -> f64 {
        self.ran.parameters.settings.interval.millis() as f64
    }

    /// Returns a span that shows a round trip whole, with as much again before and after it.
    pub fn span_of(&self, trade: usize) -> Option<Span> {
        let trade = self.ran.ledger.trades.get(trade)?;
        let (from, to) = (trade.entry_time.as_f64(), trade.exit_time.as_f64());
        let least = 60.0 * self.ran.parameters.settings.interval.millis() as f64;
        let room = (to - from).max(least);
        Some(Span { from: from - room, to: to + room })
    }
}

#[cfg(test)]
pub(in crate::view) mod tests {
    use super::*;
    use spreadscope_engine::backtest::Parameters;
    use spreadscope_engine::backtest::bench::message::{
        BacktestCommand, BacktestReport, CommandId, News, Wanted,
    };
    use spreadscope_engine::backtest::bench::{BenchInput, set_up};
    use spreadscope_engine::bars::{Bar, Bars, DecimalSum, Origin, Traded};
    use spreadscope_engine::messages::protocol::{decode, encode};
    use spreadscope_engine::{Interval, Settings};

    /// Makes two legs of which one strays from the other and comes back.
    fn legs(bars: i64) -> [Bars; 2] {
        [0.0, 1.0].map(|leg| {
            let mut made = Bars::new(Interval::OneMinute);
            for at in 0..bars {
                let time = at as f64;
                let common = 100.0 + 2.0 * (time / 23.0).sin() + (time / 7.3).sin();
                let stray = 0.8 * (time / 5.1).sin() * (time / 41.0).sin();
                let price = common + leg * stray + 0.01 * ((at * 7 % 11) as f64);
                let sum = DecimalSum::of(1.0);
                let traded = Traded {
                    open: price - 0.001,
                    high: price + 0.01,
                    low: price - 0.01,
                    close: price,
                    volume: sum,
                    quote_volume: sum,
                    taker_base: sum,
                    taker_quote: sum,
                    trades: 1,
                    first_trade_id: None,
                    last_trade_id: None,
                };
                let bar = Bar { traded: Some(traded), origin: Origin::Live };
                made.put(UnixMillis(1_699_920_000_000 + 60_000 * at), bar);
            }
            made
        })
    }

    /// Returns the bench's news for `wanted`, one request after the other, over 4,000 minutes.
    pub(in crate::view) fn news_of(wanted: impl IntoIterator<Item = Wanted>) -> Vec<News> {
        let settings = settings();
        let bars = legs(4_000);
        let span = bars[0].first().zip(bars[0].end());
        let (bars, closes_alone) = ([&bars[0], &bars[1]], [false; 2]);
        let input = BenchInput { settings: &settings, bars, closes_alone, span, left_out: 0 };
        let mut bench = set_up(0);
        let mut all = Vec::new();
        for wanted in wanted {
            bench.command(&encode(&BacktestCommand { id: CommandId::default(), wanted }), input);
            while bench.is_busy() {
                let told = bench
                    .work(UnixMillis(0))
                    .into_iter()
                    .map(|told| decode::<BacktestReport>(&told).unwrap().news);
                all.extend(told.filter(|news| !matches!(news, News::Progress { .. } | News::Cells(_))));
            }
        }
        all
    }

    pub(in crate::view) fn settings() -> Settings {
        Settings {
            interval: Interval::OneMinute,
            hedge_window_bars: 120,
            z_window_bars: 60,
            ..Settings::default()
        }
    }

    /// Requests a run with `changes` to the defaults.
    pub(in crate::view) fn run(changes: &[(&str, &str)]) -> Wanted {
        let mut parameters = Parameters { settings: settings(), ..Parameters::default() };
        for (name, value) in changes {
            parameters.set(name, value).unwrap();
        }
        Wanted::Run { parameters: Box::new(parameters), enter_by: None, renew: false, within: None }
    }

    pub(in crate::view) fn shown(changes: &[(&str, &str)]) -> Shown {
        let News::Ran(ran) = news_of([run(changes)]).remove(0) else { panic!("no run") };
        Shown::new(*ran)
    }

    #[test]
    fn a_drawdown_begins_at_capital_and_its_deepest_is_the_metrics() {
        let shown = shown(&[]);
        assert!(shown.ran.ledger.trades.len() > 20 && shown.drawdown.len() == 4_000);
        let deepest = shown.drawdown.iter().copied().fold(0.0, f64::min);
        assert!((deepest + shown.ran.metrics[0].max_drawdown).abs() < 1e-12);
        assert!(shown.drawdown.iter().all(|fall| *fall <= 0.0));
    }

    #[test]
    fn a_round_trip_is_seen_with_room_about_it() {
        let shown = shown(&[]);
        let trade = shown.ran.ledger.trades[0];
        let span = shown.span_of(0).unwrap();
        assert!(span.from <= trade.entry_time.as_f64() - 3_600_000.0);
        assert!(span.to >= trade.exit_time.as_f64() + 3_600_000.0);
        assert_eq!(shown.span_of(99_999), None);
        assert_eq!(
            shown.at(trade.entry_time.as_f64() + 1.0).map(|at| shown.times[at]),
            Some(trade.entry_time.as_f64())
        );
    }
}
