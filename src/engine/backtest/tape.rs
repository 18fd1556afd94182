//! The rows as columns: the few numbers of each bar that a run needs, stored side by side.

use super::column::Column;
use super::rules::FillAt;
use super::tested::TESTS_A_STEP;
use super::traded::{known, stands_still, traded};
use super::watch::Watch;
use crate::alert::{Rule, RuleError};
use crate::analytics::align::{AlignedRow, Carry};
use crate::analytics::pair::PairGraph;
use crate::analytics::{LegRow, Row, SampleRow};
use crate::bars::Bars;
use crate::{Interval, Settings, UnixMillis};
use spreadscope_stats::HedgeError;

/// The bars of both legs, y first.
#[derive(Debug, Clone, Copy)]
pub struct Legs<'a> {
    /// The bars.
    pub bars: [&'a Bars; 2],
    /// Whether a leg's bars have only closes, so that opens are unknown; see [`closes_alone`](super::closes_alone).
    pub closes_alone: [bool; 2],
}

/// A pair's bars, from the first that both legs have to the last, without holes.
#[derive(Debug, Clone)]
pub struct Tape {
    pub(super) settings: Settings,
    first: UnixMillis,
    /// First price in the bar; none if the leg did not trade or the bar is unknown.
    open: [Column; 2],
    /// Last known price, however old.
    close: [Column; 2],
    /// Whether a leg has had a volume so far: where none is given, none says nothing.
    has_volume: [bool; 2],
    /// Lowest and highest close of each leg.
    extremes: [(f64, f64); 2],
    /// Half-spread of the last book before the close, in bps.
    half_spread: [Column; 2],
    /// Number of bars known in both legs, up to and including this one.
    known: Vec<u32>,
    /// z from a full window, if both legs traded in the bar.
    pub(super) z: Column,
    /// Hedge ratio from a full window.
    ratio: Column,
    /// Correlation of returns from a full window.
    correlation: Column,
    /// Mean money traded per bar over the z window, for the leg with less of it.
    volume: Column,
    /// The sample of the tests.
    sample: Vec<SampleRow>,
    /// Sample rows up to and including this bar.
    sampled: Vec<u32>,
    /// Whether the alert rule that triggers entries has fired at each bar; `None` without such a rule.
    fired: Option<Vec<bool>>,
}

/// Makes a [`Tape`] of bars, a limited number at a time.
#[derive(Debug)]
pub struct TapeMaker {
    carry: [Carry; 2],
    graph: PairGraph,
    next: UnixMillis,
    end: UnixMillis,
    watch: Option<Watch>,
    tape: Tape,
}

impl TapeMaker {
    /// A maker for the bars that both legs have, with the rows of `settings`.
    ///
    /// # Errors
    /// If a window does not suit its statistic; validated settings always do.
    pub fn new(legs: Legs<'_>, settings: &Settings) -> Result<Self, HedgeError> {
        let [y, x] = legs.bars;
        let first = y.first().unwrap_or_default().max(x.first().unwrap_or_default());
        let end = y.end().unwrap_or_default().min(x.end().unwrap_or_default());
        // rows are the same with or without the ratios of other models
        let settings = Settings { overlays: Vec::new(), ..settings.clone() };
        Ok(Self {
            carry: Default::default(),
            graph: PairGraph::new(&settings)?,
            next: first,
            end,
            watch: None,
            tape: Tape::new(settings, first),
        })
    }

    /// Leaves out the bars outside a span, before any row is taken.
    fn keep_within(&mut self, [from, to]: [UnixMillis; 2]) {
        (self.next, self.end) = (self.next.max(from), self.end.min(to));
        self.tape.first = self.next;
    }

    /// Lets `rule` trigger entries, with its hysteresis, dwell and conditions, in place of |z| reaching a
    /// threshold.
    ///
    /// # Errors
    /// One [`RuleError`] per field out of range.
    pub fn enter_by(&mut self, rule: Rule) -> Result<(), Vec<RuleError>> {
        self.watch = Some(Watch::new(rule, &self.tape.settings)?);
        self.tape.fired = Some(Vec::new());
        Ok(())
    }

    /// The next row, computed as for the page.
    pub fn next_row(&mut self, legs: Legs<'_>) -> Option<Row> {
        if self.next >= self.end {
            return None;
        }
        let open_time = self.next;
        self.next = open_time + self.tape.settings.interval.millis();
        let [y, x] = [0, 1].map(|leg| self.carry[leg].next(legs.bars[leg].get(open_time)));
        let row = self.graph.push(&AlignedRow { open_time, y, x });
        let fresh = self.graph.sample().next_back().filter(|fresh| fresh.open_time == open_time);
        let half_spreads = legs.bars.map(|bars| bars.half_spreads().get(open_time));
        self.tape.push(&row, fresh, half_spreads);
        if let (Some(watch), Some(fired)) = (&mut self.watch, &mut self.tape.fired) {
            fired.push(watch.fires(&row, &self.graph, &self.tape.settings));
        }
        Some(row)
    }

