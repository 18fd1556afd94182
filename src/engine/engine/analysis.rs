//! From closed bars to facts for the page: rows in order, rebuilt when the past has changed; each alert once.

use crate::alert::{Alert, Book, Inputs, Tested};
use crate::analytics::Row;
use crate::analytics::align::{AlignedRow, Carry};
use crate::analytics::cointegration;
use crate::analytics::cointegration::Tests;
use crate::analytics::evidence::{Beside, Evidence, EvidenceOptions, EvidenceSample, Examine, Group, Runner};
use crate::analytics::pair::{LastFit, PairGraph};
use crate::analytics::past_cointegration::{PastReport, PastTests};
use crate::analytics::past_trace::PastTraces;
use crate::analytics::test_times;
use crate::engine::slower_history::SlowerHistory;
use crate::market::Markets;
use crate::messages::event::Fact;
use crate::{Settings, UnixMillis};
use spreadscope_stats::HedgeError;
use std::collections::VecDeque;

/// Rows computed and sent at a time, so that neither side of the wire is held up for long.
const ROWS_PER_CALL: usize = 2_000;
/// Test results kept for rules that are shown old bars again: hours of them, at one in ten seconds.
const RESULTS_KEPT: usize = 4_096;
/// How long bars from before a takeover are awaited, once the feed has begun.
const CATCH_UP_MILLIS: i64 = 20_000;
/// Crossings longer than this before this engine's first frame are old, even if no engine has reported them.
const TAKEN_OVER_MILLIS: i64 = 60_000;

/// The pair's analytics over all closed bars.
#[derive(Debug, Clone)]
pub(crate) struct Analysis {
    settings: Settings,
    graph: PairGraph,
    /// The newest row; rules see it once the tests have run on it.
    newest: Option<Row>,
    /// Whether rules have seen it.
    newest_judged: bool,
    /// Test results at bars on the grid, oldest first: rules see the same results as a backtest.
    results: VecDeque<Tested>,
    /// Whether bars after the newest row wait for the tests at that row.
    waits_for_tests: bool,
    carry: [Carry; 2],
    /// Open time of the bar after the last row.
    end: Option<UnixMillis>,
    first: Option<UnixMillis>,
    /// Rows that open earlier are on the page already.
    told_from: UnixMillis,
    /// Whether the next rows sent replace all earlier ones.
    replace: bool,
    /// A crossing in a bar that opened earlier belongs to the past and is not news.
    news_from: Option<UnixMillis>,
    /// Set while bars are awaited that the previous leader has not reported; nothing is news until then.
    catches_up: Option<CatchUp>,
    tested: Option<UnixMillis>,
    past_tests: PastTests,
    traces: PastTraces,
    evidence: Runner,
}

/// How long bars are awaited that the previous leader has not reported.
#[derive(Debug, Clone, Copy)]
enum CatchUp {
    /// Until the feed has begun.
    ForFeed,
    /// Until this local time at the latest.
    Until(UnixMillis),
}

impl Analysis {
    /// Analytics without data.
    ///
    /// # Errors
    /// [`HedgeError`] if a window does not suit its statistic; validated settings always do.
    pub(crate) fn new(settings: &Settings) -> Result<Self, HedgeError> {
        Ok(Self {
            settings: settings.clone(),
            graph: PairGraph::new(settings)?,
            newest: None,
            newest_judged: true,
            results: VecDeque::new(),
            waits_for_tests: false,
            carry: Default::default(),
            end: None,
            first: None,
            told_from: UnixMillis(i64::MIN),
            replace: true,
            news_from: None,
            catches_up: None,
            tested: None,
            past_tests: PastTests::new(settings),
            traces: PastTraces::default(),
            evidence: Runner::default(),
        })
    }

    /// Takes over from an engine that has reported the bars up to `reported_to`: later crossings become news once
    /// REST has supplied the bars up to this engine's first.
    pub(crate) fn take_over(&mut self, reported_to: UnixMillis) {
        self.news_from = Some(reported_to);
        self.catches_up = Some(CatchUp::ForFeed);
    }

