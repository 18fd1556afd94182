//! A chart being kept up to date: what it was drawn from last, and when it is drawn again.

use crate::ui::state::Desk;
use crate::view::figure::{self, Canvas, ChartKind, plot_area};
use crate::view::format;
use crate::view::range::Span;
use crate::web::chart::{self, Chart};
use crate::web::resize::{self, Observation};
use crate::web::{frame, theme};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was drawn last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    /// How many drawings there have been.
    pub(super) count: u32,
    pub(super) points: usize,
    pub(super) span: Option<Span>,
    pub(super) message: Option<String>,
    pub(super) note: Option<String>,
    pub(super) summary: String,
}

/// A chart in its place on the page.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    desk: Desk,
    kind: ChartKind,
    /// Pixels.
    pub(super) width: RwSignal<usize>,
    height: RwSignal<usize>,
    pub(super) drawn: RwSignal<Drawn>,
    theme: Memo<figure::Theme>,
    chart: StoredValue<Option<Chart>, LocalStorage>,
}

impl Drawing {
    /// Draws a chart in `plot` from now on, whenever its rows, the range, the colours or its size change.
    pub(super) fn start(desk: Desk, kind: ChartKind, plot: NodeRef<Div>) -> Self {
        let nothing = Drawn {
            count: 0,
            points: 0,
            span: None,
            message: Some("Loading the charts…".to_owned()),
            note: None,
            summary: String::new(),
        };
        let drawing = Self {
            desk,
            kind,
            width: RwSignal::new(0),
            height: RwSignal::new(0),
            drawn: RwSignal::new(nothing),
            theme: Memo::new(move |_| {
                desk.theme.track();
                theme::current()
            }),
            chart: StoredValue::new_local(None),
        };
        drawing.measure(plot);
        let loaded = RwSignal::new(false);
        spawn_local(async move {
            match chart::load().await {
                Ok(()) => loaded.set(true),
                Err(message) => drawing.drawn.update(|drawn| drawn.message = Some(message)),
            }
        });
        // a live price between two bars changes no line
        let revision = desk.derive(|model| model.revision);
        Effect::new(move |_| {
            // a memo that is not read is never worked out, and tells of no change
            revision.with(|_| ());
            drawing.theme.with(|_| ());
            desk.range.track();
            if loaded.get() && drawing.width.get() > 0 && drawing.height.get() > 0 {
                frame::request(kind.slug(), move || drawing.draw());
            }
        });
        drawing
    }

    fn measure(self, plot: NodeRef<Div>) {
        let Self { width, height, chart, .. } = self;
        let observation = StoredValue::<Option<Observation>, LocalStorage>::new_local(None);
        Effect::new(move |_| {
            let Some(element) = plot.get() else { return };
            chart.set_value(Some(Chart::new(element.clone().into())));
            observation.set_value(resize::observe(&element, move |wide, high| {
                if (width.get_untracked(), height.get_untracked()) != (wide, high) {
                    width.set(wide);
                    height.set(high);
                }
            }));
        });
    }

    fn draw(self) {
        let Self { desk, kind, width, height, drawn, theme, chart } = self;
        let (figure, span, summary) = desk.model.with_value(|model| {
            let span = desk.range.get_untracked().bounds(&model.series);
            let canvas = Canvas {
                width: width.get_untracked(),
                height: height.get_untracked(),
                span,
                // all times of the page are UTC
                utc_offset_minutes: 0,
                theme: theme.get_untracked(),
            };
            let figure = figure::build(kind, model, &canvas);
            let summary = figure::summary(kind, model, &figure);
            (figure, span, summary)
        });
        let failure = chart
            .try_update_value(|chart| chart.as_mut().map(|chart| chart.draw(&figure)))
            .flatten()
            .and_then(Result::err);
        drawn.update(|drawn| {
            *drawn = Drawn {
                count: drawn.count + 1,
                points: figure.points(),
                span: Some(span),
                message: failure.or(figure.message),
                note: figure.note,
                summary,
            };
        });
    }

    /// Where the crosshair stands on what is drawn: pixels from the left, and its time.
    pub(super) fn crosshair(self) -> Option<(f64, String)> {
        let time = self.desk.cursor.get()?;
        let share = self.drawn.with(|drawn| drawn.span)?.share_of(time)?;
        let (left, plot_width) = plot_area(self.width.get());
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        Some((left as f64 + share * plot_width as f64, format::clock(time as i64)))
    }
}
