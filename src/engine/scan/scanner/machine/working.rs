//! Tests, backtests and resamples pairs, a few milliseconds at a time.

use super::super::Around;
use super::super::message::{Interval95, News, Progress, Stage};
use super::Machine;
use crate::backtest::{Legs, Parameters, TestResults, break_even_fee_bps, check, tape_within};
use crate::scan::{Known, PairTest, Scan, Series};
use crate::settings::Source;
use crate::{Pair, Symbol, UnixMillis};
use core::num::NonZeroUsize;
use spreadscope_stats::{BootstrapSpec, Confidence};
use std::collections::BTreeMap;

/// Bars of pairs tested at a time: a few milliseconds.
const BARS_A_TIME: usize = 5_000;
/// Resampled series for the interval of a half-life.
const RESAMPLES: NonZeroUsize = NonZeroUsize::new(499).expect("Invariant: 499 is not 0");
const SEED: u64 = 21;

/// Pairs that cannot be backtested at a time.
const REFUSALS_AT_A_TIME: usize = 256;
/// Why pairs of files with closes alone are not backtested.
const CLOSES_ALONE: &str = "the bars are closes alone, and the default backtest fills at the next bar's open";

/// Break-even fee per fill on the bars of `test`, and on no others: earlier ones would warm the windows up, but not every
/// page that opens the pair has them.
fn fee(legs: Legs<'_>, parameters: &Parameters, test: &PairTest) -> Known {
    let span = test.span(parameters.settings.interval);
    let tape = tape_within(legs, &parameters.settings, span).map_err(|error| error.to_string())?;
    let (tests, bars) = (&mut TestResults::default(), 0..tape.len());
    break_even_fee_bps(&tape, tests, &parameters.rules, bars)
        .ok_or_else(|| "no trade in these bars".to_owned())
}

impl Machine {
    /// Starts the tests: all obtainable prices are here.
    pub(super) fn test(&mut self, now: UnixMillis) {
        let Some(plan) = &self.plan else { return };
        let (bars, spec) = (plan.bars, plan.spec);
        let with_prices: Vec<Symbol> =
            self.chosen.iter().filter(|symbol| self.markets.contains_key(symbol)).cloned().collect();
        let series: BTreeMap<Symbol, Series> = with_prices
            .into_iter()
            .map(|symbol| (symbol.clone(), self.markets[&symbol].series(bars)))
            .collect();
        if series.len() < 2 {
            let few = if series.is_empty() { "none of these has any" } else { "only one of these has any" };
            return self.fail(format!("A scan needs two markets with prices, and {few}."));
        }
        let scan = Scan::new(series, spec);
        self.progress = Progress {
            stage: Stage::Testing,
            all: scan.progress().pairs,
            weight: self.progress.weight,
            cancelled: self.progress.cancelled,
            ..Progress::default()
        };
        self.scan = Some(scan);
        self.is_urgent = true;
        // the first results are reported soon
        self.next_told = now;
    }

    pub(super) fn work_on(&mut self, around: &Around<'_>) {
        if let Some(pair) = self.resamples.pop_front() {
            let interval = self.half_life(&pair);
            self.news.push(News::HalfLife(pair, interval));
            return;
        }
        if self.progress.cancelled {
            return;
        }
        match (self.progress.stage, &mut self.scan) {
            (Stage::Testing, Some(scan)) => {
                let progress = scan.work(BARS_A_TIME);
                self.progress.done = progress.done;
                if progress.is_complete() {
                    self.report(around.now);
                    self.begin_backtests();
                }
            }
            (Stage::Backtesting, _) => self.backtest(),
            _ => {}
        }
    }

    /// Corrects the results so far and reports them.
    pub(super) fn report(&mut self, now: UnixMillis) {
        let Some(scan) = &self.scan else { return };
        let report = scan.report();
        self.tests_told = scan.tests().len();
        self.news.push(News::Report { at: now, report: report.clone() });
        if report.left == 0
            && let Some(plan) = &self.plan
        {
            let survival = self.last_scans.of(&self.origin, plan);
            self.changes = survival.remember(&report, &self.standing.survivors);
            self.untaken_changes.clone_from(&self.changes);
        }
        self.report = Some((now, report));
        self.tell_survival();
        self.is_urgent = true;
    }

    fn begin_backtests(&mut self) {
        let Some((_, report)) = &self.report else { return };
        let p_value = |place: &usize| report.pairs[*place].test.p_value;
        let mut untried: Vec<usize> = (0..report.pairs.len()).collect();
        untried.sort_by(|a, b| p_value(b).total_cmp(&p_value(a)));
        self.untried = untried;
        self.progress = Progress {
            stage: Stage::Backtesting,
            all: self.untried.len(),
            weight: self.progress.weight,
            ..Progress::default()
        };
    }

    /// Backtests the next pair, and says of those before it why they cannot be.
    fn backtest(&mut self) {
        for _ in 0..REFUSALS_AT_A_TIME {
            let next = self.untried.pop();
            let found = self.report.as_ref().zip(next).and_then(|((_, report), at)| report.pairs.get(at));
            let Some(test) = found.map(|pair| &pair.test) else {
                self.progress.stage = Stage::Done;
                self.is_urgent = true;
                return;
            };
            let traded = self.to_trade(&test.pair);
            let is_refused = traded.is_err();
            let fee = traded.and_then(|(legs, parameters)| fee(legs, &parameters, test));
            self.fees.push((test.pair.clone(), fee));
            self.progress.done += 1;
            if !is_refused {
                return;
            }
        }
    }

    /// The bars and the parameters of the default backtest of `pair`.
    fn to_trade(&self, pair: &Pair) -> Result<(Legs<'_>, Parameters), String> {
        let plan = self.plan.as_ref().ok_or_else(|| "there is no scan".to_owned())?;
        let of =
            |symbol: &Symbol| self.markets.get(symbol).ok_or_else(|| format!("{symbol} is not in this scan"));
        let (y, x) = (of(&pair.y)?, of(&pair.x)?);
        if y.closes_alone || x.closes_alone {
            return Err(CLOSES_ALONE.to_owned());
        }
        let legs = Legs { bars: [&y.bars, &x.bars], closes_alone: [false, false] };
        let mut parameters = Parameters::default();
        parameters.settings.source = Source::Recording;
        parameters.settings.pair = pair.clone();
        parameters.settings.interval = plan.interval;
        parameters.settings.price_scale = plan.spec.price_scale;
        check(&parameters, legs).map_err(|error| error.message)?;
        Ok((legs, parameters))
    }

    fn half_life(&self, pair: &Pair) -> Known<Interval95> {
        let scan = self.scan.as_ref().ok_or_else(|| "the scan is no longer there".to_owned())?;
        let bootstrap =
            BootstrapSpec { resamples: RESAMPLES, seed: SEED, confidence: Confidence::PERCENT_95 };
        let interval = scan.half_life_interval(pair, &bootstrap)?;
        Ok(Interval95 { low: interval.low, high: interval.high })
    }
}
