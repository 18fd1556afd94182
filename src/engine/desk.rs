//! From closed bars to facts for the page: rows in order, rebuilt where the past has changed, alerts once.

use crate::alert::ZTrigger;
use crate::align::{AlignedRow, Carry};
use crate::event::{Alert, Fact, Metric, Row};
use crate::market::Market;
use crate::pair::{LastFit, PairGraph};
use crate::past_tests::PastTests;
use crate::tests_report::{self, Tests};
use crate::{Settings, UnixMillis};
use spreadscope_stats::HedgeError;

/// Rows computed and told at a time, so that neither side of the wire is held up for long.
const ROWS_PER_CALL: usize = 2_000;

/// The pair's analytics over all closed bars.
#[derive(Debug)]
pub struct Desk {
    settings: Settings,
    graph: PairGraph,
    trigger: ZTrigger,
    carry: [Carry; 2],
    /// Open time behind the last row.
    end: Option<UnixMillis>,
    first: Option<UnixMillis>,
    /// Rows that open earlier are on the page already.
    told_from: UnixMillis,
    /// The next rows told make all earlier ones void.
    replace: bool,
    /// A crossing in a bar that opened earlier is a mark of the past and no news.
    news_from: Option<UnixMillis>,
    tested: Option<UnixMillis>,
    past_tests: PastTests,
}

impl Desk {
    /// Analytics that have seen nothing.
    ///
    /// # Errors
    /// [`HedgeError`] when a window is not as its statistic needs it; those of checked settings are.
    pub fn new(settings: &Settings) -> Result<Self, HedgeError> {
        Ok(Self {
            settings: settings.clone(),
            graph: PairGraph::new(settings)?,
            trigger: ZTrigger::new(settings),
            carry: Default::default(),
            end: None,
            first: None,
            told_from: UnixMillis(i64::MIN),
            replace: true,
            news_from: None,
            tested: None,
            past_tests: PastTests::new(settings),
        })
    }

    /// The same with other settings: everything is computed again, and no old crossing becomes news.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn reconfigured(&self, settings: &Settings) -> Result<Self, HedgeError> {
        Ok(Self { news_from: self.news_from, ..Self::new(settings)? })
    }

    /// Takes what has closed or changed in `market` and tells it in `facts`, a limited number of rows a call.
    ///
    /// Returns whether there is more to do at once.
    pub fn update(&mut self, market: &mut Market, facts: &mut Vec<Fact>) -> bool {
        let revised = market.take_revision();
        let Some((first, closed)) = market.closed_span() else { return false };
        if self.news_from.is_none() && market.has_begun() {
            self.news_from = Some(closed);
        }
        self.rewind_if_changed(first, revised);
        let step = self.settings.interval.millis();
        let mut rows = Vec::new();
        let mut alerts = Vec::new();
        let mut open_time = self.end.unwrap_or(first);
        for _ in 0..ROWS_PER_CALL {
            if open_time >= closed {
                break;
            }
            let row = self.push(market, open_time, &mut alerts);
            if open_time >= self.told_from {
                rows.push(row);
            }
            open_time = open_time + step;
        }
        self.end = Some(open_time);
        if !rows.is_empty() {
            facts.push(Fact::Rows { replace: core::mem::take(&mut self.replace), rows });
        }
        facts.extend(alerts.into_iter().map(Fact::Alert));
        open_time < closed
    }

    /// Goes back to the start when bars behind the last row have changed, or older ones have come: every
    /// window would be another. Rows that stay as they were are not told again.
    fn rewind_if_changed(&mut self, first: UnixMillis, revised: Option<UnixMillis>) {
        let Some(end) = self.end else { return };
        let revised = revised.map(|time| self.settings.interval.floor(time)).filter(|&time| time < end);
        let older = self.first.is_some_and(|known| first < known);
        if revised.is_none() && !older {
            self.first = Some(first);
            return;
        }
        let all = older || self.replace || revised.is_some_and(|time| time <= first);
        // a rewind within a rewind must not leave out what the first has not told yet
        let told_from = revised.unwrap_or(first).min(self.told_from.max(first)).min(end);
        let Ok(fresh) = self.reconfigured(&self.settings) else { return };
        *self = Self {
            first: Some(first),
            replace: all,
            told_from: if all { first } else { told_from },
            ..fresh
        };
    }

    fn push(&mut self, market: &Market, open_time: UnixMillis, alerts: &mut Vec<Alert>) -> Row {
        let [y, x] = [0, 1].map(|leg| self.carry[leg].next(market.legs[leg].chosen().get(open_time)));
        let row = self.graph.push(&AlignedRow { open_time, y, x });
        if let Some(fresh) = self.graph.sample().next_back().filter(|fresh| fresh.open_time == open_time) {
            self.past_tests.push(fresh);
        }
        let time = open_time + self.settings.interval.millis();
        if let Metric::Ready(z) = row.z
            && let Some(direction) = self.trigger.observe(time, z)
            && self.news_from.is_some_and(|from| open_time >= from)
            && let (Some(spread), Some(hedge_ratio)) = (row.spread, row.hedge_ratio.value())
        {
            let threshold = self.trigger.threshold();
            alerts.push(Alert { time, open_time, direction, z, threshold, spread, hedge_ratio });
        }
        if let Some(from) = &mut self.news_from {
            *from = (*from).max(time);
        }
        row
    }

    /// Computes some of the tests of the past and tells them in `facts`.
    ///
    /// Returns whether there is more to do.
    pub fn test_the_past(&mut self, facts: &mut Vec<Fact>) -> bool {
        self.past_tests.work(&self.settings, facts)
    }

    /// The tests on the newest rows, if there are rows that have not been tested.
    pub fn test_if_new(&mut self) -> Option<Tests> {
        let newest = self.graph.sample().last()?.open_time;
        if self.tested == Some(newest) { None } else { self.test() }
    }

    /// The tests on the newest rows.
    pub fn test(&mut self) -> Option<Tests> {
        let tests =
            tests_report::run(self.graph.sample(), self.settings.interval, self.settings.price_scale)?;
        self.tested = Some(tests.open_time);
        Some(tests)
    }

    /// The last bar's regression and deviation.
    pub fn last_fit(&self) -> Option<LastFit> {
        self.graph.last_fit()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
