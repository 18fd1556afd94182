//! All that the engine has sent, as the screen needs it.

use crate::view::files::import::Imports;
use crate::view::numbers::series::Series;
use crate::view::screen::invalidation::Invalidation;
use spreadscope_engine::alert;
use spreadscope_engine::alert::Alert;
use spreadscope_engine::alert::{Rule, RuleError, RuleState};
use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::analytics::evidence::Evidence;
use spreadscope_engine::analytics::{PastTest, Row};
use spreadscope_engine::archive::StorageStatus;
use spreadscope_engine::base::note::FeedNote;
use spreadscope_engine::binance::listing::Listing;
use spreadscope_engine::connection::quotes::Quotes;
use spreadscope_engine::messages::event::{Fact, Inspection, Live};
use spreadscope_engine::scan::Watching;
use spreadscope_engine::settings::PriceScale;
use spreadscope_engine::settings::{SettingsError, Source};
use spreadscope_engine::{Event, Settings};
use std::collections::VecDeque;

/// Most alerts kept.
pub const ALERTS_KEPT: usize = 500;
/// Most past tests kept: more than there are pixels.
const PAST_TESTS_KEPT: usize = 3_000;
/// Most lines of the feed's log kept.
const NOTES_KEPT: usize = 500;

/// The page's model of the desk; only messages change it.
#[derive(Debug, Clone)]
pub struct Model {
    /// Closed rows as columns.
    pub series: Series,
    /// The newest closed row.
    pub last_row: Option<Row>,
    /// The newest live numbers.
    pub live: Option<Live>,
    /// The engine's latest reply to the inspector.
    pub inspection: Option<Box<Inspection>>,
    /// The markets of a venue, once requested.
    pub listing: Option<Box<Listing>>,
    /// The newest test results.
    pub tests: Option<Tests>,
    /// The newest evidence, once requested.
    pub evidence: Option<Box<Evidence>>,
    /// Order books and rules of both legs, once requested.
    pub quotes: Option<Box<Quotes>>,
    /// Past tests, oldest first.
    pub past_tests: VecDeque<PastTest>,
    /// Alerts of this pair, of this visit and of earlier ones, newest first.
    pub alerts: VecDeque<Alert>,
    /// What is stored, and how; `None` before the engine has sent it.
    pub storage: Option<StorageStatus>,
    /// The alert rules in force, that of the settings first.
    pub rules: Vec<Rule>,
    /// Why each rule has not fired, as last reported.
    pub rule_states: Vec<RuleState>,
    /// The watched pairs, as of the last minute.
    pub watchlist: Watching,
    /// Why the rules sent last were refused.
    pub rules_refused: Vec<RuleError>,
    /// The feed's log, newest first.
    pub notes: VecDeque<FeedNote>,
    /// Whether the desk's history is still loading, so that its numbers may still change.
    pub filling: bool,
    /// The settings in force.
    pub settings: Settings,
    /// Why the settings sent last were refused.
    pub refused: Vec<SettingsError>,
    /// The file being imported, and what files have brought in.
    pub import: Imports,
    /// Whether a message of the lossless lane was missed, so that the engine must resend its rows.
    pub needs_resync: bool,
    /// Counts changes that affect charts: rows, alerts and settings.
    pub revision: u64,
    next_sequence: u64,
    /// Whether another engine takes over, whose messages are counted anew.
    joins: bool,
}

impl Model {
    /// Makes an empty model under `settings`.
    pub fn new(settings: Settings) -> Self {
        Self {
            series: Series::new(settings.interval),
            last_row: None,
            live: None,
            inspection: None,
            listing: None,
            tests: None,
            evidence: None,
            quotes: None,
            past_tests: VecDeque::new(),
            alerts: VecDeque::new(),
            storage: None,
            rules: vec![Rule::of_settings(&settings)],
            rule_states: Vec::new(),
            watchlist: Watching::default(),
            rules_refused: Vec::new(),
            notes: VecDeque::new(),
            filling: false,
            settings,
            refused: Vec::new(),
            import: Imports::default(),
            needs_resync: false,
            revision: 0,
            next_sequence: 0,
            joins: false,
        }
    }