    /// Puts settings in force that [compute alike](Settings::computes_like): everything computed stays.
    pub(crate) fn follow(&mut self, settings: &Settings) {
        self.settings.clone_from(settings);
    }

    /// The same with other settings: everything is computed again, and no old crossing becomes news. `rules`
    /// will be shown every bar again.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn reconfigured(&mut self, settings: &Settings, rules: &mut Book) -> Result<Self, HedgeError> {
        let fresh = Self::new(settings)?;
        rules.rewind();
        Ok(Self {
            news_from: self.news_from,
            catches_up: self.catches_up,
            results: core::mem::take(&mut self.results),
            traces: self.traces.afresh(),
            evidence: self.evidence.afresh(),
            ..fresh
        })
    }

    /// Takes what has closed or changed in `markets` at local time `now` and adds it to `facts`, a limited
    /// number of rows per call. The newest row waits for [`Self::judge_newest`].
    ///
    /// Returns whether there is more to do at once.
    pub(crate) fn update(
        &mut self,
        now: UnixMillis,
        markets: &mut Markets,
        rules: &mut Book,
        facts: &mut Vec<Fact>,
    ) -> bool {
        let mut revised = markets.take_revision();
        let Some((first, closed)) = markets.closed_span() else { return false };
        if let Some(from) = self.caught_up(now, markets, closed) {
            revised = Some(revised.map_or(from, |earlier| earlier.min(from)));
        }
        if self.news_from.is_none() {
            // in a recording, everything is news
            self.news_from =
                if markets.is_recorded() { Some(first) } else { markets.has_begun().then_some(closed) };
        }
        self.rewind_if_changed(first, revised, rules);
        self.waits_for_tests = false;
        let step = self.settings.interval.millis();
        let mut rows = Vec::new();
        let mut alerts = Vec::new();
        let mut open_time = self.end.unwrap_or(first);
        for _ in 0..self.settings.rows_a_step(ROWS_PER_CALL) {
            if open_time >= closed {
                break;
            }
            let row = self.push(markets, open_time);
            if open_time >= self.told_from {
                rows.push(row.clone());
            }
            self.newest = Some(row);
            self.newest_judged = false;
            let on_grid = test_times::is_last_on_grid(open_time, closed, self.settings.interval);
            open_time = open_time + step;
            if open_time < closed {
                self.waits_for_tests = on_grid;
                if on_grid {
                    break;
                }
                self.judge(now, rules, &mut alerts);
            }
        }
        self.end = Some(open_time);
        if !rows.is_empty() {
            facts.push(Fact::Rows { replace: core::mem::take(&mut self.replace), rows });
        }
        facts.extend(alerts.into_iter().map(|alert| Fact::Alert(Box::new(alert))));
        open_time < closed
    }

    /// Ends the wait for bars that the previous leader has not reported, once they are here or the wait is
    /// over; returns from when on they are judged as news.
    fn caught_up(&mut self, now: UnixMillis, markets: &Markets, closed: UnixMillis) -> Option<UnixMillis> {
        let (wait, reported_to) = self.catches_up.zip(self.news_from).filter(|_| markets.has_begun())?;
        let until = match wait {
            CatchUp::ForFeed => now + CATCH_UP_MILLIS,
            CatchUp::Until(until) => until,
        };
        self.catches_up = Some(CatchUp::Until(until));
        let step = self.settings.interval.millis();
        let from = reported_to.max(self.settings.interval.floor(closed - TAKEN_OVER_MILLIS));
        let is_here = |open_time| markets.legs.iter().all(|leg| leg.chosen().get(open_time).known());
        let mut open_time = from;
        while now < until && open_time < closed {
            if !is_here(open_time) {
                return None;
            }
            open_time = open_time + step;
        }
        self.catches_up = None;
        self.news_from = Some(from);
        Some(from)
    }

    /// Shows the newest row to `rules`, if they have not seen it: after the tests on it, so that rules on tests
    /// are not a bar late.
    pub(crate) fn judge_newest(&mut self, now: UnixMillis, rules: &mut Book, facts: &mut Vec<Fact>) {
        let mut alerts = Vec::new();
        self.judge(now, rules, &mut alerts);
        facts.extend(alerts.into_iter().map(|alert| Fact::Alert(Box::new(alert))));
    }

    fn judge(&mut self, now: UnixMillis, rules: &mut Book, alerts: &mut Vec<Alert>) {
        if core::mem::replace(&mut self.newest_judged, true) {
            return;
        }
        let Some(inputs) = self.inputs() else { return };
        if self.catches_up.is_some() {
            return rules.observe(&inputs, None, alerts);
        }
        let is_news = self.news_from.is_some_and(|from| inputs.open_time() >= from);
        rules.observe(&inputs, is_news.then_some(now), alerts);
        let time = inputs.time();
        if let Some(from) = &mut self.news_from {
            *from = (*from).max(time);
        }
    }

    /// The newest row as the input of rules.
    pub(crate) fn inputs(&self) -> Option<Inputs<'_>> {
        let row = self.newest.as_ref()?;
        let by_then = self.results.partition_point(|result| result.open_time <= row.open_time);
        let result = by_then.checked_sub(1).map(|place| self.results[place]);
        let evidence = self.evidence.newest().map(|evidence| &evidence.main);
        Some(Inputs::new(row, result, &self.settings).with_evidence(evidence))
    }

    /// Starts over if bars before the last row have changed or older ones have arrived, since every window
    /// would differ. Rows that come out the same are not sent again.
    fn rewind_if_changed(&mut self, first: UnixMillis, revised: Option<UnixMillis>, rules: &mut Book) {
        let Some(end) = self.end else { return };
        let revised = revised.map(|time| self.settings.interval.floor(time)).filter(|&time| time < end);
        let older = self.first.is_some_and(|known| first < known);
        if revised.is_none() && !older {
            self.first = Some(first);
            return;
        }
        let all = older || self.replace || revised.is_some_and(|time| time <= first);
        // a rewind within a rewind must not leave out rows that the first has not sent yet
        let told_from = revised.unwrap_or(first).min(self.told_from.max(first)).min(end);
        let settings = self.settings.clone();
        let Ok(fresh) = self.reconfigured(&settings, rules) else { return };
        *self = Self {
            first: Some(first),
            replace: all,
            told_from: if all { first } else { told_from },
            ..fresh
        };
    }

    fn push(&mut self, markets: &Markets, open_time: UnixMillis) -> Row {
        let [y, x] = [0, 1].map(|leg| self.carry[leg].next(markets.legs[leg].chosen().get(open_time)));
        let row = self.graph.push(&AlignedRow { open_time, y, x });
        if let Some(fresh) = self.graph.sample().next_back().filter(|fresh| fresh.open_time == open_time) {
            self.past_tests.push(fresh);
        }
        row
    }

    /// Computes some of the past tests and adds them to `facts`.
    ///
    /// Returns whether there is more to do.
    pub(crate) fn test_the_past(&mut self, facts: &mut Vec<Fact>) -> bool {
        let mut reports = Vec::new();
        let more = self.past_tests.work(&self.settings, &mut reports);
        facts.extend(
            reports.into_iter().map(|PastReport { replace, points }| Fact::PastTests { replace, points }),
        );
        more
    }

    /// Whether the tests are to run at the newest row before the bars after it become rows.
    pub(super) const fn waits_for_tests(&self) -> bool {
        self.waits_for_tests
    }

    /// Whether the newest row is one at which the tests are run.
    pub(super) fn is_on_grid(&self) -> bool {
        let interval = self.settings.interval;
        self.newest.as_ref().is_some_and(|row| test_times::is_on_grid(row.open_time, interval))
    }

    /// Whether no test has been run since the rows were computed from the start.
    pub(super) const fn is_untested(&self) -> bool {
        self.tested.is_none()
    }

    /// The tests on the newest rows, if those have not been tested.
    pub(crate) fn test_if_new(&mut self) -> Option<Tests> {
        let newest = self.graph.sample().last()?.open_time;
        let is_known =
            self.tested == Some(newest) && (!self.is_on_grid() || self.result_place(newest).is_ok());
        if is_known { None } else { self.test() }
    }

    fn result_place(&self, open_time: UnixMillis) -> Result<usize, usize> {
        self.results.binary_search_by_key(&open_time, |known| known.open_time)
    }

    /// The tests on the newest rows.
    pub(crate) fn test(&mut self) -> Option<Tests> {
        let tests = cointegration::run(self.graph.sample(), &self.settings)?;
        self.tested = Some(tests.open_time);
        if !self.is_on_grid() {
            return Some(tests);
        }
        let result = Tested::new(&tests, &self.settings);
        // while bars are recomputed, the newest row is an old one
        match self.result_place(result.open_time) {
            Ok(place) => self.results[place] = result,
            Err(place) => self.results.insert(place, result),
        }
        if self.results.len() > RESULTS_KEPT {
            self.results.pop_front();
        }
        Some(tests)
    }

    /// Requests the evidence of `options` at local time `now`, on the rows of the tests.
    pub(crate) fn examine(&mut self, now: UnixMillis, options: EvidenceOptions) {
        if options.traces {
            self.traces.want();
        }
        self.evidence.request(now, EvidenceOptions { traces: false, ..options });
    }

    /// The end of the bars if the page compares them with slower ones at local time `now`.
    pub(super) fn compares_with_slower_bars(&self, now: UnixMillis) -> Option<UnixMillis> {
        let options = self.evidence.standing(now)?;
        self.end.filter(|_| options.beside == Beside::SlowerInterval)
    }

    /// Computes the evidence again that the page shows: its second sample has changed.
    pub(super) fn examine_again(&mut self) {
        self.evidence.repeat();
    }

    /// Requests the evidence again when it is no longer fresh, since a rule watches it.
    pub(crate) fn keep_evidence_fresh(&mut self, now: UnixMillis) {
        self.evidence.keep_fresh(now);
    }

    /// Runs one more test of the evidence requested, on the rows, on the bars of `markets` and on `slower` ones;
    /// returns the evidence once complete.
    pub(crate) fn work_on_evidence(
        &mut self,
        now: UnixMillis,
        markets: &Markets,
        slower: &SlowerHistory,
        examine: Examine,
    ) -> Option<&Evidence> {
        if let Some(options) = self.evidence.due(now, self.tested) {
            let settings = &self.settings;
            // on the tests' bars, so that Engle-Granger is one number everywhere
            let rows = self.past_tests.until(self.tested, Group::longest_lookback_bars(settings));
            let main = EvidenceSample::new(rows, settings.interval, settings)
                .with_past(self.past_tests.share(settings));
            let beside = match options.beside {
                Beside::Nothing => None,
                Beside::OtherDirection => Some(main.clone().turned()),
                Beside::SlowerInterval => self.end.and_then(|end| {
                    let folded = [0, 1].map(|leg| markets.legs[leg].chosen());
                    slower.sample(folded, end, settings)
                }),
            };
            self.evidence.begin(now, self.tested, options, main, beside, settings);
        }
        let Self { evidence, traces, past_tests, settings, .. } = self;
        if evidence.is_busy() && traces.work(past_tests, settings, examine.trace) {
            return None;
        }
        evidence.work(examine, || traces.points())
    }

    /// Whether evidence is being computed.
    pub(crate) fn is_examining(&self) -> bool {
        self.evidence.is_busy()
    }

    /// The last bar's regression and deviation.
    pub(crate) fn last_fit(&self) -> Option<LastFit> {
        self.graph.last_fit()
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }
}