    /// Takes up to `most` bars, and fewer where rows take long or an alert rule has had tests run. Returns whether there
    /// are more.
    pub fn work(&mut self, legs: Legs<'_>, most: usize) -> bool {
        let enough = self.tests() + TESTS_A_STEP;
        for _ in 0..self.tape.settings.rows_a_step(most) {
            if self.next_row(legs).is_none() {
                return false;
            }
            if self.tests() >= enough {
                break;
            }
        }
        self.next < self.end
    }

    fn tests(&self) -> usize {
        self.watch.as_ref().map_or(0, Watch::tests)
    }

    /// Bars taken, and bars in total.
    pub fn progress(&self) -> (usize, usize) {
        let left = self.end.since(self.next).max(0) / self.tape.settings.interval.millis();
        (self.tape.len(), self.tape.len() + usize::try_from(left).unwrap_or(0))
    }

    /// The tape of the bars taken.
    pub fn finish(self) -> Tape {
        self.tape
    }
}

/// The tape of the bars that both legs have within a span: from the first open time up to but excluding the second.
///
/// # Errors
/// As [`TapeMaker::new`].
pub fn tape_within(legs: Legs<'_>, settings: &Settings, span: [UnixMillis; 2]) -> Result<Tape, HedgeError> {
    let mut maker = TapeMaker::new(legs, settings)?;
    maker.keep_within(span);
    while maker.work(legs, usize::MAX) {}
    Ok(maker.finish())
}

/// The tape of all bars that both legs have.
///
/// # Errors
/// As [`TapeMaker::new`].
pub fn tape(legs: Legs<'_>, settings: &Settings) -> Result<Tape, HedgeError> {
    let mut maker = TapeMaker::new(legs, settings)?;
    while maker.work(legs, usize::MAX) {}
    Ok(maker.finish())
}

impl Tape {
    fn new(settings: Settings, first: UnixMillis) -> Self {
        Self {
            settings,
            first,
            open: Default::default(),
            close: Default::default(),
            has_volume: [false; 2],
            extremes: [(f64::INFINITY, f64::NEG_INFINITY); 2],
            half_spread: Default::default(),
            known: Vec::new(),
            z: Column::default(),
            ratio: Column::default(),
            correlation: Column::default(),
            volume: Column::default(),
            sample: Vec::new(),
            sampled: Vec::new(),
            fired: None,
        }
    }

