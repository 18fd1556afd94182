//! The surface: net at each pair of values, a cursor moved by keys, and the best cells as a table.

use super::session::{Session, Task};
use crate::ui::reactive::{effect, memo};
use crate::view::backtest::fields;
use crate::view::backtest::surface as cells;
use crate::web::grid;
use leptos::html::Table;
use leptos::prelude::*;

pub(super) fn surface(session: Session) -> impl IntoView {
    let cursor = RwSignal::new(0_usize);
    let as_table = RwSignal::new(false);
    let table = NodeRef::<Table>::new();
    let html = memo(move |_| {
        session.surface.with(|found| found.as_ref().map(|found| cells::html(&found.grid, &found.found)))
    });
    // the cursor of a complete surface starts at its peak; on a partial one it stays where the user put it
    effect(move || {
        if session.is_partly.get() {
            return;
        }
        let peak = session.surface.with(|found| found.as_ref()?.found.peak.map(|peak| peak.place));
        cursor.set(peak.unwrap_or(0));
    });
    effect(move || {
        let place = cursor.get();
        html.with(|_| ());
        as_table.track();
        if let Some(table) = table.get() {
            grid::mark(&table, "data-active", &format!("cell-{place}"));
        }
    });
    let reading = move || {
        session
            .surface
            .with(|found| found.as_ref().map(|found| cells::reading(&found.grid, &found.found, cursor.get())))
    };
    let is_old = move || {
        session.surface.with(|found| {
            found.as_ref().is_some_and(|found| session.ran.with(|ran| !found.is_of(ran.as_ref())))
        })
    };
    let is_there = move || session.surface.with(Option::is_some);
    let key = move |event: leptos::ev::KeyboardEvent| {
        let moved = session.surface.with_untracked(|found| {
            found.as_ref().and_then(|found| cells::moved(&found.grid, cursor.get_untracked(), &event.key()))
        });
        if let Some(place) = moved {
            event.prevent_default();
            cursor.set(place);
            if let Some(table) = table.get_untracked() {
                grid::reveal(&table, &format!("cell-{place}"));
            }
        } else if event.key() == "Enter" {
            use_values(session, cursor.get_untracked());
        }
    };
    view! {
        <div class="bt-bar">
            {axis(session, 0, "Down")} {axis(session, 1, "Across")}
            <button
                class="primary" type="button" data-action="explore" disabled=move || !session.can_try()
                on:click=move |_| session.explore()
            >"Try all values"</button>
            <button
                class="control" type="button" data-action="surface-table" aria-pressed=move || as_table.get().to_string()
                disabled=move || !is_there() on:click=move |_| as_table.update(|table| *table = !*table)
            >"Best cells as a table"</button>
            <span class="bt-legend" aria-hidden="true">
                "loss "{[-5, -3, -1, 1, 3, 5].map(|shade| view! { <i data-shade=shade></i> }).into_iter().collect_view()}" gain, blank: no trade"
            </span>
        </div>
        <p class="bt-old" hidden=move || !is_old()>"These cells were computed with other rules than the run above: try all values again."</p>
        {partly(session)}
        <p class="empty" hidden=is_there>{move || words(session)}</p>
        <p class="bt-reading" role="status" data-line="cell" hidden=move || !is_there()>{reading}</p>
        <ul class="bt-spots">{spots(session)}</ul>
        <div class="bt-scroll" hidden=move || !is_there() || as_table.get()>
            <table
                class="bt-surface" role="grid" tabindex="0" node_ref=table data-table="surface"
                aria-label="Net at each pair of values. Arrows move, Enter uses the values."
                aria-activedescendant=move || format!("cell-{}", cursor.get())
                inner_html=move || html.get().unwrap_or_default()
                on:keydown=key
                on:pointerover=move |event| {
                    if let Some(place) = grid::number_of(&event, "data-place") {
                        cursor.set(place);
                    }
                }
                on:click=move |event| {
                    if let Some(place) = grid::number_of(&event, "data-place") {
                        use_values(session, place);
                    }
                }
            ></table>
        </div>
        {move || as_table.get().then(|| best(session))}
    }
}

