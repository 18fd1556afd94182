//! One chart: its title and values above, the plot with its crosshair below.

use super::drawing::{Drawing, unpaid_z};
use super::gestures::Gestures;
use super::overlay::overlay;
use super::panel_menu::panel_menu;
use super::thresholds::thresholds;
use super::value_axis::{stretch_by_key, value_axis};
use crate::ui::reactive::memo;
use crate::ui::state::use_desk;
use crate::view::charts::figure::{self, ChartKind, DataTable, LegendValue};
use crate::view::numbers::verdict::FILLING;
use leptos::html::Div;
use leptos::prelude::*;

/// A chart of `kind`.
#[component]
pub fn ChartPanel(kind: ChartKind) -> impl IntoView {
    let desk = use_desk();
    let (body, plot) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let drawing = Drawing::start(desk, kind, plot);
    let drawn = drawing.drawn;
    if kind == ChartKind::JohansenTrace {
        super::traces::request(desk);
    }
    let gestures = Gestures::new(desk, drawing.plot);
    let left_edge = move || body.get_untracked().map_or(0.0, |body| body.get_bounding_client_rect().left());
    let legend = memo(move |_| {
        desk.shown.track();
        let cursor = desk.look.cursor.get();
        desk.model.with_value(|model| {
            let mut values = figure::legend(kind, model, cursor.and_then(|time| model.series.at(time)));
            if kind == ChartKind::ZScore {
                values.extend(figure::of_band(unpaid_z(model, &desk.panels.trade.get())));
            }
            values
        })
    });
    let scale = memo(move |_| desk.settings.with(|settings| settings.price_scale));
    let note = memo(move |_| drawn.with(|drawn| drawn.note.clone()));
    // a passing note must not move the layout: it is shown only where there is room
    let passing = move || note.with(|note| note.as_deref().is_none_or(|note| note == FILLING));
    let help = move || note.get().unwrap_or_else(|| kind.how_to_read(scale.get()).to_owned());
    let summary_id = move || format!("chart-{}-summary", kind.slug());
    let size = move || desk.look.layout.with(|layout| layout.size(kind).as_str());
    let time = kind.is_over_time();
    let keys = time.then_some("ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown Plus Minus Home 0");

    view! {
        <figure
            class="chart"
            tabindex="0"
            aria-label=move || format!("{} chart. {}", kind.title(), kind.explanation(scale.get()))
            aria-describedby=summary_id()
            aria-keyshortcuts=keys
            data-chart=kind.slug()
            data-size=size
            data-drawn=move || drawn.with(|drawn| drawn.count)
            data-points=move || drawn.with(|drawn| drawn.points)
            data-from=move || drawn.with(|drawn| drawn.span.map(|span| span.from))
            data-to=move || drawn.with(|drawn| drawn.span.map(|span| span.to))
            on:keydown=move |event| {
                if time && !stretch_by_key(drawing, &event) {
                    gestures.key(&event);
                }
            }
        >
            <figcaption class="chart-head">
                <h2 class="chart-title">{kind.title()}</h2>
                <Legend kind drawing values=legend/>
                <p class="chart-help" class:hint=passing title=move || kind.explanation(scale.get())>{help}</p>
                {panel_menu(desk, kind, drawing)}
            </figcaption>
            <p class="visually-hidden" id=summary_id()>{move || drawn.with(|drawn| drawn.summary.clone())}</p>
            <div
                class="chart-body"
                class:over-time=time
                node_ref=body
                hidden=move || drawing.as_table.get()
                on:pointerdown=move |event| {
                    if !time {
                        return;
                    }
                    gestures.begin(&event, left_edge());
                    if let Some(body) = body.get_untracked() {
                        // with capture a drag may leave the chart; without it the drag ends there
                        drop(body.set_pointer_capture(event.pointer_id()));
                    }
                }
                on:pointerup=move |event| gestures.end(&event)
                on:pointercancel=move |event| gestures.cancel(&event)
                on:pointermove=move |event| {
                    if time {
                        gestures.move_to(&event, left_edge());
                    }
                }
                on:pointerleave=move |_| gestures.leave()
                on:wheel=move |event| {
                    if time {
                        gestures.wheel(&event, left_edge());
                    }
                }
                on:dblclick=move |_| {
                    gestures.reset();
                    drawing.values.set(None);
                }
            >
                <div class="chart-plot" node_ref=plot aria-hidden="true"></div>
                {overlay(drawing, gestures)}
                {time.then(|| value_axis(drawing))}
                {(kind == ChartKind::ZScore).then(|| thresholds(desk, drawing))}
            </div>
            {move || drawing.as_table.get().then(|| as_table(drawing))}
        </figure>
    }
}

/// The chart as a table, rebuilt at each refresh.
fn as_table(drawing: Drawing) -> AnyView {
    let rows = move || {
        let DataTable { heads, rows } = drawing.table();
        let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
        let row = |cells: Vec<String>| {
            let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        };
        let rows = rows.into_iter().map(row).collect_view();
        view! { <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table> }
    };
    view! { <div class="chart-table" tabindex="0" role="region" aria-label="The chart as a table">{rows}</div> }.into_any()
}

/// The values at the crosshair, or the newest; clicking the name of one of several lines hides it.
#[component]
fn Legend(kind: ChartKind, drawing: Drawing, values: Memo<Vec<LegendValue>>) -> impl IntoView {
    let places = memo(move |_| values.with(Vec::len));
    let at = move |place: usize| values.with(|values| values.get(place).cloned());
    let name = move |place: usize| {
        let label = move || at(place).map(|value| value.label);
        let ink = memo(move |_| at(place).map(|value| value.ink).filter(|ink| kind.can_hide(*ink)));
        move || match ink.get() {
            None => label.into_any(),
            Some(ink) => view! {
                <button
                    class="legend-name" type="button" title="Show or hide this line"
                    aria-pressed=move || drawing.hidden.with(|hidden| !hidden.contains(&ink)).to_string()
                    on:click=move |_| drawing.toggle(ink)
                >{label}</button>
            }
            .into_any(),
        }
    };
    view! {
        <dl class="chart-legend">
            {move || (0..places.get())
                .map(|place| view! {
                    <div
                        data-ink=move || at(place).map(|value| value.ink.slug())
                        style=("--ink", move || at(place).map(|value| value.ink.token()))
                    >
                        <dt>{name(place)}</dt>
                        <dd>{move || at(place).map(|value| value.value)}</dd>
                    </div>
                })
                .collect_view()}
        </dl>
    }
}
