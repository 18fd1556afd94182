//! What the page knows: all that an engine has reported, in the order of its facts.

use spreadscope_engine::UnixMillis;
use spreadscope_engine::alert::{Alert, Rule, RuleError, RuleState};
use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::analytics::evidence::Evidence;
use spreadscope_engine::analytics::{PastTest, Row};
use spreadscope_engine::archive::{BackupNews, Preferences, StorageStatus};
use spreadscope_engine::base::note::FeedNote;
use spreadscope_engine::binance::listing::Listing;
use spreadscope_engine::messages::event::{Event, Fact, Inspection, Live};
use spreadscope_engine::scan::Watching;
use spreadscope_engine::settings::SettingsError;
use spreadscope_engine::transfer;
use std::collections::BTreeMap;

/// The page's state.
#[derive(Debug, Default)]
pub struct PageState {
    /// Rows by open time.
    pub rows: BTreeMap<UnixMillis, Row>,
    /// Number of rows reported more than once.
    pub reported_again: usize,
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// Test results, oldest first.
    pub tests: Vec<Tests>,
    /// Past tests, oldest first.
    pub past_tests: Vec<PastTest>,
    /// The evidence, as last reported.
    pub evidence: Option<Evidence>,
    /// Alerts of earlier visits, as last reported.
    pub log: Vec<Alert>,
    /// The rules in force.
    pub rules: Vec<Rule>,
    /// Why rules were refused.
    pub rules_refused: Vec<RuleError>,
    /// Why rules have not fired.
    pub rule_states: Vec<RuleState>,
    /// What is stored, and whether it can be.
    pub storage: Option<StorageStatus>,
    /// The latest reply about the engine's trades.
    pub inspection: Option<Inspection>,
    /// The markets of the venue that was asked last.
    pub listing: Option<Listing>,
    /// The watched pairs.
    pub watchlist: Watching,
    /// The user's choices at the last visit, once they have been read.
    pub choices: Option<Preferences>,
    /// The feed's log.
    pub notes: Vec<FeedNote>,
    /// The newest live numbers.
    pub live: Option<Live>,
    /// Why settings were refused.
    pub refused: Vec<SettingsError>,
    /// A backup being made or restored.
    pub file: Vec<u8>,
    /// Its outcome.
    pub backup: Option<BackupNews>,
    /// News of scans, as bytes.
    pub scan: Vec<Vec<u8>>,
    /// News of backtests, as bytes.
    pub backtests: Vec<Vec<u8>>,
    /// News of files.
    pub imports: Vec<transfer::News>,
    next_sequence: u64,
    /// Whether a fact arrived out of order.
    pub disorder: bool,
}

impl PageState {
    /// Applies a message.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Live(live) => self.live = Some(*live),
            Event::Fact { sequence, fact } => {
                self.disorder |= sequence != self.next_sequence;
                self.next_sequence = sequence + 1;
                self.take_fact(fact);
            }
            Event::Inspection(inspection) => self.inspection = Some(*inspection),
            Event::Listing(listing) => self.listing = Some(*listing),
            Event::RuleStates(states) => self.rule_states = states,
            Event::Watchlist(watching) => self.watchlist = watching,
            Event::Backup(BackupNews::Part(bytes)) => self.file.extend(bytes),
            Event::Backup(news) => self.backup = Some(news),
            Event::Remembered(choices) => self.choices = Some(choices),
            Event::Scan(news) => self.scan.push(news),
            Event::Backtest(news) => self.backtests.push(news),
            Event::Import(news) => self.imports.push(news),
            // replays have their own tests, and nothing here requests order books
            Event::Quotes(_) | Event::Replay(_) => {}
        }
    }

    fn take_fact(&mut self, fact: Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if replace {
                    self.reported_again += self.rows.len();
                    self.rows.clear();
                }
                for row in rows {
                    self.reported_again += usize::from(self.rows.insert(row.open_time, row).is_some());
                }
            }
            Fact::Alert(alert) => self.alerts.push(*alert),
            Fact::Tests(tests) => self.tests.push(*tests),
            Fact::Feed { replace, notes } => {
                if replace {
                    self.notes.clear();
                }
                self.notes.extend(notes);
            }
            Fact::PastTests { replace, points } => {
                if replace {
                    self.past_tests.clear();
                }
                self.past_tests.extend(points);
            }
            Fact::AlertLog(alerts) => self.log = alerts,
            Fact::Rules(rules) => self.rules = rules,
            Fact::RulesRefused(errors) => self.rules_refused = errors,
            Fact::Refused(errors) => self.refused = errors,
            Fact::Storage(status) => self.storage = Some(*status),
            Fact::Evidence(evidence) => self.evidence = Some(*evidence),
            // settings come back as they were given
            Fact::Configured(_) => {}
        }
    }
}
