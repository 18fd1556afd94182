//! A chart kept up to date: what was drawn last, and when it is drawn again.

use super::plot::{Crosshair, Plot};
use crate::ui::picture;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::Desk;
use crate::view::charts::axis;
use crate::view::charts::figure::{self, Canvas, ChartKind, DataTable, Ink, Theme};
use crate::view::charts::layout::Layout;
use crate::view::charts::range::Span;
use crate::view::numbers::trade::{self, TradeOptions, UnpaidZ};
use crate::view::screen::model::Model;
use crate::web::visible::{self, Watch};
use crate::web::{clock, frame, theme};
use leptos::html::Div;
use leptos::prelude::*;

/// Size of a printed chart in pixels: three stand side by side on a landscape sheet, four if there are more
/// than nine.
const fn on_paper(charts: usize) -> (usize, usize) {
    (if charts > 9 { 216 } else { 296 }, 90)
}

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
    /// The values at the lower and the upper edge of the plot.
    pub(super) edges: (f64, f64),
}

/// A chart in its place on the page.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    desk: Desk,
    kind: ChartKind,
    pub(super) plot: Plot,
    /// Whether it is within the window: a chart out of view is not drawn.
    visible: RwSignal<bool>,
    /// Whether it is shown as a table instead.
    pub(super) as_table: RwSignal<bool>,
    pub(super) drawn: RwSignal<Drawn>,
    /// The ends of the value axis, if set by hand.
    pub(super) values: RwSignal<Option<(f64, f64)>>,
    /// The lines that the user has hidden.
    pub(super) hidden: RwSignal<Vec<Ink>>,
    theme: Memo<figure::Theme>,
}

impl Drawing {
    /// Starts drawing a chart in `plot`, whenever its rows, the range, the colours or its size change.
    pub(super) fn start(desk: Desk, kind: ChartKind, plot: NodeRef<Div>) -> Self {
        let nothing = Drawn {
            count: 0,
            points: 0,
            span: None,
            message: Some("Loading the charts…".to_owned()),
            note: None,
            summary: String::new(),
            edges: (0.0, 1.0),
        };
        let drawn = RwSignal::new(nothing);
        let drawing = Self {
            desk,
            kind,
            plot: Plot::start(plot, move |message| drawn.update(|drawn| drawn.message = Some(message))),
            visible: RwSignal::new(true),
            as_table: RwSignal::new(false),
            drawn,
            values: RwSignal::new(None),
            hidden: RwSignal::new(Vec::new()),
            theme: memo(move |_| {
                desk.look.theme.track();
                desk.printing.track();
                theme::current()
            }),
        };
        drawing.watch(plot);
        // other settings give other numbers, so the stretched axis is reset
        effect(move || {
            desk.settings.track();
            drawing.values.set(None);
        });
        // a live price between two bars changes no line
        let revision = desk.derive(|model| model.revision);
        effect(move || {
            // a memo that is never read is never computed, and reports no change
            revision.with(|_| ());
            drawing.theme.with(|_| ());
            desk.look.range.track();
            desk.look.zone.track();
            desk.panels.trade.track();
            desk.look.layout.track();
            drawing.values.track();
            drawing.hidden.track();
            let has_room = drawing.plot.has_room();
            let (visible, printing) = (drawing.visible.get(), desk.printing.get());
            if !drawing.plot.is_loaded() || drawing.as_table.get() {
                return;
            }
            if printing {
                // printing does not wait for a frame
                drawing.draw();
            } else if visible && has_room {
                frame::request(kind.slug(), move || drawing.draw());
            }
        });
        drawing
    }

    /// Follows whether the chart is within the window.
    fn watch(self, plot: NodeRef<Div>) {
        let visible = self.visible;
        let watch = StoredValue::<Option<Watch>, LocalStorage>::new_local(None);
        effect(move || {
            let Some(element) = plot.get() else { return };
            watch.set_value(visible::watch(&element, move |seen| {
                if visible.get_untracked() != seen {
                    visible.set(seen);
                }
            }));
        });
    }

    fn draw(self) {
        // the panel may have been closed before this drawing's turn
        if self.plot.is_gone() {
            return;
        }
        let Self { desk, kind, plot, drawn, theme, .. } = self;
        // the refresh that shows the series draws the charts again
        if !desk.model.with_value(|model| model.series.is_shown()) {
            return;
        }
        let (figure, span, summary) = desk.model.with_value(|model| {
            let span = desk.look.range.get_untracked().bounds(&model.series);
            let (width, height) = if desk.printing.get_untracked() {
                on_paper(desk.look.layout.with_untracked(|layout| layout.places().len()))
            } else {
                (plot.width.get_untracked(), plot.height.get_untracked())
            };
            let canvas = Canvas {
                width,
                height,
                span,
                offsets: desk.offsets(span),
                now: clock::now(),
                theme: Theme { font_size: plot.font_size.get_untracked(), ..theme.get_untracked() },
                unpaid_z: unpaid_z(model, &desk.panels.trade.get_untracked()).map(|unpaid| unpaid.z),
                two_axes: desk.look.layout.with_untracked(Layout::has_two_axes),
                values: self.values.get_untracked(),
                hidden: self.hidden.get_untracked(),
            };
            let figure = figure::build(kind, model, &canvas);
            let summary = figure::summary(kind, model, &figure);
            (figure, span, summary)
        });
        let failure = plot.draw(&figure);
        drawn.update(|drawn| {
            *drawn = Drawn {
                count: drawn.count + 1,
                points: figure.points(),
                span: Some(span),
                message: failure.or(figure.message),
                note: figure.note,
                summary,
                edges: figure.edges,
            };
        });
    }

    /// Stretches the value axis about its middle by `times`; `begun` are its ends before.
    pub(super) fn stretch(self, begun: (f64, f64), times: f64) {
        if let Some(values) = axis::stretched(begun, times) {
            self.values.set(Some(values));
        }
    }

    /// Hides a line of the chart, or shows it again.
    pub(super) fn toggle(self, ink: Ink) {
        self.hidden.update(|hidden| match hidden.iter().position(|known| *known == ink) {
            Some(place) => drop(hidden.remove(place)),
            None => hidden.push(ink),
        });
    }

    /// Returns the crosshair on what is drawn.
    pub(super) fn crosshair(self) -> Option<Crosshair> {
        let time = self.desk.look.cursor.get().filter(|_| self.kind.is_over_time())?;
        self.plot.crosshair(self.desk, self.drawn.with(|drawn| drawn.span), time)
    }

    /// Returns the visible span as a table.
    pub(super) fn table(self) -> DataTable {
        self.desk.shown.track();
        let range = self.desk.look.range.get();
        self.desk.model.with_value(|model| figure::table(self.kind, model, range.bounds(&model.series)))
    }

    /// Saves the drawing as a picture.
    pub(super) fn save_picture(self) {
        let Self { desk, kind, plot, theme, .. } = self;
        let ground = theme.with_untracked(|theme| theme.ground.clone());
        let span = self.drawn.with_untracked(|drawn| drawn.span);
        let (from, to) = span.map_or_else(Default::default, |span| desk.ends(span));
        let (pair, title) = desk.model.with_value(|model| {
            (model.settings.pair.clone(), figure::picture_title(kind, &model.settings, &from, &to))
        });
        picture::save(desk, plot.chart(), kind.slug(), &pair, &title, &ground);
    }
}

/// Returns the |z| up to which a round trip does not pay, if the user wants that shaded.
pub(super) fn unpaid_z(model: &Model, options: &TradeOptions) -> Option<UnpaidZ> {
    options.shades.then(|| trade::unpaid_z(model, options)).flatten()
}