    /// Returns the price whose decimals a spread is shown with; for spreads of logarithms, one that gives a
    /// tenth of a basis point.
    pub fn spread_reference(&self, y_close: f64) -> f64 {
        match self.settings.price_scale {
            PriceScale::Levels => y_close,
            PriceScale::Logs => 0.1,
        }
    }

    /// Takes note that the engine is gone: its last report on the feed no longer holds, its facts stay.
    pub fn lose_engine(&mut self) {
        self.live = None;
    }

    /// Drops all that belongs to another time than what follows.
    fn forget(&mut self) {
        let settings = self.settings.clone();
        let Self { rules, storage, watchlist, listing, import, revision, .. } = self;
        *self = Self {
            rules: core::mem::take(rules),
            storage: storage.take(),
            watchlist: core::mem::take(watchlist),
            listing: listing.take(),
            import: core::mem::take(import),
            revision: *revision + 1,
            ..Self::new(settings)
        };
    }

    /// Applies a message and returns how much of the screen it makes out of date.
    pub fn apply(&mut self, event: Event) -> Invalidation {
        match event {
            Event::Import(news) => {
                self.import.apply(news);
                Invalidation::Live
            }
            // it does not affect the model
            Event::Backup(_) | Event::Remembered(_) | Event::Backtest(_) | Event::Scan(_) => {
                Invalidation::None
            }
            Event::Live(live) => {
                self.filling = live.feed.is_filling;
                self.live = Some(*live);
                Invalidation::Live
            }
            Event::Inspection(inspection) => {
                self.inspection = Some(inspection);
                Invalidation::Live
            }
            Event::Listing(listing) => {
                self.listing = Some(listing);
                Invalidation::None
            }
            Event::Watchlist(watching) => {
                self.watchlist = watching;
                Invalidation::Live
            }
            Event::Quotes(quotes) => {
                self.quotes = Some(quotes);
                Invalidation::Live
            }
            Event::RuleStates(states) => {
                self.rule_states = states;
                Invalidation::Live
            }
            Event::Replay(news) => {
                if news.afresh {
                    self.forget();
                }
                self.joins = true;
                Invalidation::Live
            }
            Event::Fact { sequence, fact } => {
                let joins = core::mem::take(&mut self.joins);
                // an engine that has taken over counts from the start again
                if sequence != self.next_sequence && sequence != 0 && !joins {
                    self.needs_resync = true;
                }
                self.next_sequence = sequence + 1;
                let invalidation = self.take(fact);
                if invalidation >= Invalidation::Data {
                    self.revision += 1;
                }
                invalidation
            }
        }
    }