    fn push(&mut self, row: &Row, fresh: Option<SampleRow>, half_spreads: [Option<f64>; 2]) {
        let at = self.len();
        let legs = [&row.y, &row.x];
        let mut decides = true;
        for (leg, part) in legs.into_iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| self.close[leg].get(before));
            let traded = traded(part) && !(self.has_volume[leg] && stands_still(part, before));
            self.has_volume[leg] |= part.volume > 0.0;
            decides &= traded;
            self.open[leg].push(part.open.filter(|_| traded));
            self.push_close(leg, part.close.filter(|_| traded).or(before));
            self.half_spread[leg].push(half_spreads[leg]);
        }
        let known_before = self.known.last().copied().unwrap_or(0);
        self.known.push(known_before + u32::from(legs.iter().all(|part| known(part.origin))));
        self.z.push(row.z.ready().filter(|_| decides));
        self.ratio.push(row.hedge_ratio.ready());
        self.correlation.push(row.correlation.ready());
        let window = self.settings.z_window_bars as f64;
        let money = |part: &LegRow| part.close.map(|close| part.window_volume / window * close);
        self.volume.push(money(&row.y).zip(money(&row.x)).map(|(y, x)| y.min(x)));
        self.sample.extend(fresh);
        self.sampled.push(u32::try_from(self.sample.len()).unwrap_or(u32::MAX));
    }

    fn push_close(&mut self, leg: usize, close: Option<f64>) {
        self.close[leg].push(close);
        if let Some(close) = close {
            let (lowest, highest) = &mut self.extremes[leg];
            (*lowest, *highest) = (lowest.min(close), highest.max(close));
        }
    }

    /// The closes of the whole tape at which these units are worth least.
    pub(super) fn worst_closes(&self, quantity: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|leg: usize| {
            let (lowest, highest) = self.extremes[leg];
            if quantity[leg] < 0.0 { highest } else { lowest }
        })
    }

    /// A tape of the given 1 m bars: opens and closes of both legs, whether the bar is known, z and hedge
    /// ratio.
    #[cfg(test)]
    pub(super) fn made(
        bars: impl Iterator<Item = ([Option<(f64, f64)>; 2], bool, Option<f64>, Option<f64>)>,
    ) -> Self {
        let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
        let mut tape = Self::new(settings, UnixMillis(1_700_006_400_000));
        for (prices, is_known, z, ratio) in bars {
            for (leg, price) in prices.into_iter().enumerate() {
                tape.open[leg].push(price.map(|(open, _)| open));
                let before = tape.len().checked_sub(1).and_then(|at| tape.close[leg].get(at));
                tape.push_close(leg, price.map(|(_, close)| close).or(before));
                tape.half_spread[leg].push(None);
            }
            let known = tape.known.last().copied().unwrap_or(0) + u32::from(is_known);
            tape.known.push(known);
            tape.z.push(z);
            tape.ratio.push(ratio);
            tape.correlation.push(None);
            tape.volume.push(None);
            tape.sampled.push(0);
        }
        tape
    }

    /// The same bars with the half-spreads of a leg's books, one per bar.
    #[cfg(test)]
    pub(super) fn with_books(mut self, leg: usize, half_spreads: &[Option<f64>]) -> Self {
        self.half_spread[leg] = Column::default();
        for at in 0..self.len() {
            self.half_spread[leg].push(half_spreads.get(at).copied().flatten());
        }
        self
    }

    /// Number of bars, unknown ones included.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Length of a bar.
    pub fn interval(&self) -> Interval {
        self.settings.interval
    }

    /// The settings of its rows.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Open time of the bar at index `at`.
    pub fn open_time(&self, at: usize) -> UnixMillis {
        self.first + i64::try_from(at).expect("Invariant: a few thousand") * self.interval().millis()
    }

    /// The index of the first bar that opens at `time` or later.
    pub fn place(&self, time: UnixMillis) -> usize {
        let step = self.interval().millis();
        let bars = (time.since(self.first) + step - 1).div_euclid(step).max(0);
        usize::try_from(bars).unwrap_or(usize::MAX).min(self.len())
    }

    /// Whether the bar at index `at` is known in both legs.
    pub(super) fn is_known(&self, at: usize) -> bool {
        self.known_between(at.wrapping_sub(1), at) > 0
    }

    /// Known bars after `from`, up to and including `to`. A bar before index 0 does not count.
    pub(super) fn known_between(&self, from: usize, to: usize) -> usize {
        let before = self.known.get(from).copied().unwrap_or(0);
        self.known.get(to).map_or(0, |&known| known.saturating_sub(before) as usize)
    }

    /// First price of a leg in the bar, if it traded.
    pub(super) fn open(&self, leg: usize, at: usize) -> Option<f64> {
        self.open[leg].get(at)
    }

    /// Last price of a leg in the bar, or in the last earlier bar in which it traded.
    pub(super) fn close(&self, leg: usize, at: usize) -> Option<f64> {
        self.close[leg].get(at)
    }

    /// Half-spread of a leg's last book before the bar closes, in bps; before it opens, where it is filled then.
    pub(super) fn half_spread(&self, leg: usize, at: usize, fill: FillAt) -> Option<f64> {
        let by = if fill == FillAt::NextOpen { at.checked_sub(1)? } else { at };
        self.half_spread[leg].get(by)
    }

    /// Whether a leg traded in the bar.
    pub(super) fn is_traded(&self, leg: usize, at: usize) -> bool {
        self.open(leg, at).is_some()
    }

    /// Whether both legs traded in the bar, so that its closes may trigger a decision.
    pub(super) fn decides(&self, at: usize) -> bool {
        self.is_traded(0, at) && self.is_traded(1, at)
    }

    /// Whether the rule that triggers entries fires at the bar; `None` if entries use |z|.
    pub(super) fn fired(&self, at: usize) -> Option<bool> {
        self.fired.as_ref().map(|fired| fired.get(at).copied().unwrap_or(false))
    }

    /// The first index in `from..to` at which an entry may be decided.
    pub(super) fn next_entry(&self, from: usize, to: usize, entry_z: f64) -> Option<usize> {
        match &self.fired {
            Some(fired) => fired.get(from..to)?.iter().position(|fired| *fired).map(|place| from + place),
            None => self.z.find(from, to, |z| z.abs() >= entry_z),
        }
    }

    /// z at the close of the bar, if the bar may trigger a decision.
    pub fn z(&self, at: usize) -> Option<f64> {
        self.z.get(at)
    }

    /// Hedge ratio at the close of the bar.
    pub fn ratio(&self, at: usize) -> Option<f64> {
        self.ratio.get(at)
    }

    pub(super) fn correlation(&self, at: usize) -> Option<f64> {
        self.correlation.get(at)
    }

    pub(super) fn volume(&self, at: usize) -> Option<f64> {
        self.volume.get(at)
    }

    /// The sample rows for tests at the close of the bar, and the number of all sample rows up to it.
    pub(super) fn sample(&self, at: usize) -> (&[SampleRow], usize) {
        let until = self.sampled.get(at).map_or(0, |&rows| rows as usize);
        (&self.sample[until.saturating_sub(self.settings.test_lookback_bars)..until], until)
    }

    /// The same bars with another signal: z and hedge ratio by index, for comparison with tools that compute
    /// them differently.
    ///
    /// As always, z is ignored in a bar in which a leg did not trade.
    #[must_use]
    pub fn with_signal(mut self, z: &[Option<f64>], ratio: &[Option<f64>]) -> Self {
        (self.z, self.ratio) = (Column::default(), Column::default());
        for at in 0..self.len() {
            let decides = self.decides(at);
            self.z.push(z.get(at).copied().flatten().filter(|_| decides));
            self.ratio.push(ratio.get(at).copied().flatten());
        }
        self
    }
}
