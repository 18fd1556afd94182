//! Figures: the lines of a chart, their points and the ticks of its axes.
//!
//! A figure is a layout and traces as JSON, without data, and the data as columns of `f64`, so that the columns
//! can reach Plotly as typed arrays. All ranges, ticks and margins are given: an axis that Plotly need not
//! compute is cheap to redraw.

pub(in crate::view) mod base;
mod chart;
#[cfg(test)]
pub(in crate::view) mod closed;
mod correlation;
mod entry;
mod epps;
mod hedge;
mod histogram;
mod kind;
mod legend;
pub(in crate::view) mod parts;
mod past;
mod price;
pub(in crate::view) mod room;
#[cfg(test)]
mod snapshot;
mod spread;
mod table;
mod volume;
mod zscore;

pub use base::Theme;
pub use chart::DataTable;
pub use entry::Ink;
pub use kind::{ChartKind, picture_title};
pub use legend::{LegendValue, legend, of_band, summary};
pub use room::{label_size, plot_area, plot_height};
pub use table::table;

use crate::view::charts::offsets::Offsets;
use crate::view::charts::range::Span;
use crate::view::numbers::verdict::FILLING;
use crate::view::screen::model::Model;
use spreadscope_engine::UnixMillis;

/// What a figure is drawn for.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// The time from left to right.
    pub span: Span,
    /// Offsets from UTC of the times on the axis.
    pub offsets: Offsets,
    /// The current time: times of another day show their date.
    pub now: UnixMillis,
    /// Colours and font.
    pub theme: Theme,
    /// The |z| up to which a round trip does not pay, if that is to be shaded.
    pub unpaid_z: Option<f64>,
    /// Whether each leg's prices have an axis of their own.
    pub two_axes: bool,
    /// The ends of the value axis, if set by hand.
    pub values: Option<(f64, f64)>,
    /// The lines that the user has hidden.
    pub hidden: Vec<Ink>,
}

impl Canvas {
    /// Returns the points of a line; none if it is hidden.
    fn unless_hidden(&self, ink: Ink, points: impl FnOnce() -> Columns) -> Columns {
        if self.hidden.contains(&ink) { Columns::default() } else { points() }
    }

    /// A canvas of 600 by 200 pixels in UTC, with nothing set by hand.
    #[cfg(test)]
    pub(in crate::view) fn plain(span: Span) -> Self {
        Self {
            width: 600,
            height: 200,
            span,
            offsets: Offsets::fixed(0),
            now: UnixMillis(0),
            theme: Theme::default(),
            unpaid_z: None,
            two_axes: false,
            values: None,
            hidden: Vec::new(),
        }
    }
}

/// Points of one trace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// Times, milliseconds since 1970.
    pub x: Vec<f64>,
    /// Values; NaN breaks the line.
    pub y: Vec<f64>,
}

impl Columns {
    pub(in crate::view) fn push(&mut self, x: f64, y: f64) {
        self.x.push(x);
        self.y.push(y);
    }

    /// Returns the lowest and the highest value, if there is any.
    pub(in crate::view) fn reach(&self) -> Option<(f64, f64)> {
        let known = self.y.iter().copied().filter(|value| value.is_finite());
        known.fold(None, |reach, value| match reach {
            None => Some((value, value)),
            Some((low, high)) => Some((value.min(low), value.max(high))),
        })
    }
}

/// A chart, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Plotly's layout as JSON.
    pub layout: String,
    /// Plotly's traces as JSON, without data.
    pub traces: Vec<String>,
    /// The data of each trace.
    pub columns: Vec<Columns>,
    /// The message to show if there is nothing to draw.
    pub message: Option<String>,
    /// A note to show in place of [`ChartKind::how_to_read`].
    pub note: Option<String>,
    /// The lowest and the highest value of each line with a legend, in the legend's order.
    pub reach: Vec<Option<(f64, f64)>>,
    /// The values at the lower and the upper edge of the plot.
    pub edges: (f64, f64),
}

