//! Equity, drawdown and z over time.

use crate::view::backtest::folds::Curve;
use crate::view::backtest::shown::Shown;
use crate::view::charts::axis::{Ticks, ValueAxis, value_axis};
use crate::view::charts::decimate::{self, Buckets};
use crate::view::charts::figure::base::{
    STROKE, band, dashed, empty_line, figure, layout, level, line, stretch,
};
use crate::view::charts::figure::parts::{Line, Trace};
use crate::view::charts::figure::room::{plot_width, value_ticks};
use crate::view::charts::figure::{Canvas, Columns, Figure};
use crate::view::numbers::format;
use plotly::common::{DashType, Fill, MarkerSymbol, Mode};
use spreadscope_engine::backtest::{PositionSide, RoundTrip};

/// Most buckets of a line.
const MOST_BUCKETS: usize = 250;
/// Bars in a row without a number that break a line.
const GAP_BARS: usize = 30;
/// Marks of one kind stand at least this many pixels apart: half of one's width.
const MARK_PIXELS: f64 = 3.0;

/// Returns a column of a run over the span, thinned to the width.
fn points(shown: &Shown, values: &[f64], canvas: &Canvas) -> Columns {
    thinned(&shown.times, shown.ran.parameters.settings.interval.millis() as f64, values, canvas)
}

fn thinned(times: &[f64], step: f64, values: &[f64], canvas: &Canvas) -> Columns {
    let from = times.partition_point(|&time| time < canvas.span.from).saturating_sub(1);
    let to = (times.partition_point(|&time| time <= canvas.span.to) + 1).min(times.len().min(values.len()));
    let most = (plot_width(canvas) / 3).min(MOST_BUCKETS);
    let kept = decimate::extremes(times, values, from..to.max(from), Buckets::over(canvas.span, step, most));
    // many bars in a row without a number are a gap; a few are merely bars without a trade
    let mut columns = Columns::default();
    let mut before = None::<usize>;
    for at in kept.into_iter().filter(|&at| values[at].is_finite()) {
        if before.is_some_and(|before| longest_gap(&values[before..at]) > GAP_BARS) {
            columns.push(times[at], f64::NAN);
        }
        columns.push(times[at] + step, values[at]);
        before = Some(at);
    }
    columns
}

/// Returns the length of the longest run of values that are not finite.
fn longest_gap(values: &[f64]) -> usize {
    values.split(|value| value.is_finite()).map(<[f64]>::len).max().unwrap_or(0)
}

pub(super) fn equity(shown: &Shown, kept: Option<&Shown>, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let ledger = &shown.ran.ledger;
    let capital = shown.ran.parameters.rules.notional;
    let net = points(shown, &ledger.equity, canvas);
    let gross = points(shown, &ledger.gross_equity, canvas);
    let beside = kept.map(|kept| points(kept, &kept.ran.ledger.equity, canvas));
    let all = net.y.iter().chain(&gross.y).chain(beside.iter().flat_map(|columns| &columns.y)).copied();
    let left = value_axis(all, &[capital], value_ticks(canvas));
    let sheet = layout(canvas, left, None, vec![level(capital, &theme.axis, DashType::Dot)]);
    let mut traces = vec![(line(&theme.second, 1.0), gross), (line(&theme.line, STROKE), net)];
    traces.extend(beside.map(|columns| (dashed(&theme.x), columns)));
    let note = kept.is_some().then(|| "Solid: net, grey: without costs, dashed: the kept run".to_owned());
    Figure { note, ..figure(&sheet, traces, &[1], || "No bars in this range".to_owned()) }
}

/// Builds the equity of a walk forward, with every other stretch tinted.
pub(super) fn walked(walked: Option<&Curve>, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let (net, capital) = walked.map_or_else(Default::default, |walked| {
        (thinned(&walked.times, walked.step, &walked.equity, canvas), walked.capital)
    });
    let stretches = walked.iter().flat_map(|walked| walked.stretches.iter().skip(1).step_by(2));
    let mut shapes = vec![level(capital, &theme.axis, DashType::Dot)];
    shapes.extend(stretches.map(|[from, to]| stretch(*from, *to, &theme.band)));
    let left = value_axis(net.y.iter().copied(), &[capital], value_ticks(canvas));
    let sheet = layout(canvas, left, None, shapes);
    figure(&sheet, vec![(line(&theme.line, STROKE), net)], &[0], || "No walk in this range".to_owned())
}

pub(super) fn drawdown(shown: &Shown, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let percent: Vec<f64> = shown.drawdown.iter().map(|fall| fall * 100.0).collect();
    let falls = points(shown, &percent, canvas);
    let left = depths(value_axis(falls.y.iter().copied(), &[0.0], value_ticks(canvas)));
    let sheet = layout(canvas, left, None, Vec::new());
    let area = empty_line().line(Line::new(&theme.x, 1.0)).fill(Fill::ToZeroY, &theme.threshold_band);
    figure(&sheet, vec![(area, falls)], &[0], || "No bars in this range".to_owned())
}

