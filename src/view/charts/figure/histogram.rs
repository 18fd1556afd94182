//! The distribution of the z-scores in view, beside a normal distribution.

use super::base::{dashed, empty_line, figure, layout_on, silence, stretch, upright};
use super::chart::{Chart, DataTable, Words};
use super::parts::{Line, Trace};
use super::room::{across_ticks, value_ticks};
use super::{Canvas, Columns, Figure, zscore};
use crate::view::charts::axis::{ValueAxis, value_axis};
use crate::view::charts::range::Span;
use crate::view::numbers::column::Column;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use plotly::common::{DashType, Fill, LineShape};

/// Width of a bin, standard deviations.
const BIN: f64 = 0.25;
/// Bins on either side of zero; values further out are counted in the last.
const BINS_EACH_SIDE: usize = 20;

/// Counts of the z-scores in view.
#[derive(Debug, Clone, PartialEq)]
struct Counts {
    /// From the lowest bin to the highest.
    bins: Vec<u32>,
    /// How many there are in all.
    total: u32,
}

impl Counts {
    /// Counts the z-scores of the rows in view that rest on full windows.
    fn of(model: &Model, from: f64, to: f64) -> Self {
        let series = &model.series;
        let (z, young) = (series.column(Column::Z), series.provisional());
        let mut counts = Self { bins: vec![0; 2 * BINS_EACH_SIDE], total: 0 };
        let last = counts.bins.len() - 1;
        for row in series.between(from, to).filter(|&row| z[row].is_finite() && !young[row].z) {
            let place = (z[row] / BIN).floor() + BINS_EACH_SIDE as f64;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept to the bins")]
            let place = place.clamp(0.0, last as f64) as usize;
            counts.bins[place] += 1;
            counts.total += 1;
        }
        counts
    }

    /// Returns the lower edge of a bin.
    fn edge(place: usize) -> f64 {
        (place as f64 - BINS_EACH_SIDE as f64) * BIN
    }

    /// Returns a bin's share of the total.
    fn share(&self, place: usize) -> f64 {
        f64::from(self.bins[place]) / f64::from(self.total.max(1))
    }

    /// Returns the first and the last bin that are not empty.
    fn reach(&self) -> Option<(usize, usize)> {
        let first = self.bins.iter().position(|&count| count > 0)?;
        let last = self.bins.iter().rposition(|&count| count > 0)?;
        Some((first, last))
    }
}

pub(super) const CHART: Chart = Chart {
    is_over_time: false,
    is_of_values: false,
    table: Some(table),
    ..Chart::over_time(
        ["histogram", "Distribution of z"],
        Words::same("Dashed: a normal distribution"),
        Words::same(
            "How often the z-score in view was in each range. A normal distribution would follow the dashed line; more \
             beyond the thresholds means that extremes are more frequent than it predicts.",
        ),
        build,
        zscore::CHART.values,
    )
};

fn table(model: &Model, span: Span) -> DataTable {
    let counts = Counts::of(model, span.from, span.to);
    let (first, last) = counts.reach().unwrap_or((1, 0));
    let edge = |place| format::fixed(Counts::edge(place), 2);
    let row = |place: usize| {
        [
            format!("{} to {}", edge(place), edge(place + 1)),
            counts.bins[place].to_string(),
            format::percent(counts.share(place)),
        ]
    };
    DataTable::new(["z", "Bars", "Share"], (first..=last).map(row))
}

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let counts = Counts::of(model, canvas.span.from, canvas.span.to);
    let threshold = model.settings.z_threshold;
    let mut bars = Columns::default();
    let mut normal = Columns::default();
    let mut ends = vec![-threshold - 0.5, threshold + 0.5];
    if let Some((first, last)) = counts.reach() {
        ends.extend([Counts::edge(first), Counts::edge(last + 1)]);
        for place in first..=last {
            bars.push(Counts::edge(place), counts.share(place));
        }
        bars.push(Counts::edge(last + 1), 0.0);
    }
    let below = value_axis(core::iter::empty(), &ends, across_ticks(canvas));
    if counts.total > 0 {
        let steps = 60;
        for step in 0..=steps {
            let z = below.low + (below.high - below.low) * f64::from(step) / f64::from(steps);
            normal.push(z, BIN * (-0.5 * z * z).exp() / core::f64::consts::TAU.sqrt());
        }
    }
    let left = value_axis(bars.y.iter().chain(&normal.y).copied(), &[0.0], value_ticks(canvas));
    // shares are never below zero, even if the rounded axis is
    let left = ValueAxis { low: 0.0, ..left };
    let shapes = vec![
        stretch(threshold, below.high.max(threshold), &theme.threshold_band),
        stretch(below.low.min(-threshold), -threshold, &theme.threshold_band),
        upright(threshold, &theme.threshold, DashType::Dash),
        upright(-threshold, &theme.threshold, DashType::Dash),
    ];
    let layout = layout_on(canvas, below, left, None, shapes);
    let drawn = figure(
        &layout,
        vec![(filled(&theme.band, &theme.line), bars), (dashed(&theme.second), normal)],
        &[0],
        || silence(model, model.last_row.as_ref().map(|row| &row.z)),
    );
    let note = (counts.total > 0).then(|| format!("Share of {} bars in view; dashed: normal", counts.total));
    Figure { note, ..drawn }
}

fn filled(fill: &str, colour: &str) -> Trace {
    empty_line().line(Line::new(colour, 1.0).shape(LineShape::Hv)).fill(Fill::ToZeroY, fill)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Settings;

    #[test]
    fn every_z_in_view_is_counted_once_and_the_far_ones_at_the_ends() {
        let mut model = Model::new(Settings::default());
        for (second, z) in [0.1, 0.2, -0.1, 2.5, 99.0, f64::NAN].into_iter().enumerate() {
            model.series.put(&row(i64::try_from(second).unwrap(), z));
        }
        let counts = Counts::of(&model, 0.0, f64::INFINITY);
        assert_eq!(counts.total, 5);
        let bin = |z: f64| (0..40).find(|&place| (Counts::edge(place)..Counts::edge(place + 1)).contains(&z));
        assert_eq!((counts.bins[bin(0.1).unwrap()], counts.bins[bin(-0.1).unwrap()]), (2, 1));
        assert_eq!((counts.bins[bin(2.5).unwrap()], counts.bins[39]), (1, 1));
        assert_eq!(counts.bins.iter().sum::<u32>(), counts.total);
        assert_eq!(Counts::of(&model, 0.0, 1.0).reach(), None);
    }
}
