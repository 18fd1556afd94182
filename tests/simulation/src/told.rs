//! What the page knows: all that an engine has told, in the order of its facts.

use spreadscope_engine::UnixMillis;
use spreadscope_engine::alert::Alert;
use spreadscope_engine::config::SettingsError;
use spreadscope_engine::event::{Event, Fact, Live, Row};
use spreadscope_engine::feed::FeedNote;
use spreadscope_engine::tests_report::Tests;
use std::collections::BTreeMap;

/// The page's picture.
#[derive(Debug, Default)]
pub struct Told {
    /// Rows by open time.
    pub rows: BTreeMap<UnixMillis, Row>,
    /// Rows told more than once.
    pub told_again: usize,
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// Test results, oldest first.
    pub tests: Vec<Tests>,
    /// The feed's log.
    pub notes: Vec<FeedNote>,
    /// The newest live picture.
    pub live: Option<Live>,
    /// Why settings were not taken.
    pub refused: Vec<SettingsError>,
    next_sequence: u64,
    /// A fact came out of its order.
    pub disorder: bool,
}

impl Told {
    /// Takes a message in.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Live(live) => self.live = Some(*live),
            Event::Fact { sequence, fact } => {
                self.disorder |= sequence != self.next_sequence;
                self.next_sequence = sequence + 1;
                self.take_fact(fact);
            }
            // what has been asked for is not asked for here
            _ => {}
        }
    }

    fn take_fact(&mut self, fact: Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if replace {
                    self.told_again += self.rows.len();
                    self.rows.clear();
                }
                for row in rows {
                    self.told_again += usize::from(self.rows.insert(row.open_time, row).is_some());
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
            Fact::Refused(errors) => self.refused = errors,
            // the rest says nothing of the market
            _ => {}
        }
    }
}