    fn take(&mut self, fact: Fact) -> Invalidation {
        match fact {
            Fact::Configured(settings) => {
                let same_pair =
                    settings.pair == self.settings.pair && settings.source == self.settings.source;
                if !same_pair || settings.interval != self.settings.interval {
                    self.series = Series::new(settings.interval);
                    self.last_row = None;
                    self.tests = None;
                    self.evidence = None;
                    self.past_tests.clear();
                }
                // until the engine has sent how much of it there is
                self.filling |= self.series.is_empty();
                if !same_pair {
                    self.quotes = None;
                    self.inspection = None;
                }
                // a recording's crossings are all sent again
                if !same_pair || settings.source == Source::Recording {
                    self.alerts.clear();
                }
                alert::follow(&mut self.rules, &settings);
                self.settings = *settings;
                self.refused.clear();
                Invalidation::Layout
            }
            Fact::Refused(errors) => {
                self.refused = errors;
                Invalidation::Live
            }
            Fact::Rows { replace, rows } => {
                if replace {
                    self.series.clear();
                    self.last_row = None;
                }
                for row in rows {
                    self.series.put(&row);
                    if self.last_row.as_ref().is_none_or(|last| last.open_time <= row.open_time) {
                        self.last_row = Some(row);
                    }
                }
                if replace { Invalidation::Layout } else { Invalidation::Data }
            }
            Fact::Tests(tests) => {
                self.tests = Some(*tests);
                Invalidation::Live
            }
            Fact::Evidence(evidence) => {
                let drawn = !evidence.traces.is_empty();
                self.evidence = Some(evidence);
                if drawn { Invalidation::Data } else { Invalidation::Live }
            }
            Fact::PastTests { replace, points } => {
                if replace {
                    self.past_tests.clear();
                }
                self.past_tests.extend(points);
                let surplus = self.past_tests.len().saturating_sub(PAST_TESTS_KEPT);
                self.past_tests.drain(..surplus);
                Invalidation::Data
            }
            Fact::Feed { replace, notes } => {
                if replace {
                    self.notes.clear();
                }
                for note in notes {
                    self.notes.push_front(note);
                }
                self.notes.truncate(NOTES_KEPT);
                Invalidation::Live
            }
            Fact::Alert(alert) => {
                self.alerts.push_front(*alert);
                self.alerts.truncate(ALERTS_KEPT);
                Invalidation::Data
            }
            Fact::AlertLog(alerts) => {
                self.alerts = alerts.into_iter().rev().take(ALERTS_KEPT).collect();
                Invalidation::Data
            }
            Fact::Storage(storage) => {
                self.storage = Some(*storage);
                Invalidation::Live
            }
            Fact::Rules(rules) => {
                self.rules = rules;
                self.rules_refused.clear();
                Invalidation::Live
            }
            Fact::RulesRefused(errors) => {
                self.rules_refused = errors;
                Invalidation::Live
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests::alert;
    use crate::view::numbers::column::Column;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Interval;

    fn fact(sequence: u64, fact: Fact) -> Event {
        Event::Fact { sequence, fact }
    }

    fn rows(replace: bool, seconds: core::ops::Range<i64>) -> Fact {
        Fact::Rows { replace, rows: seconds.map(|second| row(second, 1.0)).collect() }
    }

    #[test]
    fn rows_are_added_until_all_are_replaced() {
        let mut model = Model::new(Settings::default());
        assert_eq!(model.apply(fact(0, rows(true, 0..5))), Invalidation::Layout);
        assert_eq!(model.apply(fact(1, rows(false, 4..7))), Invalidation::Data);
        assert_eq!(model.series.column(Column::Z).len(), 7);
        model.apply(fact(2, rows(false, 2..3)));
        assert_eq!(model.revision, 3);
        model.apply(fact(3, Fact::Refused(Vec::new())));
        assert_eq!(model.revision, 3, "nothing to draw");
        assert_eq!(model.last_row.as_ref().unwrap().open_time, row(6, 1.0).open_time);
        model.apply(fact(4, rows(true, 1..3)));
        assert_eq!(model.series.len(), 2);
        assert_eq!(model.last_row.as_ref().unwrap().open_time, row(2, 1.0).open_time);
    }

    #[test]
    fn a_missed_message_asks_for_a_resync_and_a_new_engine_does_not() {
        let mut model = Model::new(Settings::default());
        model.apply(fact(0, rows(true, 0..1)));
        model.apply(fact(1, rows(false, 1..2)));
        assert!(!model.needs_resync);
        model.apply(fact(0, rows(true, 0..1)));
        assert!(!model.needs_resync);
        model.apply(fact(2, rows(false, 1..2)));
        assert!(model.needs_resync);
        // settings may arrive without rows
        model.needs_resync = false;
        model.apply(fact(4, Fact::Configured(Box::default())));
        assert!(model.needs_resync);
    }

    #[test]
    fn another_interval_empties_the_table_and_keeps_the_alerts() {
        let mut model = Model::new(Settings::default());
        model.apply(fact(0, rows(true, 0..5)));
        model.apply(fact(1, Fact::Alert(Box::new(alert(0, 2.0)))));
        let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
        model.apply(fact(2, Fact::Configured(Box::new(settings))));
        assert!(model.series.is_empty() && model.last_row.is_none() && model.alerts.len() == 1);
    }
}
