//! The fee per fill at which a run leaves nothing.
//!
//! With the same fills it is 10⁴ (net + fees) ÷ turnover. At another fee the fills are the same unless something
//! reads the equity: the largest loss, the stop on drawdown, reinvested profits, and lost capital all do. Then runs
//! at other fees find where the net profit changes its sign.

use super::rules::Rules;
use super::run::{Ledger, Run};
use super::tape::Tape;
use super::tested::TestResults;
use core::ops::Range;

/// Runs after which the bracket found so far has to do: halving alone needs 24 from 1,000 bps to 0.0001.
const MOST_RUNS: usize = 40;
/// Runs for which the fills so far say which fee is tried next; then the bracket is doubled or halved.
const BY_FILLS: usize = 12;
/// The bracket is narrow enough at this share of the fee, or at this many bps.
const NARROW: f64 = 1e-5;

/// A fee that has been tried, and the one at which its fills would leave nothing.
#[derive(Debug, Clone, Copy)]
struct Tried {
    fee_bps: f64,
    with_its_fills: f64,
}

/// A search for the fee, a run at a time.
#[derive(Debug)]
pub struct BreakEven {
    rules: Rules,
    bars: Range<usize>,
    /// The highest fee known to leave something, and the lowest above it that does not.
    pays: Option<Tried>,
    fails: Option<Tried>,
    found: Option<f64>,
    runs: usize,
    running: Option<Box<Run>>,
}

/// What a ledger comes to: net profit, fees and turnover.
fn sums(ledger: &Ledger) -> [f64; 3] {
    ledger.trades.iter().fold([0.0; 3], |[net, fees, turnover], trade| {
        [net + trade.net, fees + trade.fees, turnover + trade.turnover]
    })
}

impl BreakEven {
    /// Begins with the ledger of `rules` over the bars at `bars`.
    pub fn new(rules: &Rules, bars: Range<usize>, ledger: &Ledger) -> Self {
        let mut search =
            Self { rules: rules.clone(), bars, pays: None, fails: None, found: None, runs: 0, running: None };
        search.take(rules.fee_bps, ledger);
        let Some(Tried { fee_bps, with_its_fills }) = search.pays.or(search.fails) else { return search };
        // without a rule that reads the equity the fills are those of each lower fee; a higher one may lose the
        // capital
        let is_lost = ledger.ruined_at.is_some();
        if !(rules.reads_equity() || is_lost || with_its_fills > fee_bps) {
            search.found = Some(with_its_fills);
        }
        search
    }

    /// Goes on for at most `most` bars. Returns whether there is more to do.
    pub fn work(&mut self, tape: &Tape, tests: &mut TestResults, most: usize) -> bool {
        let Some(fee_bps) = self.next() else { return false };
        let Self { rules, bars, running, .. } = self;
        let start = || Box::new(Run::new(&Rules { fee_bps, ..rules.clone() }, bars.clone(), false));
        let mut run = running.take().unwrap_or_else(start);
        if run.work(tape, tests, most) {
            self.running = Some(run);
            return true;
        }
        self.runs += 1;
        self.take(fee_bps, &run.finish());
        self.next().is_some()
    }

    /// The fee, bps of each fill; negative if the run does not pay even without a fee, `None` without a fill.
    pub fn fee_bps(&self) -> Option<f64> {
        let narrowed = self.pays.map(|tried| tried.fee_bps);
        self.found.or(narrowed).or(self.fails.map(|tried| tried.with_its_fills.min(0.0)))
    }

    /// The next fee to be tried.
    fn next(&self) -> Option<f64> {
        if self.found.is_some() || self.runs >= MOST_RUNS {
            return None;
        }
        // the fills of one fee lead nearer to the fee at which they leave nothing, unless other fills come of it
        let is_near = self.runs < BY_FILLS;
        match (self.pays, self.fails) {
            (None, None) => None,
            (Some(pays), None) if is_near => Some(pays.with_its_fills),
            (Some(pays), None) => Some(2.0 * pays.fee_bps.max(1.0)),
            (None, Some(fails)) if fails.fee_bps <= 0.0 => None,
            (None, Some(fails)) => Some(if is_near { fails.with_its_fills.max(0.0) } else { 0.0 }),
            (Some(pays), Some(fails)) => {
                let (low, high) = (pays.fee_bps, fails.fee_bps);
                if high - low <= NARROW * high.max(1.0) {
                    return None;
                }
                let is_within = |fee: &f64| *fee > low && *fee < high;
                let by_fills = [pays.with_its_fills, fails.with_its_fills].into_iter().find(is_within);
                by_fills.filter(|_| is_near).or(Some(f64::midpoint(low, high)))
            }
        }
    }

    fn take(&mut self, fee_bps: f64, ledger: &Ledger) {
        let [net, fees, turnover] = sums(ledger);
        if turnover <= 0.0 {
            return;
        }
        let tried = Tried { fee_bps, with_its_fills: 1e4 * (net + fees) / turnover };
        if self.runs > 0 && net.abs() <= 1e-9 * turnover {
            self.found = Some(fee_bps);
        } else if net > 0.0 {
            self.pays = Some(tried);
        } else {
            self.fails = Some(tried);
        }
    }
}

/// The break-even fee of `rules` over the bars at `bars`; `None` without a fill.
pub fn break_even_fee_bps(
    tape: &Tape,
    tests: &mut TestResults,
    rules: &Rules,
    bars: Range<usize>,
) -> Option<f64> {
    let mut run = Run::new(rules, bars.clone(), false);
    while run.work(tape, tests, usize::MAX) {}
    let mut search = BreakEven::new(rules, bars, &run.finish());
    while search.work(tape, tests, usize::MAX) {}
    search.fee_bps()
}