impl Figure {
    /// Returns the number of points of all traces.
    pub fn points(&self) -> usize {
        self.columns.iter().map(|columns| columns.x.len()).sum()
    }
}

/// Builds the figure of `kind` from the model.
pub fn build(kind: ChartKind, model: &Model, canvas: &Canvas) -> Figure {
    let figure = (kind.chart().build)(model, canvas);
    // a note that the legend already gives is not repeated
    let note = if legend::says_filling(kind, model) {
        None
    } else if model.filling {
        Some(FILLING.to_owned())
    } else {
        figure.note
    };
    Figure { note, ..figure }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::view::alert::tests::alert;
    use crate::view::charts::range::TimeRange;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::alert::{Alert, Occasion};
    use spreadscope_engine::analytics::Metric;
    use spreadscope_engine::messages::event::{Event, Fact};
    use spreadscope_engine::{Interval, Pair, Settings};

    pub(super) fn model(rows: i64) -> Model {
        let mut model = Model::new(Settings::default());
        let rows = (0..rows).map(|second| row(second, 3.0 * (second as f64 / 40.0).sin())).collect();
        model.apply(Event::Fact { sequence: 0, fact: Fact::Rows { replace: true, rows } });
        model
    }

    pub(super) fn canvas(model: &Model) -> Canvas {
        Canvas::plain(TimeRange::default().bounds(&model.series))
    }

    #[test]
    fn a_line_that_is_not_wanted_is_not_drawn_and_an_axis_set_by_hand_stays() {
        let model = model(600);
        let by_hand = Canvas { values: Some((-1.5, 1.5)), hidden: vec![Ink::X], ..canvas(&model) };
        for kind in [ChartKind::Price, ChartKind::Volume] {
            let whole = build(kind, &model, &canvas(&model));
            let half = build(kind, &model, &by_hand);
            assert!(whole.columns[1].reach().is_some() && half.columns[1].x.is_empty(), "{kind:?}");
            assert_eq!(half.columns[0].x, whole.columns[0].x, "{kind:?}");
        }
        for kind in [ChartKind::Price, ChartKind::Spread, ChartKind::ZScore, ChartKind::Hedge] {
            assert_eq!(build(kind, &model, &by_hand).edges, (-1.5, 1.5), "{kind:?}");
        }
    }

    fn json(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_chart_gives_plotly_all_it_would_otherwise_work_out() {
        let model = model(2_000);
        let canvas = canvas(&model);
        for kind in ChartKind::ALL {
            let figure = build(kind, &model, &canvas);
            let layout = json(&figure.layout);
            assert_eq!(layout["width"], 600, "{kind:?}");
            assert_eq!((&layout["autosize"], &layout["hovermode"]), (&false.into(), &false.into()));
            for axis in ["xaxis", "yaxis"] {
                let axis = &layout[axis];
                let count = |name: &str| axis[name].as_array().unwrap().len();
                assert_eq!(count("range"), 2, "{kind:?}");
                assert_eq!((&axis["automargin"], &axis["tickmode"]), (&false.into(), &"array".into()));
                assert_eq!(count("tickvals"), count("ticktext"));
            }
            assert_eq!(figure.traces.len(), figure.columns.len());
            for columns in &figure.columns {
                assert_eq!(columns.x.len(), columns.y.len());
                assert!(columns.x.len() <= 2 * 820, "{kind:?}: {}", columns.x.len());
            }
        }
    }

    #[test]
    fn correlation_that_is_still_warming_says_so() {
        let model = model(50);
        let figure = build(ChartKind::Correlation, &model, &canvas(&model));
        assert_eq!(figure.message.as_deref(), Some("Warming up: 1 of 300 bars"));
        assert_eq!(build(ChartKind::ZScore, &model, &canvas(&model)).message, None);
    }

    #[test]
    fn an_empty_model_draws_empty_charts() {
        let model = Model::new(Settings::default());
        for kind in ChartKind::ALL {
            let figure = build(kind, &model, &canvas(&model));
            assert_eq!(figure.message.as_deref(), Some("Waiting for the first bars"), "{kind:?}");
        }
    }

    #[test]
    fn the_z_chart_holds_its_thresholds_and_marks_its_alerts() {
        let mut model = model(500);
        let at = row(400, 2.5).open_time;
        let alert = Alert { open_time: at, time: at + 1_000, ..alert(0, 2.5) };
        let tested = Alert { occasion: Occasion::Test, ..alert.clone() };
        let of_minutes = Alert { interval: Interval::OneMinute, value: Some(3.0), ..alert.clone() };
        let swapped = Pair { y: alert.pair.x.clone(), x: alert.pair.y.clone() };
        let of_another_pair = Alert { pair: swapped, value: Some(3.5), ..alert.clone() };
        for (sequence, alert) in (1..).zip([alert, tested, of_minutes, of_another_pair]) {
            model.apply(Event::Fact { sequence, fact: Fact::Alert(Box::new(alert)) });
        }
        let figure = build(ChartKind::ZScore, &model, &canvas(&model));
        let layout = json(&figure.layout);
        let range = layout["yaxis"]["range"].as_array().unwrap();
        assert!(range[0].as_f64().unwrap() <= -2.0 && range[1].as_f64().unwrap() >= 2.0);
        assert_eq!(layout["shapes"].as_array().unwrap().len(), 5);
        assert_eq!(figure.columns[0].y, [2.5]);
        assert!(figure.columns[1].y.is_empty());
        assert_eq!(json(&figure.traces[0])["marker"]["symbol"], "triangle-up");
    }

    #[test]
    fn a_missing_bar_breaks_the_line() {
        let mut model = model(100);
        let mut gap = row(50, 0.0);
        gap.y.close = None;
        gap.spread = None;
        gap.z = Metric::Undefined("no bar".into());
        model.apply(Event::Fact { sequence: 1, fact: Fact::Rows { replace: false, rows: vec![gap] } });
        for (kind, trace) in [(ChartKind::Price, 0), (ChartKind::Spread, 3), (ChartKind::ZScore, 2)] {
            let figure = build(kind, &model, &canvas(&model));
            assert_eq!(figure.columns[trace].y.iter().filter(|y| y.is_nan()).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn rows_that_never_came_break_the_line_too() {
        let mut model = model(100);
        let later = (150..200).map(|second| row(second, 0.0)).collect();
        model.apply(Event::Fact { sequence: 1, fact: Fact::Rows { replace: false, rows: later } });
        let price = build(ChartKind::Price, &model, &canvas(&model));
        assert_eq!(price.columns[0].x.len(), 151);
        assert!(price.columns[0].y[100].is_nan());
    }

    #[test]
    fn what_rests_on_part_of_a_window_is_dotted_and_said() {
        let mut model = model(100);
        let young = |second: i64| {
            let mut young = row(second, 1.0);
            young.z = Metric::Provisional { value: 1.0, seen: 3, needed: 5 };
            young
        };
        let rows = (0..20).map(young).collect();
        model.apply(Event::Fact { sequence: 1, fact: Fact::Rows { replace: false, rows } });
        let figure = build(ChartKind::ZScore, &model, &canvas(&model));
        let known = |trace: usize| figure.columns[trace].y.iter().filter(|y| !y.is_nan()).count();
        // the twenty-first row belongs to both, so that the line does not break
        assert_eq!((known(2), known(3)), (80, 21));
        assert_eq!(json(&figure.traces[3])["line"]["dash"], "dot");
        assert!(figure.note.is_some());
        assert_eq!(build(ChartKind::Hedge, &model, &canvas(&model)).note, None);
    }

    #[test]
    fn a_day_of_seconds_is_drawn_with_as_many_points_as_a_quarter_of_an_hour() {
        let model = model(80_000);
        let span = TimeRange::Follow { bars: None }.bounds(&model.series);
        for kind in ChartKind::ALL {
            let figure = build(kind, &model, &Canvas { width: 2_000, span, ..canvas(&model) });
            // a band's outline has two edges
            assert!(figure.columns.iter().all(|columns| columns.x.len() <= 2 * 820), "{kind:?}");
        }
    }
}
