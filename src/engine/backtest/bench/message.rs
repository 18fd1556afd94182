//! What the page asks of a backtest and what it is told, in the parts of both sides that know of it.

use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::{Cell, Ledger, Metrics, Parameters, Surface, Train, Truncation, Trust};
use crate::settings::SettingsError;
use serde::{Deserialize, Serialize};

/// An ask of a page. Another one takes its place, whoever asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Who asks, and which of its asks it is: all tabs of a desk are told.
    pub asker: Asker,
    /// What is wanted.
    pub wanted: Wanted,
}

/// A page and one of its asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asker {
    /// The page's number.
    pub page: u64,
    /// Counts its asks.
    pub ask: u64,
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Wanted {
    /// Trade these rules over the bars that the desk held at the first run, or anew over those of now.
    Run {
        /// The rules.
        parameters: Box<Parameters>,
        /// The alert rule that says when to enter, in place of |z| alone.
        enter_by: Option<Box<Rule>>,
        /// Over the bars of now.
        renew: bool,
    },
    /// Try the newest run's rules with other values of two settings, as [`Grid::parse`](crate::backtest::Grid::parse)
    /// reads them.
    Surface {
        /// The axes.
        axes: String,
    },
    /// Choose among such values on one stretch and trade them on the next.
    WalkForward {
        /// The axes.
        axes: String,
        /// Where the stretches begin on which values are chosen.
        train: Train,
    },
    /// Compare the newest run with what it does on shorter tapes.
    Proof,
    /// Leave what is under way.
    Stop,
}

/// What a page is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Whom it answers.
    pub asker: Asker,
    /// What has come of it.
    pub news: News,
}

/// What has come of an ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// How far it is, in whatever it counts.
    Progress {
        /// Done.
        done: usize,
        /// In all.
        of: usize,
    },
    /// Cells of a surface under way that have traded, with their places and without the returns of each period: those
    /// since the last word of it.
    Cells(Vec<(usize, Cell)>),
    /// A run.
    Ran(Box<Ran>),
    /// A surface.
    Surface(Box<Surface>),
    /// Choices and what came of them.
    Walked(Box<Walked>),
    /// What the comparisons with shorter tapes have found.
    Proved(Vec<Truncation>),
    /// It was left, as was asked for.
    Stopped,
    /// It cannot be done, one sentence for each reason.
    Refused(Vec<SettingsError>),
}

/// A run and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// What it was run with.
    pub parameters: Parameters,
    /// The name of the alert rule that said when to enter.
    pub entered_by: Option<String>,
    /// Open time of the first bar.
    pub from: UnixMillis,
    /// Bars.
    pub bars: usize,
    /// Orders, round trips and equity.
    pub ledger: Ledger,
    /// With the round trip that the end of the data closed, and without it.
    pub metrics: [Metrics; 2],
    /// How far its Sharpe ratio can be trusted.
    pub trust: Trust,
    /// z that could decide, by bar; NaN where none could.
    pub z: Vec<f64>,
}

impl Ran {
    /// When the bar at place `at` opened.
    pub fn open_time(&self, at: usize) -> UnixMillis {
        self.from
            + i64::try_from(at).unwrap_or(i64::MAX).saturating_mul(self.parameters.desk.interval.millis())
    }
}

/// Walked forward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Walked {
    /// Where the training begins.
    pub train: Train,
    /// The choices, oldest first.
    pub folds: Vec<FoldTold>,
    /// Of all tests one behind the other.
    pub metrics: Metrics,
    /// Equity at the close of each bar that was tested.
    pub equity: Vec<f64>,
    /// Net a bar where rules were traded less net a bar where they were chosen.
    pub efficiency_per_bar: f64,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldTold {
    /// From when to when values were chosen.
    pub train: [UnixMillis; 2],
    /// From when to when they were traded.
    pub test: [UnixMillis; 2],
    /// The chosen place in the grid; `None` where nothing traded.
    pub chosen: Option<usize>,
    /// Net where they were chosen.
    pub train_net: f64,
    /// Round trips there.
    pub train_trades: usize,
    /// Net where they were traded.
    pub test_net: f64,
    /// Round trips there.
    pub test_trades: usize,
}
