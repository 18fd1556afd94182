//! The messages between a page and its backtests; only the parts of both sides that run backtests know them.

use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::{Cell, Ledger, Metrics, Parameters, Surface, Train, Truncation, Trust};
use crate::settings::SettingsError;
use serde::{Deserialize, Serialize};

/// A page's command. A newer one replaces it, whoever sends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestCommand {
    /// The sender, and which of its commands this is: all tabs see the reports.
    pub id: CommandId,
    /// What to do.
    pub wanted: Wanted,
}

/// A page and one of its commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CommandId {
    /// The page's number.
    pub page: u64,
    /// Number of the command.
    pub number: u64,
}

/// A task for a backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Wanted {
    /// Trade these rules over the bars held at the first run or, to renew, over the current ones.
    Run {
        /// The rules.
        parameters: Box<Parameters>,
        /// The alert rule that triggers entries, in place of |z|.
        enter_by: Option<Box<Rule>>,
        /// Whether to use the current bars.
        renew: bool,
        /// Open times of the first bar and of the bar after the last, for a run over these bars alone.
        within: Option<[UnixMillis; 2]>,
    },
    /// Compute the newest run's rules with other values of two settings, in the format of
    /// [`Grid::parse`](crate::backtest::Grid::parse).
    Surface {
        /// The axes.
        axes: String,
    },
    /// Choose among such values on one stretch and trade them on the next.
    WalkForward {
        /// The axes.
        axes: String,
        /// Where training stretches start.
        train: Train,
    },
    /// Compare the newest run with runs on shorter tapes.
    Proof,
    /// Stop the current task.
    Stop,
}

/// A report to a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestReport {
    /// The command that it is about.
    pub id: CommandId,
    /// The news.
    pub news: News,
}

/// News of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// Progress, in whatever units the task counts.
    Progress {
        /// Done.
        done: usize,
        /// In total.
        of: usize,
    },
    /// Cells that have traded since the last message of a surface in progress, with their indices and without
    /// returns.
    Cells(Vec<(usize, Cell)>),
    /// A run.
    Ran(Box<Ran>),
    /// A surface.
    Surface(Box<Surface>),
    /// The walk forward.
    Walked(Box<Walked>),
    /// Results of the comparisons with shorter tapes.
    Proved(Vec<Truncation>),
    /// Stopped as requested.
    Stopped,
    /// Refused; one sentence for each reason.
    Refused(Vec<SettingsError>),
}

/// A run and its results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// Its parameters.
    pub parameters: Parameters,
    /// The name of the alert rule that triggered entries.
    pub entered_by: Option<String>,
    /// Open time of the first bar.
    pub from: UnixMillis,
    /// Number of bars.
    pub bars: usize,
    /// Older bars of both recordings that are not held, and so were not traded.
    pub left_out: u64,
    /// The span that was requested, if not all bars were.
    pub within: Option<[UnixMillis; 2]>,
    /// Orders, round trips and equity.
    pub ledger: Ledger,
    /// With the round trip that was closed by the end of the data, and without it.
    pub metrics: [Metrics; 2],
    /// How far to trust its Sharpe ratio.
    pub trust: Trust,
    /// z that could trigger a decision, by bar; NaN where none could.
    pub z: Vec<f64>,
}

impl Ran {
    /// Open time of the bar at index `at`.
    pub fn open_time(&self, at: usize) -> UnixMillis {
        self.from
            + i64::try_from(at).unwrap_or(i64::MAX).saturating_mul(self.parameters.settings.interval.millis())
    }
}

/// The results of a walk forward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Walked {
    /// Where training stretches start.
    pub train: Train,
    /// The choices, oldest first.
    pub folds: Vec<FoldReport>,
    /// Metrics of all tests joined.
    pub metrics: Metrics,
    /// Equity at the close of each tested bar.
    pub equity: Vec<f64>,
    /// Net profit per bar in the tests minus net profit per bar in the training.
    pub efficiency_per_bar: f64,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldReport {
    /// Start and end of the training.
    pub train: [UnixMillis; 2],
    /// Start and end of the test.
    pub test: [UnixMillis; 2],
    /// The index of the chosen cell; `None` if nothing traded.
    pub chosen: Option<usize>,
    /// Net profit in the training.
    pub train_net: f64,
    /// Round trips in the training.
    pub train_trades: usize,
    /// Net profit in the test.
    pub test_net: f64,
    /// Round trips in the test.
    pub test_trades: usize,
}
