//! The table of round trips.

use super::session::Session;
use crate::ui::reactive::memo;
use crate::view::backtest::trades::{self, Column, Filter, Sort};
use crate::view::charts::range::TimeRange;
use crate::view::screen::route::Route;
use leptos::prelude::*;

/// Rows at first, and added by each "Show more".
const ROWS: usize = 100;

pub(super) fn trades(session: Session) -> impl IntoView {
    let sort = RwSignal::new(Sort::default());
    let filter = RwSignal::new(Filter::default());
    let rows = RwSignal::new(ROWS);
    let places = memo(move |_| {
        session.ran.with(|ran| {
            ran.as_ref().map(|ran| trades::places(ran, sort.get(), filter.get())).unwrap_or_default()
        })
    });
    let head = move |column: Column| {
        let order = move || match sort.get() {
            Sort { column: by, descending } if by == column => {
                Some(if descending { "descending" } else { "ascending" })
            }
            _ => None,
        };
        let mark = move || match order() {
            Some("ascending") => " ▲",
            Some(_) => " ▼",
            None => "",
        };
        view! {
            <th scope="col" aria-sort=order>
                <button type="button" data-sort=column.head() on:click=move |_| sort.update(|sort| *sort = sort.by(column))>
                    {column.head()}<span aria-hidden="true">{mark}</span>
                </button>
            </th>
        }
    };
    let body = move || {
        let Some(shown) = session.ran.get() else { return ().into_any() };
        places
            .with(|places| {
                places
                    .iter()
                    .take(rows.get())
                    .filter_map(|&place| shown.ran.ledger.trades.get(place).map(|trade| (place, *trade)))
                    .map(|(place, trade)| {
                        let cells = Column::ALL.map(|column| match column {
                            Column::Entered => {
                                let time = session.desk.clock(trade.entry_time.0);
                                view! {
                                    <td>
                                        <button
                                            class="quiet" type="button" data-go=place title="Goes to this moment on the desk"
                                            on:click=move |_| go(session, place)
                                        >{time}</button>
                                    </td>
                                }
                                .into_any()
                            }
                            Column::Left => view! { <td>{session.desk.clock(trade.exit_time.0)}</td> }.into_any(),
                            column => {
                                let loses = matches!(column, Column::Net | Column::Gross).then(|| {
                                    let value = if column == Column::Net { trade.net } else { trade.gross };
                                    if value < 0.0 { "down" } else { "up" }
                                });
                                view! { <td data-sign=loses>{column.cell(&trade)}</td> }.into_any()
                            }
                        });
                        view! { <tr data-trade=place>{cells.into_iter().collect_view()}</tr> }
                    })
                    .collect_view()
            })
            .into_any()
    };
    let counted = move || {
        let all = session.ran.with(|ran| ran.as_ref().map_or(0, |ran| ran.ran.ledger.trades.len()));
        trades::counted(rows.get(), places.with(Vec::len), all)
    };
    let choose = move |text: String| {
        let chosen = text.parse::<usize>().ok().and_then(|place| Filter::ALL.get(place).copied());
        filter.set(chosen.unwrap_or_default());
        rows.set(ROWS);
    };
    let options = Filter::ALL
        .iter()
        .enumerate()
        .map(|(place, filter)| view! { <option value=place.to_string()>{filter.label()}</option> })
        .collect_view();
    view! {
        <div class="bt-bar">
            <label class="field-inline">
                "Show"
                <select data-control="trade-filter" on:change:target=move |event| choose(event.target().value())>{options}</select>
            </label>
            <span class="count" data-line="trades-shown">{counted}</span>
        </div>
        <div class="bt-scroll" tabindex="0" role="region" aria-label="Round trips">
            <table class="bt-table" data-table="trades">
                <thead><tr>{Column::ALL.map(head).into_iter().collect_view()}</tr></thead>
                <tbody>{body}</tbody>
            </table>
            <p class="empty" hidden=move || places.with(|places| !places.is_empty())>"No round trip to show."</p>
            <button
                class="quiet" type="button" data-action="more-trades"
                hidden=move || places.with(Vec::len) <= rows.get() on:click=move |_| rows.update(|rows| *rows += ROWS)
            >"Show more"</button>
        </div>
    }
}

/// Shows the round trip on the desk's charts.
fn go(session: Session, place: usize) {
    let desk = session.desk;
    let found = session.ran.with_untracked(|ran| {
        let ran = ran.as_ref()?;
        Some((ran.span_of(place)?, ran.ran.ledger.trades.get(place)?.entry_time.as_f64()))
    });
    if let Some((span, entered)) = found {
        desk.look.range.set(TimeRange::Fixed(span));
        desk.look.cursor.set(Some(entered));
        desk.route.set(Route::Desk);
    }
}
