//! The pairs in rows: sorted by a column's head, opened by their name.

use super::{State, use_state};
use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::view::numbers::format;
use crate::view::scanner::line::{Field, Line, ROWS};
use crate::view::scanner::sort::Column;
use leptos::prelude::*;

/// The table, page by page.
#[component]
pub fn Table() -> impl IntoView {
    let state = use_state();
    let heads = Column::ALL.map(|column| head(state, column)).collect_view();
    let lines = move || state.rows.with(|rows| rows.lines.clone());
    let is_empty = move || state.rows.with(|rows| rows.lines.is_empty());
    let has_report = move || state.board.with(|board| board.report.is_some());
    view! {
        <div class="scanner-body" tabindex="0" role="region" aria-label="Pairs">
            <table class="scanner-table" hidden=is_empty>
                <thead><tr>{heads}<th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>
                    <For each=lines key=Line::clone children=move |line| row(state, line)/>
                </tbody>
            </table>
            <p class="empty" hidden=move || !(is_empty() && has_report())>"No pair meets these conditions."</p>
        </div>
        <Pages/>
    }
}

fn head(state: State, column: Column) -> AnyView {
    let sorted = move || {
        let order = state.order.get();
        (order.column == column).then_some(if order.descending { "descending" } else { "ascending" })
    };
    let mark = move || match sorted() {
        Some("descending") => " ▼",
        Some(_) => " ▲",
        None => "",
    };
    let click = move |_| {
        state.order.update(|order| *order = order.clicked(column));
        state.page.set(0);
    };
    view! {
        <th scope="col" aria-sort=sorted>
            <button type="button" data-sort=column.as_str() title=column.about() on:click=click>
                {column.title()}<span aria-hidden="true">{mark}</span>
            </button>
        </th>
    }
    .into_any()
}

fn row(state: State, line: Line) -> AnyView {
    let pair = line.pair();
    let Line { name, survives, note, open_title, fields, .. } = line;
    let (opened, starred, backtested) = (pair.clone(), pair.clone(), pair.clone());
    let is_watched = move || state.desk.pairs.with(|pairs| pairs.is_favourite(&starred));
    let is_starred = is_watched.clone();
    let survives = survives.map(|survives| survives.to_string());
    let mark = if survives.as_deref() == Some("true") { "●" } else { "" };
    let key = format!("{}-{}", pair.y, pair.x);
    let odd = (!note.is_empty()).then(|| view! { <span class="scanner-odd" title=note.clone() aria-label=note.clone() role="img">"!"</span> });
    // markets of files are asked for nowhere
    let star = (!state.is_of_files()).then(|| {
        view! {
            <button
                class="quiet" type="button" data-action="star" aria-label=format!("{name} on the watchlist")
                aria-pressed=move || is_watched().to_string()
                on:click=move |_| {
                    let pair = pair.clone();
                    preferences::keep_pairs(state.desk, |pairs| pairs.toggled(pair));
                }
            >
                <span aria-hidden="true">{move || if is_starred() { "★" } else { "☆" }}</span>
            </button>
        }
    });
    view! {
        <tr data-pair=key data-survives=survives>
            <th scope="row">
                <span class="scanner-mark" aria-hidden="true">{mark}</span>
                <button class="quiet" type="button" data-action="open-pair" title=open_title on:click=move |_| state.open(opened.clone())>
                    {name.clone()}
                </button>
                {odd}
            </th>
            {fields.into_iter().map(cell).collect_view()}
            <td>
                {star}
                <button
                    class="quiet" type="button" data-action="backtest" aria-label=format!("Backtest {name}")
                    title="The default backtest over the bars of this scan"
                    on:click=move |_| state.backtest(backtested.clone())
                >"Backtest"</button>
            </td>
        </tr>
    }
    .into_any()
}

fn cell(Field { column, text, note }: Field) -> AnyView {
    view! { <td data-column=column title=note>{text}</td> }.into_any()
}

/// The rows in view, and the buttons to the others.
#[component]
fn Pages() -> impl IntoView {
    let state = use_state();
    let counts = memo(move |_| state.rows.with(|rows| (rows.shown, rows.tested)));
    let first = move || state.page.get() * ROWS;
    let words = move || {
        let (shown, tested) = counts.get();
        let last = (first() + ROWS).min(shown);
        let count = |number: usize| format::count(number as u64);
        let hidden =
            if shown < tested { format!(", {} hidden", count(tested - shown)) } else { String::new() };
        if shown == 1 {
            return format!("1 pair{hidden}");
        }
        format!("{}–{} of {} pairs{hidden}", count((first() + 1).min(last)), count(last), count(shown))
    };
    view! {
        <nav class="scanner-pages" aria-label="Pages" hidden=move || counts.get().1 == 0>
            <span>{words}</span>
            <button
                class="control" type="button" data-action="previous-rows" disabled=move || state.page.get() == 0
                on:click=move |_| state.page.update(|page| *page = page.saturating_sub(1))
            >"Previous"</button>
            <button
                class="control" type="button" data-action="next-rows" disabled=move || { first() + ROWS >= counts.get().0 }
                on:click=move |_| state.page.update(|page| *page += 1)
            >"Next"</button>
        </nav>
    }
}
