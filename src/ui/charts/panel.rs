//! One chart: its title and values above, the plot with its crosshair below.

use super::gestures::Gestures;
use crate::ui::state::use_desk;
use crate::view::figure::{self, Canvas, ChartKind, LegendValue, plot_area};
use crate::view::range::Span;
use crate::web::chart::{self as drawing, Chart};
use crate::web::resize::{self, Observation};
use crate::web::{frame, theme};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was drawn last.
#[derive(Debug, Clone, PartialEq, Default)]
struct Drawn {
    count: u32,
    points: usize,
    span: Option<Span>,
    message: Option<String>,
}

/// A chart of `kind`.
#[component]
pub fn ChartPanel(kind: ChartKind) -> impl IntoView {
    let desk = use_desk();
    let plot = NodeRef::<Div>::new();
    let (width, height) = (RwSignal::new(0), RwSignal::new(0));
    let loaded = RwSignal::new(false);
    let drawn = RwSignal::new(Drawn::default());
    let chart = StoredValue::<Option<Chart>, LocalStorage>::new_local(None);
    let observation = StoredValue::<Option<Observation>, LocalStorage>::new_local(None);

    spawn_local(async move {
        match drawing::load().await {
            Ok(()) => loaded.set(true),
            Err(message) => drawn.update(|drawn| drawn.message = Some(message)),
        }
    });
    Effect::new(move |_| {
        let Some(element) = plot.get() else { return };
        chart.set_value(Some(Chart::new(element.clone().into())));
        observation.set_value(resize::observe(&element, move |wide, high| {
            width.set(wide);
            height.set(high);
        }));
    });
    let draw = move || {
        let canvas =
            canvas_of(desk.model.with_value(|model| desk.range.get_untracked().bounds(&model.series)));
        let canvas = Canvas { width: width.get_untracked(), height: height.get_untracked(), ..canvas };
        let figure = desk.model.with_value(|model| figure::build(kind, model, &canvas));
        let failure = chart
            .try_update_value(|chart| chart.as_mut().map(|chart| chart.draw(&figure)))
            .flatten()
            .and_then(Result::err);
        drawn.update(|drawn| {
            drawn.count += 1;
            drawn.points = figure.points();
            drawn.span = Some(canvas.span);
            drawn.message = failure.or(figure.message);
        });
    };
    Effect::new(move |_| {
        desk.shown.track();
        desk.range.track();
        desk.theme.track();
        if loaded.get() && width.get() > 0 && height.get() > 0 {
            frame::request(kind.slug(), draw);
        }
    });

    let gestures = Gestures::new(desk, width);
    let left_edge = move || plot.get_untracked().map_or(0.0, |plot| plot.get_bounding_client_rect().left());
    let legend = Memo::new(move |_| {
        desk.shown.track();
        let cursor = desk.cursor.get();
        desk.model
            .with_value(|model| figure::legend(kind, model, cursor.and_then(|time| model.series.at(time))))
    });
    let crosshair = move || {
        let (time, span) = desk.cursor.get().zip(drawn.with(|drawn| drawn.span))?;
        let (left, plot_width) = plot_area(width.get());
        let share = (time - span.from) / span.millis();
        (0.0..=1.0).contains(&share).then(|| format!("{}px", left as f64 + share * plot_width as f64))
    };

    view! {
        <figure
            class="chart"
            role="group"
            tabindex="0"
            aria-label=move || format!("{} chart. {}", kind.title(), kind.how_to_read())
            aria-keyshortcuts="ArrowLeft ArrowRight + - Home"
            data-chart=kind.slug()
            data-drawn=move || drawn.with(|drawn| drawn.count)
            data-points=move || drawn.with(|drawn| drawn.points)
            data-from=move || drawn.with(|drawn| drawn.span.map(|span| span.from))
            data-to=move || drawn.with(|drawn| drawn.span.map(|span| span.to))
            on:keydown=move |event| gestures.key(&event)
        >
            <figcaption class="chart-head">
                <h2 class="chart-title">{kind.title()}</h2>
                <Legend values=legend/>
                <p class="chart-help">{kind.how_to_read()}</p>
            </figcaption>
            <div
                class="chart-body"
                on:pointerdown=move |event| gestures.begin(&event)
                on:pointerup=move |_| gestures.end()
                on:pointercancel=move |_| gestures.end()
                on:pointermove=move |event| gestures.move_to(&event, left_edge())
                on:pointerleave=move |_| gestures.leave()
                on:wheel=move |event| gestures.wheel(&event, left_edge())
                on:dblclick=move |_| gestures.reset()
            >
                <div class="chart-plot" node_ref=plot aria-hidden="true"></div>
                <div
                    class="chart-cursor"
                    hidden=move || crosshair().is_none()
                    style:left=move || crosshair().unwrap_or_default()
                ></div>
                <p class="chart-message" hidden=move || drawn.with(|drawn| drawn.message.is_none())>
                    {move || drawn.with(|drawn| drawn.message.clone())}
                </p>
            </div>
        </figure>
    }
}

fn canvas_of(span: Span) -> Canvas {
    Canvas {
        width: 0,
        height: 0,
        span,
        utc_offset_minutes: theme::utc_offset_minutes(span.to),
        theme: theme::current(),
    }
}

#[component]
fn Legend(values: Memo<Vec<LegendValue>>) -> impl IntoView {
    let places = Memo::new(move |_| values.with(Vec::len));
    let at = move |place: usize| values.with(|values| values.get(place).cloned());
    view! {
        <dl class="chart-legend">
            {move || (0..places.get())
                .map(|place| view! {
                    <div data-ink=move || at(place).map(|value| value.ink.slug())>
                        <dt>{move || at(place).map(|value| value.label)}</dt>
                        <dd>{move || at(place).map(|value| value.value)}</dd>
                    </div>
                })
                .collect_view()}
        </dl>
    }
}
