//! The charts of a run.

mod over_time;
mod picture;
mod sums;

pub use picture::picture_title;

use super::folds::Curve;
use super::shown::Shown;
use crate::view::charts::figure::{Canvas, Figure};
use crate::view::charts::range::Span;
use crate::view::numbers::format;

/// A chart of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Equity, gross and net.
    Equity,
    /// Distance of the equity below its highest so far.
    Drawdown,
    /// z with entries and exits.
    ZScore,
    /// From gross to net.
    Waterfall,
    /// Round trips by their net.
    Distribution,
    /// Equity of a walk forward.
    Walk,
}

/// The data behind the charts.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The run.
    pub shown: &'a Shown,
    /// Another run for comparison.
    pub kept: Option<&'a Shown>,
    /// The walk forward, around these rules or others.
    pub walked: Option<&'a Curve>,
}

impl Subject<'_> {
    /// Returns the whole time span of a chart of `kind`.
    pub fn span(&self, kind: Kind) -> Span {
        match (kind, self.walked) {
            (Kind::Walk, Some(walked)) => walked.span(),
            _ => self.shown.span(),
        }
    }
}

impl Kind {
    /// The charts of a run, in their order.
    pub const ALL: [Self; 5] =
        [Self::Equity, Self::ZScore, Self::Drawdown, Self::Waterfall, Self::Distribution];

    /// Returns the chart's name in the page's structure.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Equity => "bt-equity",
            Self::Drawdown => "bt-drawdown",
            Self::ZScore => "bt-zscore",
            Self::Waterfall => "bt-waterfall",
            Self::Distribution => "bt-distribution",
            Self::Walk => "bt-walk",
        }
    }

    /// Returns the chart's title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Equity => "Equity",
            Self::Drawdown => "Drawdown",
            Self::ZScore => "z with entries and exits",
            Self::Waterfall => "From gross to net",
            Self::Distribution => "Round trips by net",
            Self::Walk => "Equity out of sample",
        }
    }

    /// Returns how to read the chart, unless its figure has a note.
    pub const fn how_to_read(self) -> &'static str {
        match self {
            Self::Equity => "Solid: net, grey: without costs",
            Self::Drawdown => "Below its highest so far, % of capital",
            Self::ZScore => "▲ long, ▼ short, × exit; tinted: a position is held",
            Self::Waterfall => "What each cost takes",
            Self::Distribution => "Dashed: break-even",
            Self::Walk => "Net; tinted: every other stretch, traded by values of its own",
        }
    }

    /// Returns whether time runs from left to right.
    pub const fn is_over_time(self) -> bool {
        matches!(self, Self::Equity | Self::Drawdown | Self::ZScore | Self::Walk)
    }
}

/// Builds the figure of `kind`.
pub fn build(kind: Kind, subject: Subject<'_>, canvas: &Canvas) -> Figure {
    let Subject { shown, kept, walked } = subject;
    match kind {
        Kind::Equity => over_time::equity(shown, kept, canvas),
        Kind::Drawdown => over_time::drawdown(shown, canvas),
        Kind::ZScore => over_time::z(shown, canvas),
        Kind::Waterfall => sums::waterfall(shown, canvas),
        Kind::Distribution => sums::distribution(shown, canvas),
        Kind::Walk => over_time::walked(walked, canvas),
    }
}

/// Returns the chart as a sentence, for screen readers.
pub fn summary(kind: Kind, subject: Subject<'_>) -> String {
    let ran = &subject.shown.ran;
    let metrics = &ran.metrics[0];
    let capital = ran.parameters.rules.notional;
    match kind {
        Kind::Equity => format!(
            "Equity from {} to {} net, {} gross.",
            format::fixed(capital, 2),
            format::fixed(capital + metrics.net, 2),
            format::fixed(capital + metrics.gross, 2)
        ),
        Kind::Drawdown => {
            format!(
                "The largest drawdown is {} % of capital.",
                format::fixed(metrics.max_drawdown * 100.0, 2)
            )
        }
        Kind::ZScore => format!("z with {} entries and exits.", metrics.trades),
        Kind::Waterfall => format!(
            "Gross {}, fees {}, slippage {}, funding and borrow {}, net {}.",
            format::signed(metrics.gross, 2),
            format::signed(-metrics.fees, 2),
            format::signed(-metrics.slippage, 2),
            format::signed(-metrics.funding - metrics.borrow, 2),
            format::signed(metrics.net, 2)
        ),
        Kind::Distribution => {
            let won = ran.ledger.trades.iter().filter(|trade| trade.net > 0.0).count();
            format!("{won} of {} round trips made a profit.", metrics.trades)
        }
        Kind::Walk => subject.walked.map_or_else(String::new, |walked| {
            format!(
                "Equity from {} to {} net over {} stretches.",
                format::fixed(walked.capital, 2),
                format::fixed(walked.equity.last().copied().unwrap_or(walked.capital), 2),
                walked.stretches.len()
            )
        }),
    }
}

/// Returns the values at `time` as names and texts, for the line above the chart; for the waterfall, its ends.
pub fn reading(kind: Kind, subject: Subject<'_>, time: Option<f64>) -> Vec<(&'static str, String)> {
    let Subject { shown, walked, .. } = subject;
    if kind == Kind::Walk {
        let net = walked.zip(time).and_then(|(walked, time)| walked.at(time));
        return net.map(|net| ("net", format::fixed(net, 2))).into_iter().collect();
    }
    if kind == Kind::Waterfall {
        let m = &shown.ran.metrics[0];
        return vec![("gross", format::signed(m.gross, 2)), ("net", format::signed(m.net, 2))];
    }
    let Some(at) = time.and_then(|time| shown.at(time)) else { return Vec::new() };
    let ledger = &shown.ran.ledger;
    let money = |column: &[f64]| column.get(at).map_or_else(String::new, |value| format::fixed(*value, 2));
    match kind {
        Kind::Equity => vec![("net", money(&ledger.equity)), ("gross", money(&ledger.gross_equity))],
        Kind::Drawdown => {
            let fall = shown.drawdown.get(at).copied().unwrap_or(0.0);
            vec![("drawdown", format!("{} %", format::fixed(fall.abs() * 100.0, 2)))]
        }
        Kind::ZScore => {
            let z = shown.ran.z.get(at).copied().filter(|z| z.is_finite());
            vec![("z", z.map_or_else(|| "—".to_owned(), |z| format::signed(z, 2)))]
        }
        Kind::Waterfall | Kind::Distribution | Kind::Walk => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
