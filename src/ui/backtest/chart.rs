//! One chart of a run.

use super::session::Session;
use crate::ui::charts::plot::{Crosshair, Plot, crosshair_line};
use crate::ui::picture;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::Desk;
use crate::view::backtest::figure::{self, Kind};
use crate::view::charts::figure::{Canvas, Theme};
use crate::view::charts::range::Span;
use crate::web::{clock, frame, theme};
use leptos::html::Div;
use leptos::prelude::*;

/// What was drawn last.
#[derive(Debug, Clone, PartialEq, Default)]
struct Drawn {
    count: u32,
    points: usize,
    span: Option<Span>,
    message: Option<String>,
    /// A note in place of how to read the chart.
    note: Option<String>,
}

#[derive(Clone, Copy)]
struct Drawing {
    session: Session,
    kind: Kind,
    plot: Plot,
    drawn: RwSignal<Drawn>,
}

/// A chart of `kind`.
pub(super) fn run_chart(session: Session, kind: Kind) -> impl IntoView {
    let desk = session.desk;
    let plot = NodeRef::<Div>::new();
    let drawing = Drawing::start(session, kind, plot);
    let drawn = drawing.drawn;
    let summary = move || session.with_subject(|subject| figure::summary(kind, subject));
    let reading = memo(move |_| {
        let time = desk.look.cursor.get().filter(|_| kind.is_over_time());
        session.with_subject(|subject| figure::reading(kind, subject, time)).unwrap_or_default()
    });
    let values = move || {
        let value = |(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> };
        reading.get().into_iter().map(value).collect_view()
    };
    let crosshair = memo(move |_| drawing.crosshair());
    let help =
        move || drawn.with(|drawn| drawn.note.clone()).unwrap_or_else(|| kind.how_to_read().to_owned());
    let message = move || drawn.with(|drawn| drawn.message.clone());
    let left_edge = move || plot.get_untracked().map_or(0.0, |plot| plot.get_bounding_client_rect().left());
    let moved = move |client_x: i32| {
        if kind.is_over_time() {
            desk.look.cursor.set(drawing.time_at(f64::from(client_x) - left_edge()));
        }
    };
    let summary_id = format!("{}-summary", kind.slug());
    view! {
        <figure
            class="chart" tabindex="0" data-run-chart=kind.slug()
            aria-label=format!("{} chart. {}", kind.title(), kind.how_to_read()) aria-describedby=summary_id.clone()
            data-drawn=move || drawn.with(|drawn| drawn.count)
            data-points=move || drawn.with(|drawn| drawn.points)
        >
            <figcaption class="chart-head">
                <h3 class="chart-title">{kind.title()}</h3>
                <dl class="chart-legend">{values}</dl>
                <p class="chart-help hint">{help}</p>
                <button
                    class="quiet bt-picture" type="button" aria-label=format!("Save {} as PNG", kind.title())
                    data-picture=kind.slug() on:click=move |_| drawing.save_picture()
                >"PNG"</button>
            </figcaption>
            <p class="visually-hidden" id=summary_id.clone()>{summary}</p>
            <div
                class="chart-body"
                on:pointermove=move |event| moved(event.client_x())
                on:pointerleave=move |_| desk.look.cursor.set(None)
            >
                <div class="chart-plot" node_ref=plot aria-hidden="true"></div>
                {crosshair_line(crosshair)}
                <p class="chart-message" hidden=move || message().is_none()>{message}</p>
            </div>
        </figure>
    }
}

impl Drawing {
    fn start(session: Session, kind: Kind, plot: NodeRef<Div>) -> Self {
        let desk = session.desk;
        let waiting = Drawn { message: Some("No run yet".to_owned()), ..Drawn::default() };
        let drawn = RwSignal::new(waiting);
        let plot = Plot::start(plot, move |message| drawn.update(|drawn| drawn.message = Some(message)));
        let drawing = Self { session, kind, plot, drawn };
        effect(move || {
            session.ran.track();
            session.kept.track();
            if kind == Kind::Walk {
                session.curve.track();
            }
            session.whole.track();
            desk.look.theme.track();
            desk.look.zone.track();
            if !session.whole.get() {
                desk.look.range.track();
            }
            if plot.has_room() && plot.is_loaded() && session.ran.with(Option::is_some) {
                frame::request(kind.slug(), move || drawing.draw());
            }
        });
        drawing
    }

    fn canvas(self, whole: Span) -> Canvas {
        let desk: Desk = self.session.desk;
        let seen = desk.model.with_value(|model| desk.look.range.get_untracked().bounds(&model.series));
        let span = if self.session.whole.get_untracked() { whole } else { seen };
        Canvas {
            width: self.plot.width.get_untracked(),
            height: self.plot.height.get_untracked(),
            span,
            offsets: desk.offsets(span),
            now: clock::now(),
            theme: Theme { font_size: self.plot.font_size.get_untracked(), ..theme::current() },
            unpaid_z: None,
            two_axes: false,
            values: None,
            hidden: Vec::new(),
        }
    }

    fn draw(self) {
        // the page may have been left before this drawing's turn
        if self.plot.is_gone() {
            return;
        }
        let drawn = untrack(|| {
            self.session.with_subject(|subject| {
                let canvas = self.canvas(subject.span(self.kind));
                (figure::build(self.kind, subject, &canvas), canvas)
            })
        });
        let Some((figure, canvas)) = drawn else { return };
        let failure = self.plot.draw(&figure);
        self.drawn.update(|drawn| {
            drawn.count += 1;
            drawn.points = figure.points();
            drawn.span = Some(canvas.span);
            drawn.message = failure.or(figure.message);
            drawn.note = figure.note;
        });
    }

    /// Returns the time at a distance from the chart's left edge, if it is within the plot.
    fn time_at(self, pixels: f64) -> Option<f64> {
        let (left, width) = untrack(|| self.plot.across());
        let share = (pixels - left as f64) / width.max(1) as f64;
        let span = self.drawn.with_untracked(|drawn| drawn.span)?;
        (0.0..=1.0).contains(&share).then(|| span.at(share))
    }

    fn crosshair(self) -> Option<Crosshair> {
        let desk = self.session.desk;
        let time = desk.look.cursor.get().filter(|_| self.kind.is_over_time())?;
        self.plot.crosshair(desk, self.drawn.with(|drawn| drawn.span), time)
    }

    fn save_picture(self) {
        let Self { session, kind, plot, drawn } = self;
        let desk = session.desk;
        let pair = desk.settings.with_untracked(|settings| settings.pair.clone());
        let (span, note) = drawn.with_untracked(|drawn| (drawn.span, drawn.note.clone()));
        let ends = span.map(|span| desk.ends(span));
        let width = plot.width.get_untracked();
        let title = untrack(|| {
            session.with_subject(|subject| figure::picture_title(kind, subject.shown, ends, note, width))
        });
        let ground = theme::current().ground;
        picture::save(desk, plot.chart(), kind.slug(), &pair, &title.unwrap_or_default(), &ground);
    }
}
