//! The wire between page and engine: one greeting each way, then commands and events, as postcard bytes.

use crate::alert::{Rule, RuleId};
use crate::analytics::evidence::EvidenceAsk;
use crate::archive::{BackupAsk, Preferences};
use crate::connection::{Refused, Spent};
use crate::settings::Source;
use crate::transfer::Ask;
use crate::{Event, Pair, Settings, UnixMillis};
use serde::{Deserialize, Serialize};

pub use crate::base::codec::{DecodeError, bytes, decode, encode};

/// Raised whenever a message changes its shape.
pub const PROTOCOL: u16 = 24;

/// The commit this was built from, set by the build; `dev` otherwise.
pub const BUILD: &str = match option_env!("BUILD_ID") {
    Some(build) => build,
    None => "dev",
};

/// What the page asks of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Put these settings in force; the first one starts the feed.
    Configure(Box<Settings>),
    /// Compute the tests now.
    RunTests,
    /// Drop whatever wait is on, unless the exchange demands it, and connect at once.
    Reconnect,
    /// The browser says that the network is back: drop such waits, and leave a connection that is live.
    NetworkReturned,
    /// Send all rows again: the page noticed a hole in the sequence.
    Resync,
    /// Store what has not been stored yet: the page may be gone in a moment.
    Flush,
    /// Delete all stored bars and trades.
    DeleteHistory,
    /// Ask a venue for its markets.
    ListMarkets(Source),
    /// Tell what the engine holds, once: at most so many of the newest trades of each leg.
    Inspect {
        /// Trades of each leg.
        ticks: usize,
    },
    /// Put these alert rules in force, all others out of it. The one of the settings stays in any case.
    SetRules(Vec<Rule>),
    /// Keep a rule's alerts quiet for a while.
    Snooze {
        /// Which.
        rule: RuleId,
        /// Local time until which it is quiet; `None` ends that.
        until: Option<UnixMillis>,
    },
    /// Tell an alert of this rule as if it had fired, marked as a test.
    TestRule(RuleId),
    /// Something about a file.
    Import(Box<Ask>),
    /// Everything that is stored into a file, or a file in its place.
    Backup(BackupAsk),
    /// Keep what the user has chosen on the page, beside what the page keeps by itself.
    Remember(Preferences),
    /// Put bars before the oldest ones on the desk, as far as they are kept.
    LoadOlder,
    /// Watch these pairs beside the one on the desk, and no others.
    Watch(Vec<Pair>),
    /// Run all tests of the evidence on the newest rows; the same again at most every ten seconds.
    Examine(EvidenceAsk),
    /// Ask for the books of both legs and the rules of their orders, for as long as this is said every few seconds.
    Quote,
    /// Follow a position, as [`Position::store`](crate::analytics::position::Position::store) writes it, for the rules
    /// that watch it; empty for none.
    Follow(String),
    /// Something about a replay: a [`replay::Ask`](crate::replay::Ask) in bytes, which the part of the page that
    /// replays reads alone.
    Replay(Vec<u8>),
    /// Something about a scan: an [`Ask`](crate::scan::scanner::Ask) as bytes, which the scan's code alone decodes.
    Scan(Vec<u8>),
    /// An encoded [`Ask`](crate::backtest::bench::message::Ask) of a backtest.
    Backtest(#[serde(with = "bytes")] Vec<u8>),
    /// Read the stored trades of both legs in this span, for [`Engine::trades_of`](crate::Engine::trades_of).
    RecallTrades {
        /// The first time.
        from: UnixMillis,
        /// The last one.
        to: UnixMillis,
    },
}

impl Command {
    /// Whether the code of the evidence's tests is wanted for it.
    pub fn needs_evidence(&self) -> bool {
        match self {
            Self::Examine(_) => true,
            Self::SetRules(rules) => rules.iter().any(Rule::watches_evidence),
            _ => false,
        }
    }
}

/// Who is speaking.
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
    /// First of all messages.
    Hello(Hello),
    /// A request.
    Command(Command),
    /// Are you there? One that is busy for seconds does not answer.
    Ping,
}

/// A message to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToPage {
    /// First of all messages: the engine listens now.
    Hello(Hello),
    /// News.
    Event(Event),
    /// What this tab does among the tabs of its desk, from here on.
    Role(Role),
    /// The answer to each [`ToEngine::Ping`].
    Pong,
}

/// A tab's part among those on the same source and pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Role {
    /// Its engine has the connection and writes.
    #[default]
    Leader,
    /// It shows what the leader's engine tells.
    Follower,
    /// It shows what there was: a newer version of the page is open in another tab.
    Outdated,
}

/// A message from one tab to the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BetweenTabs {
    /// A follower is here now, and knows nothing yet.
    Join,
    /// A follower's page asks the leader's engine.
    Command(Command),
    /// The leader's engine tells.
    Event(Event),
    /// A tab of whatever desk has spent request weight.
    WeightSpent(Spent),
    /// A tab asks what the others have spent in the last minute.
    WeightAsked {
        /// Its number.
        asker: u64,
    },
    /// What a tab has spent itself, and what it was refused, for one that has asked.
    WeightTold {
        /// The number of that one.
        asker: u64,
        /// Oldest first.
        spent: Vec<Spent>,
        /// In words that the browser hides, one after the other, oldest first.
        hidden: Vec<Refused>,
    },
    /// The exchange has refused a tab because of this machine's address.
    Refused(Refused),
    /// The exchange has answered a tab at this address, after refusals in words that the browser hides.
    Answered(String),
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
