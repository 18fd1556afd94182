//! The charts of a run.

mod over_time;
mod sums;

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

    /// Returns how to read the chart.
    pub const fn how_to_read(self) -> &'static str {
        match self {
            Self::Equity => "Solid: net, grey: without costs, dashed: the kept run",
            Self::Drawdown => "Below its highest so far, % of capital",
            Self::ZScore => "Tinted: a position is held",
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
            vec![("drawdown", format!("{} %", format::fixed(fall * 100.0, 2)))]
        }
        Kind::ZScore => {
            let z = shown.ran.z.get(at).copied().filter(|z| z.is_finite());
            vec![("z", z.map_or_else(|| "—".to_owned(), |z| format::signed(z, 2)))]
        }
        Kind::Waterfall | Kind::Distribution | Kind::Walk => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;
    use crate::view::charts::figure::Theme;
    use crate::view::charts::figure::closed::assert_drawn_by_what_is_served;
    use crate::view::charts::offsets::Offsets;
    use spreadscope_engine::UnixMillis;

    fn of(shown: &Shown) -> Subject<'_> {
        Subject { shown, kept: Some(shown), walked: None }
    }

    fn canvas(shown: &Shown) -> Canvas {
        Canvas {
            width: 600,
            height: 200,
            span: shown.span(),
            offsets: Offsets::fixed(0),
            now: UnixMillis(0),
            theme: Theme::default(),
            unpaid_z: None,
            two_axes: false,
            values: None,
            hidden: Vec::new(),
        }
    }

    #[test]
    fn every_chart_has_points_and_no_more_than_its_pixels_need() {
        let shown = shown(&[]);
        for kind in Kind::ALL {
            let figure = build(kind, of(&shown), &canvas(&shown));
            assert!(figure.message.is_none(), "{kind:?}: {:?}", figure.message);
            assert!(figure.points() > 0 && figure.points() < 6_000, "{kind:?} {}", figure.points());
            let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
            assert_eq!(layout["width"], 600, "{kind:?}");
            assert_drawn_by_what_is_served(&figure);
            assert!(!summary(kind, of(&shown)).is_empty());
        }
    }

    #[test]
    fn nothing_traded_is_said_in_the_place_of_bars() {
        let shown = shown(&[("entry_z", "50")]);
        for kind in [Kind::Waterfall, Kind::Distribution] {
            assert!(build(kind, of(&shown), &canvas(&shown)).message.is_some(), "{kind:?}");
        }
        assert!(build(Kind::ZScore, of(&shown), &canvas(&shown)).message.is_none());
    }

    #[test]
    fn the_line_above_reads_the_bar_under_the_crosshair() {
        let shown = shown(&[]);
        let at = 3_000;
        let read = reading(Kind::Equity, of(&shown), Some(shown.times[at] + 1.0));
        assert_eq!(read[0].1, format::fixed(shown.ran.ledger.equity[at], 2));
        assert!(reading(Kind::Equity, of(&shown), Some(0.0)).is_empty());
    }

    #[test]
    fn the_waterfall_ends_where_the_metrics_do() {
        let shown = shown(&[("funding_bps_per_day", "3"), ("borrow_bps_per_day", "5")]);
        let figure = build(Kind::Waterfall, of(&shown), &canvas(&shown));
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        let bars: Vec<(f64, f64)> = layout["shapes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|shape| shape["type"] == "rect")
            .map(|shape| (shape["y0"].as_f64().unwrap(), shape["y1"].as_f64().unwrap()))
            .collect();
        let metrics = &shown.ran.metrics[0];
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(bars.len() == 6 && bars[0].0 == 0.0 && close(bars[0].1, metrics.gross), "{bars:?}");
        assert!(close(bars[4].1, metrics.net) && close(bars[5].1, metrics.net), "{bars:?}");
    }

    #[test]
    fn a_walk_is_drawn_over_its_own_time_with_its_stretches_and_its_absence_is_said() {
        let shown = shown(&[]);
        let times: Vec<f64> = shown.times[2_000..].to_vec();
        let middle = times[1_000];
        let stretches = vec![[times[0], middle], [middle, times[1_999] + 60_000.0]];
        let equity: Vec<f64> = (0..2_000).map(|at| 10_000.0 + f64::from(at)).collect();
        let curve = Curve { times, step: 60_000.0, equity, capital: 10_000.0, stretches };
        let subject = Subject { walked: Some(&curve), ..of(&shown) };
        let canvas = Canvas { span: subject.span(Kind::Walk), ..canvas(&shown) };
        assert_eq!(canvas.span.from, shown.times[2_000]);
        let figure = build(Kind::Walk, subject, &canvas);
        assert!(figure.message.is_none() && figure.points() > 100);
        assert_drawn_by_what_is_served(&figure);
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        let tinted = layout["shapes"].as_array().unwrap().iter().filter(|shape| shape["type"] == "rect");
        assert_eq!(tinted.map(|shape| shape["x0"].as_f64().unwrap()).collect::<Vec<_>>(), [middle]);
        assert_eq!(summary(Kind::Walk, subject), "Equity from 10,000.00 to 11,999.00 net over 2 stretches.");
        assert_eq!(reading(Kind::Walk, subject, Some(middle)), [("net", "11,000.00".to_owned())]);
        assert!(build(Kind::Walk, of(&shown), &canvas).message.is_some());
    }
}
