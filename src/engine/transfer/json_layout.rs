//! How rows of JSON are written: an object a line, or within one value.

use super::layout::{Cells, Layout, Meaning, meaning, of_legs};
use super::number::Decimal;
use super::plan::{Form, Kind, Role};
use super::times::Times;
use super::wide::Wide;
use super::{columns, dialect, json_rows, market_name, members, names};
use crate::{Pair, UnixMillis};

/// Makes out how the rows of `text` are written, of which `start` is the first line of JSON.
pub(super) fn find(text: &str, start: &str, pair: Option<&Pair>, latest: UnixMillis) -> Layout {
    let trades = || Layout::of(Form::Ndjson, Kind::Trades, latest);
    let names = names(text, start);
    let is_trade = names.as_ref().is_some_and(|names| {
        let own: Vec<&str> = names.iter().map(|name| if name.contains('/') { "" } else { name }).collect();
        columns::has_trade(&own) && is_flat(start, names)
    });
    names
        .and_then(|names| bars(start, names, pair, latest))
        .or_else(|| is_trade.then(trades))
        .or_else(|| of_document(text, latest))
        .unwrap_or_else(trades)
}

/// The names of the members of the first lines: the first may lack one that others have.
fn names(text: &str, start: &str) -> Option<Vec<String>> {
    let mut names = members::names(start)?;
    for (_, line) in dialect::candidates(text).take(dialect::ROWS_JUDGED) {
        members::add_names(&mut names, line);
    }
    Some(names)
}

/// Whether no member of an object holds others.
fn is_flat(line: &str, names: &[String]) -> bool {
    members::cells(line, names).is_ok_and(|cells| cells.iter().all(|cell| !cell.starts_with(['[', '{'])))
}

/// Bars as JSON, one a line; `None` where `line` is none of them.
fn bars(line: &str, names: Vec<String>, pair: Option<&Pair>, latest: UnixMillis) -> Option<Layout> {
    // a recorder may put the last close beside its trade
    if columns::has_trade(&names) && !columns::has_bar(&names) {
        return None;
    }
    let cells = members::cells(line, &names).ok()?;
    let holds = |at: usize| cells.get(at).is_some_and(|cell| !cell.starts_with(['[', '{']));
    if let Some((Kind::Bars, columns)) = columns::by_name(&names) {
        let flat = (0..columns.len()).all(|at| columns[at].is_none() || holds(at));
        // what stands around lists may be called as a price is
        let has_time = columns.iter().any(|role| matches!(role, Some(Role::Time | Role::Year)));
        let flat = flat && (has_time || !names.iter().any(|name| name.contains('/')));
        return flat.then(|| Layout::of(Form::Objects { names, columns }, Kind::Bars, latest));
    }
    if let Some(Wide { shared, markets }) = of_legs(&names, pair) {
        return Some(Layout {
            markets,
            ..Layout::of(Form::Objects { names, columns: shared }, Kind::Bars, latest)
        });
    }
    // a market a member
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    let times = Times { latest, ..Times::default() };
    let Meaning { columns, markets, symbol, .. } = of_members(&names, &[cells], &times)?;
    let form = Form::Objects { names, columns };
    let of_prices = !markets.is_empty() || symbol.is_some();
    of_prices.then(|| Layout { markets, symbol, ..Layout::of(form, Kind::Bars, latest) })
}

/// What members mean whose names are those of markets, beside one with the time.
fn of_members<S: AsRef<str>>(names: &[String], rows: &[Vec<S>], times: &Times) -> Option<Meaning> {
    let is_date = |cell: &str| cell.len() >= 8 && times.read(cell).is_ok();
    let is_time = |at: &usize| {
        rows.iter().take(20).all(|cells| cells.get(*at).is_some_and(|cell| is_date(cell.as_ref())))
    };
    let time = (0..names.len()).find(is_time)?;
    let cells = Cells { rows, time: Some(time), times, decimal: Decimal::Point };
    let meaning = meaning(&cells, names, None, false, None);
    let is_table = meaning.columns.contains(&Some(Role::Close)) || !meaning.markets.is_empty();
    is_table.then_some(meaning)
}

/// Rows within one JSON value.
fn of_document(text: &str, latest: UnixMillis) -> Option<Layout> {
    let found = json_rows::find(text)?;
    let times = Times { latest, ..Times::default() };
    let meaning = if found.of_objects {
        match columns::by_name(&found.names) {
            Some((kind, mut columns)) => {
                // the row's own name, or what looks like one
                let is_own = found.names.first().is_some_and(String::is_empty);
                let named = columns.iter().position(|column| *column == Some(Role::Time));
                let is_of_close = named.is_some_and(|at| is_own && names::is_close_time(&found.names[at]));
                if let Some(at) = named.filter(|_| is_of_close) {
                    columns[at] = None;
                }
                if !columns.contains(&Some(Role::Time)) && !columns.contains(&Some(Role::Year)) {
                    let is_time = |at: &usize| {
                        columns[*at].is_none()
                            && found.rows.iter().take(20).all(|cells| {
                                cells.get(*at).is_some_and(|cell| cell.len() >= 8 && times.read(cell).is_ok())
                            })
                    };
                    let time = if is_own { Some(0) } else { (0..columns.len()).find(is_time) };
                    if let Some(time) = time {
                        columns[time] = Some(Role::Time);
                    }
                }
                Meaning::of((kind, columns))
            }
            None => of_members(&found.names, &found.rows, &times)?,
        }
    } else {
        Meaning::of(columns::by_content(&found.rows, false, &times, Decimal::Point)?)
    };
    let json_rows::Found { depth, of_objects, list, names_market, names, symbol, .. } = found;
    let Meaning { kind, columns, markets, symbol: own } = meaning;
    let form = Form::Document { depth, of_objects, list, names_market, names, columns };
    let symbol = own.or_else(|| symbol.and_then(|name| market_name::symbol(&name).ok()));
    Some(Layout { markets, symbol, times, ..Layout::of(form, kind, latest) })
}