/// The peak and the plateau, in words, each with a button to use its values.
fn spots(session: Session) -> impl IntoView {
    move || {
        session.surface.with(|found| {
            let found = found.as_ref()?;
            let line = |mark: &'static str, name: &'static str, slug: &'static str, spot: &Option<_>| {
                let (place, text) = spot.as_ref().map(|spot: &spreadscope_engine::backtest::Spot| {
                    (spot.place, cells::spot(&found.grid, spot))
                })?;
                Some(view! {
                    <li data-spot=slug>
                        <span aria-hidden="true">{mark}</span>" "<strong>{name}</strong>" "{text}" "
                        <button class="quiet" type="button" on:click=move |_| use_values(session, place)>"Use these values"</button>
                    </li>
                })
            };
            Some((
                line("▲", "Peak", "peak", &found.found.peak),
                line("■", "Plateau", "plateau", &found.found.plateau),
            ))
        })
    }
}

/// A note while only part of the values has been tried.
fn partly(session: Session) -> impl IntoView {
    let says = move || {
        session.is_partly.get().then(|| match session.job.get().map(|job| job.task) {
            Some(Task::Surface) => "Part of the values; the rest is being tried.",
            _ => "Part of the values: the search ended before all were tried, so how far to trust it is not known.",
        })
    };
    view! { <p class="note" data-line="partly" hidden=move || !session.is_partly.get()>{says}</p> }
}

/// The words in place of a surface.
fn words(session: Session) -> &'static str {
    match session.job.get().map(|job| job.task) {
        Some(Task::Surface) => "Trying every pair of values…",
        _ if session.stopped.with(Option::is_some) => "Stopped before any value was tried.",
        _ => {
            "Net over a grid of two settings: where it pays, how wide that place is, and how lucky its peak."
        }
    }
}

fn axis(session: Session, place: usize, label: &'static str) -> impl IntoView {
    let options = move || {
        session.choice.with(|choice| {
            let chosen = choice.axes_in_force()[place];
            let option = |name: &'static str| {
                view! { <option value=name prop:selected=name == chosen>{fields::field(name).label}</option> }
            };
            choice.axes_offered().map(option).collect_view()
        })
    };
    let choose = move |name: String| session.choice.update(|choice| choice.choose_axis(place, &name));
    view! {
        <label class="field-inline">
            {label}
            <select data-axis=place on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}

/// Copies the values of a cell into the form.
fn use_values(session: Session, place: usize) {
    let Some(found) = session.surface.get_untracked() else { return };
    let values = cells::settings_at(&found.grid, place);
    // values on an axis are valid values of its setting
    drop(
        session
            .change(|choice, base| values.iter().try_for_each(|(name, value)| choice.set(name, value, base))),
    );
}

fn best(session: Session) -> impl IntoView {
    let heads = move || {
        session.surface.with(|found| {
            found.as_ref().map(|found| {
                found
                    .grid
                    .axes
                    .clone()
                    .map(|axis| view! { <th scope="col">{fields::field(axis.name).label}</th> })
                    .into_iter()
                    .collect_view()
            })
        })
    };
    let rows = move || {
        session.surface.with(|found| {
            let found = found.as_ref()?;
            let row = |(place, cells): (usize, [String; 5])| {
                let cells = cells.map(|cell| view! { <td>{cell}</td> }).into_iter().collect_view();
                view! {
                    <tr>
                        {cells}
                        <td><button class="quiet" type="button" on:click=move |_| use_values(session, place)>"Use"</button></td>
                    </tr>
                }
            };
            Some(cells::best(&found.grid, &found.found).into_iter().map(row).collect_view())
        })
    };
    view! {
        <div class="bt-scroll" tabindex="0" role="region" aria-label="The best cells">
            <table class="bt-table" data-table="best-cells">
                <thead><tr>
                    {heads}<th scope="col">"Round trips"</th><th scope="col">"Net"</th><th scope="col">"Break-even fee, bps"</th>
                    <th scope="col"><span class="visually-hidden">"Use the values"</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
