//! The wire between page and engine: one greeting each way, then commands and events, as postcard bytes.

use crate::alert::{Rule, RuleId};
use crate::analytics::evidence::EvidenceOptions;
use crate::archive::{BackupCommand, Preferences};
use crate::connection::{Refused, Spent};
use crate::settings::Source;
use crate::transfer::ImportCommand;
use crate::{Event, Pair, Settings, UnixMillis};
use serde::{Deserialize, Serialize};

pub use crate::base::codec::{DecodeError, bytes, decode, encode};

/// Incremented whenever a message changes its shape.
pub const PROTOCOL: u16 = 29;

/// The commit of this build, set at build time; `dev` otherwise.
pub const BUILD: &str = match option_env!("BUILD_ID") {
    Some(build) => build,
    None => "dev",
};

/// A command from the page to the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Put these settings in force; the first such command starts the feed.
    Configure(Box<Settings>),
    /// Run the tests now.
    RunTests,
    /// End any wait, unless the exchange demands it, and connect at once.
    Reconnect,
    /// The browser is online again: end such waits, and keep a connection that is live.
    NetworkReturned,
    /// Send all rows again: the page has noticed a gap in the sequence.
    Resync,
    /// Write what has not been stored yet: the page may be gone in a moment.
    Flush,
    /// Delete all stored bars and trades.
    DeleteHistory,
    /// Request a venue's markets.
    ListMarkets(Source),
    /// Report once what the engine holds.
    Inspect {
        /// Most of the newest trades of each leg.
        ticks: usize,
    },
    /// Put these alert rules in force instead of all others. The one of the settings stays in any case.
    SetRules(Vec<Rule>),
    /// Silence a rule's alerts for a while.
    Snooze {
        /// The rule.
        rule: RuleId,
        /// Local time until which it is silenced; `None` ends that.
        until: Option<UnixMillis>,
    },
    /// Raise an alert of this rule as if it had fired, marked as a test.
    TestRule(RuleId),
    /// A command about an import.
    Import(Box<ImportCommand>),
    /// Write everything stored to a file, or replace it with a file.
    Backup(BackupCommand),
    /// Store the user's choices on the page, in addition to the page's own storage.
    Remember(Preferences),
    /// Load bars before the oldest ones, as far as they are kept.
    LoadOlder,
    /// Watch exactly these pairs beside the selected one.
    Watch(Vec<Pair>),
    /// Compute the evidence on the newest rows; the same request again at most every ten seconds.
    Examine(EvidenceOptions),
    /// Request the books and order rules of both legs; to be repeated every few seconds while they are shown.
    Quote,
    /// Follow a position, in the text form of [`Position::store`](crate::analytics::position::Position::store),
    /// for the rules that watch it at live prices; empty for none.
    Follow(String),
    /// As [`Self::Follow`], for a position entered at prices of a replay, a recording or the demo: the followed one
    /// and this one never see each other's prices.
    Rehearse(String),
    /// A command about a replay: a [`ReplayCommand`](crate::replay::ReplayCommand) as bytes, which only the
    /// replay's code decodes.
    Replay(Vec<u8>),
    /// A command about a scan: a [`ScanCommand`](crate::scan::scanner::ScanCommand) as bytes, which only the
    /// scan's code decodes.
    Scan(Vec<u8>),
    /// A command about a backtest: an encoded
    /// [`BacktestCommand`](crate::backtest::bench::message::BacktestCommand).
    Backtest(#[serde(with = "bytes")] Vec<u8>),
    /// Read the stored trades of both legs in this span, for [`Engine::take_trades`](crate::Engine::take_trades).
    RecallTrades {
        /// The first time.
        from: UnixMillis,
        /// The last one.
        to: UnixMillis,
    },
}

impl Command {
    /// Whether it needs the code of the evidence's tests.
    pub fn needs_evidence(&self) -> bool {
        match self {
            Self::Examine(_) => true,
            Self::SetRules(rules) => rules.iter().any(Rule::watches_evidence),
            _ => false,
        }
    }
}

/// Identifies the sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`] of the sender.
    pub protocol: u16,
    /// [`BUILD`] of the sender.
    pub build: String,
}

impl Hello {
    /// The greeting of this build.
    pub fn ours() -> Self {
        Self { protocol: PROTOCOL, build: BUILD.to_owned() }
    }
}

/// A message to the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// The first message.
    Hello(Hello),
    /// A request.
    Command(Command),
    /// Checks that the engine is alive; an engine that is busy for seconds does not answer.
    Ping,
}

/// A message to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToPage {
    /// The first message: the engine is listening.
    Hello(Hello),
    /// News.
    Event(Event),
    /// This tab's role from here on among the tabs with the same source and pair.
    Role(Role),
    /// The answer to each [`ToEngine::Ping`].
    Pong,
}

/// A tab's role among those with the same source and pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Role {
    /// Its engine has the connection and writes to the store.
    #[default]
    Leader,
    /// It shows what the leader's engine sends.
    Follower,
    /// It shows its last state: a newer version of the page is open in another tab.
    Outdated,
}

/// A message from one tab to the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BetweenTabs {
    /// A follower has joined and has no state yet.
    Join,
    /// A follower's page sends a command to the leader's engine.
    Command(Command),
    /// The leader's engine sends an event.
    Event(Event),
    /// A tab, of any source and pair, has spent request weight.
    WeightSpent(Spent),
    /// A tab wants to know what the others have spent in the last minute.
    WeightQuery {
        /// The number of the tab that sent the query.
        from: u64,
    },
    /// The weight that a tab has spent itself and its hidden refusals, for a tab that sent a query.
    WeightReport {
        /// The number of the tab that sent the query.
        to: u64,
        /// Oldest first.
        spent: Vec<Spent>,
        /// Consecutive failures that the browser hides, oldest first.
        hidden: Vec<Refused>,
    },
    /// The exchange has refused a tab because of this machine's IP address.
    Refused(Refused),
    /// The exchange has responded to a tab at this URL, after failures that the browser hides.
    Responded(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_command_comes_back_as_it_went() {
        let message = ToEngine::Command(Command::Configure(Box::default()));
        assert_eq!(decode::<ToEngine>(&encode(&message)), Ok(message));
        let within = ToEngine::Command(Command::Backtest(vec![0, 255, 7]));
        assert_eq!(decode::<ToEngine>(&encode(&within)), Ok(within));
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_an_error_or_a_message_but_never_a_panic(bytes: Vec<u8>) {
            let first = decode::<ToPage>(&bytes);
            prop_assert_eq!(first.clone(), decode::<ToPage>(&bytes));
            if let Err(error) = first {
                prop_assert_eq!(error.length, bytes.len());
            }
        }
    }
}