/// Returns an axis that ends at 0, with depths as labels: a fall of 2 % is called 2, as in the tile.
fn depths(axis: ValueAxis) -> ValueAxis {
    let ValueAxis { low, ticks: Ticks { values, labels }, .. } = axis;
    let (values, labels) = values
        .into_iter()
        .zip(labels)
        .filter(|(value, _)| *value <= 0.0)
        .map(|(value, label)| (value, label.trim_start_matches(['-', '\u{2212}']).to_owned()))
        .unzip();
    ValueAxis { low, high: 0.0, ticks: Ticks { values, labels } }
}

pub(super) fn z(shown: &Shown, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let rules = &shown.ran.parameters.rules;
    let z = points(shown, &shown.ran.z, canvas);
    let span = canvas.span;
    let seen =
        |trade: &&RoundTrip| trade.exit_time.as_f64() >= span.from && trade.entry_time.as_f64() <= span.to;
    let trades: Vec<&RoundTrip> = shown.ran.ledger.trades.iter().filter(seen).collect();
    let mut shapes = vec![
        level(rules.entry_z, &theme.threshold, DashType::Dash),
        level(-rules.entry_z, &theme.threshold, DashType::Dash),
        level(0.0, &theme.axis, DashType::Dot),
    ];
    if let Some(stop) = rules.stop_z {
        shapes.extend([stop, -stop].map(|at| level(at, &theme.axis, DashType::Dash)));
    }
    let left = value_axis(z.y.iter().copied(), &[-rules.entry_z, rules.entry_z], value_ticks(canvas));
    let pixel = (span.to - span.from) / plot_width(canvas).max(1) as f64;
    let held = held(shown, &trades, pixel, [left.low, left.high]);
    let sheet = layout(canvas, left, None, shapes);
    let at = |time: f64| {
        let place = shown.at(time - 1.0)?;
        shown.ran.z.get(place).copied().filter(|z| z.is_finite()).map(|z| (time, z))
    };
    let entries = |side: PositionSide| {
        let entries = trades.iter().filter(|trade| trade.held == side);
        entries.filter_map(|trade| at(shown.decided(trade.entry_time, trade.reason_in))).collect()
    };
    let exits = trades.iter().filter_map(|trade| at(shown.decided(trade.exit_time, trade.reason_out)));
    let mut traces = vec![(band(&theme.band), held), (line(&theme.line, STROKE), z)];
    let mut is_thinned = false;
    let kinds: [(Trace, Vec<(f64, f64)>); 3] = [
        (marks(MarkerSymbol::TriangleUp, &theme.y), entries(PositionSide::Long)),
        (marks(MarkerSymbol::TriangleDown, &theme.x), entries(PositionSide::Short)),
        (marks(MarkerSymbol::X, &theme.text), exits.collect()),
    ];
    for (trace, points) in kinds {
        let kept = apart(&points, MARK_PIXELS * pixel);
        is_thinned |= kept.x.len() < points.len();
        traces.push((trace, kept));
    }
    let note = is_thinned.then(|| {
        format!("{} round trips; a shorter time range shows each", format::count(trades.len() as u64))
    });
    Figure { note, ..figure(&sheet, traces, &[1], || "No z on a full window in this range".to_owned()) }
}

/// Returns outlines of the times in which a position was held; those less than a pixel apart are one.
fn held(shown: &Shown, trades: &[&RoundTrip], pixel: f64, [low, high]: [f64; 2]) -> Columns {
    let mut times: Vec<[f64; 2]> = Vec::new();
    for trade in trades {
        let from = shown.filled(trade.entry_time, trade.reason_in);
        let to = shown.filled(trade.exit_time, trade.reason_out);
        match times.last_mut() {
            Some(last) if from - last[1] < pixel => last[1] = to,
            _ => times.push([from, to]),
        }
    }
    let mut outline = Columns::default();
    for [from, to] in times {
        for (x, y) in [(from, low), (from, high), (to, high), (to, low), (f64::NAN, f64::NAN)] {
            outline.push(x, y);
        }
    }
    outline
}

/// Returns the points of `points`, in order of time, that stand at least `least` after the one before.
fn apart(points: &[(f64, f64)], least: f64) -> Columns {
    let mut kept = Columns::default();
    for &(x, y) in points {
        if kept.x.last().is_none_or(|last| x - last >= least) {
            kept.push(x, y);
        }
    }
    kept
}

fn marks(symbol: MarkerSymbol, colour: &str) -> Trace {
    Trace::new(Mode::Markers).marker(Some(symbol), 6, colour)
}
