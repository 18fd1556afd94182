//! The sum of the round trips from gross to net, and the distribution of their net.

use crate::view::backtest::shown::Shown;
use crate::view::charts::axis::{Ticks, ValueAxis, value_axis};
use crate::view::charts::figure::base::{empty_line, figure, layout_on, level, upright};
use crate::view::charts::figure::parts::{Line, Shape};
use crate::view::charts::figure::room::{across_ticks, value_ticks};
use crate::view::charts::figure::{Canvas, Columns, Figure};
use plotly::common::{DashType, Fill, LineShape};

/// Half the width of a bar of the waterfall; the bars stand 1 apart.
const HALF: f64 = 0.36;
/// Most bins of the distribution.
const MOST_BINS: usize = 40;

pub(super) fn waterfall(shown: &Shown, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let m = &shown.ran.metrics[0];
    let steps = [
        ("Gross", m.gross),
        ("Fees", -m.fees),
        ("Slippage", -m.slippage),
        ("Funding", -m.funding),
        ("Borrow", -m.borrow),
    ];
    let mut level_now = 0.0;
    let mut bars: Vec<(&str, f64, f64)> = Vec::new();
    // spot has neither funding nor borrow, and their places are room for the other labels
    let is_step = |(name, change): &(&str, f64)| *change != 0.0 || !matches!(*name, "Funding" | "Borrow");
    for (name, change) in steps.into_iter().filter(is_step) {
        let before = level_now;
        level_now += change;
        bars.push((name, before, level_now));
    }
    bars.push(("Net", 0.0, m.net));
    let ends = bars.iter().flat_map(|(_, from, to)| [*from, *to]);
    let left = value_axis(ends, &[0.0], value_ticks(canvas));
    let places = 0..bars.len();
    let below = ValueAxis {
        low: -0.6,
        high: bars.len() as f64 - 0.4,
        ticks: Ticks {
            values: places.map(|place| place as f64).collect(),
            labels: bars.iter().map(|(label, ..)| (*label).to_owned()).collect(),
        },
    };
    let last = bars.len() - 1;
    let mut shapes: Vec<Shape> = bars
        .iter()
        .enumerate()
        .map(|(place, (_, from, to))| {
            let colour = match place {
                0 => &theme.second,
                place if place == last && *to >= *from => &theme.y,
                _ => &theme.x,
            };
            bar(place as f64, *from, *to, colour)
        })
        .collect();
    shapes.push(level(0.0, &theme.axis, DashType::Solid));
    let sheet = layout_on(canvas, below, left, None, shapes);
    // the shapes are what is seen; an invisible line carries the values
    let values = Columns {
        x: (0..bars.len()).map(|place| place as f64).collect(),
        y: bars.iter().map(|(_, _, to)| if m.trades == 0 { f64::NAN } else { *to }).collect(),
    };
    let hidden = empty_line().line(Line::none());
    figure(&sheet, vec![(hidden, values)], &[0], || "Nothing was traded".to_owned())
}

fn bar(at: f64, from: f64, to: f64, colour: &str) -> Shape {
    Shape::new("x", [at - HALF, at + HALF], "y", [from, to]).filled(colour)
}

pub(super) fn distribution(shown: &Shown, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let nets: Vec<f64> = shown.ran.ledger.trades.iter().map(|trade| trade.net).collect();
    let counts = Bins::of(&nets);
    let below = value_axis(nets.iter().copied(), &[0.0], across_ticks(canvas));
    let mut bars = Columns::default();
    for (place, count) in counts.counts.iter().enumerate() {
        bars.push(counts.low + place as f64 * counts.width, f64::from(*count));
    }
    if !counts.counts.is_empty() {
        bars.push(counts.low + counts.counts.len() as f64 * counts.width, 0.0);
    }
    let left = value_axis(bars.y.iter().copied(), &[0.0, 1.0], value_ticks(canvas));
    let left = ValueAxis { low: 0.0, ..left };
    let sheet = layout_on(canvas, below, left, None, vec![upright(0.0, &theme.threshold, DashType::Dash)]);
    let stepped = Line::new(&theme.line, 1.0).shape(LineShape::Hv);
    let filled = empty_line().line(stepped).fill(Fill::ToZeroY, &theme.band);
    figure(&sheet, vec![(filled, bars)], &[0], || "Nothing was traded".to_owned())
}

/// The number of values in each of several equal ranges.
#[derive(Debug, PartialEq)]
struct Bins {
    low: f64,
    width: f64,
    counts: Vec<u32>,
}

impl Bins {
    /// Sorts `values` into about as many bins as the square root of their number.
    fn of(values: &[f64]) -> Self {
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
        if values.is_empty() {
            return Self { low: 0.0, width: 1.0, counts: Vec::new() };
        }
        let bins = (1..MOST_BINS).find(|bins| bins * bins >= values.len()).unwrap_or(MOST_BINS).max(5);
        let width = if high > low { (high - low) / bins as f64 } else { low.abs().max(1.0) * 0.01 };
        let mut counts = vec![0; bins];
        for value in values {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the bins")]
            let place = ((value - low) / width) as usize;
            counts[place.min(bins - 1)] += 1;
        }
        Self { low, width, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_trip_is_in_one_bin() {
        let values: Vec<f64> = (0..200).map(|at| f64::from(at % 17) - 8.0).collect();
        let bins = Bins::of(&values);
        assert_eq!(bins.counts.iter().sum::<u32>(), 200);
        assert_eq!((bins.low, bins.counts.len()), (-8.0, 15));
        assert_eq!(Bins::of(&[3.0, 3.0]).counts, [2, 0, 0, 0, 0]);
        assert!(Bins::of(&[]).counts.is_empty());
    }
}
