//! What a file does not say, and what is made of that: before it is taken, and after.

use super::contracts;
use super::names;
use super::number;
use super::number::Decimal;
use super::opening::Opening;
use super::plan::{Form, Kind, Plan, Role, Table, length_words};
use super::sniff::Sample;
use super::times::Numbers;
use super::timestamp;
use crate::Symbol;

/// What should be known of a file before it is taken.
pub(super) fn of_plan(plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    let in_markets =
        |role| plan.markets.iter().any(|market| market.columns.iter().any(|(own, _)| *own == role));
    let has =
        |role| plan.form.columns().is_none_or(|columns| columns.contains(&Some(role)) || in_markets(role));
    match &plan.markets[..] {
        [] | [_] => {}
        [first, other] => {
            notes.push(format!("A row holds a bar of {} and one of {}.", first.symbol, other.symbol));
        }
        [first, .., last] => notes.push(format!(
            "A row holds a bar of each of {} markets, {} to {}.",
            plan.markets.len(),
            first.symbol,
            last.symbol
        )),
    }
    let Opening { phase_millis, moved_millis, shift_millis } = plan.times.opening;
    if let Some(name) = plan.form.name_of(Role::Time).filter(|_| plan.has_closing_times()) {
        notes.push(format!(
            "The column {name} says when a bar closed: each is kept at the time at which it opened."
        ));
    } else if let Some(name) = plan.form.name_of(Role::Hour).filter(|_| shift_millis < 0) {
        notes.push(format!(
            "The hours of column {name} end at 24: each is kept at the time at which it began."
        ));
    } else if moved_millis > 0 && shift_millis > 0 {
        notes.push(format!(
            "Daylight saving moves its bars by an hour: those that open {} before a boundary are kept at it.",
            length_words(shift_millis)
        ));
    } else if moved_millis > 0 {
        notes.push(format!(
            "Daylight saving moves its bars by an hour: they open {} or {} after the boundary, and are kept at it.",
            length_words(phase_millis),
            length_words(phase_millis + moved_millis)
        ));
    } else if phase_millis > 0 {
        notes.push(format!(
            "Its bars open {} after the boundary: they are kept at the boundary.",
            length_words(phase_millis)
        ));
    }
    if let Form::Document { list: Some(list), .. } = &plan.form {
        notes.push(format!("Its rows are those of the list {list}: other lists are left out."));
    }
    match plan.kind {
        Kind::Bars => {
            if !(has(Role::Open) && has(Role::High) && has(Role::Low)) {
                notes.push("Without open, high and low, the close stands for them.".to_owned());
            }
            if !has(Role::Volume) {
                notes.push("There is no volume: it is shown as 0.".to_owned());
            }
            if !has(Role::Trades) {
                notes.push("The number of trades is not known: it is shown as 0.".to_owned());
            }
        }
        Kind::Trades => {
            if let Some(worth) = contracts::worth(plan) {
                notes.push(format!(
                    "Its sizes count contracts of {worth} USD: each is turned into the coins that it was worth."
                ));
            }
            if !has(Role::Size) {
                notes.push("Its trades have no size: the volume is shown as 0.".to_owned());
            }
            let ids = has(Role::TradeId) || (has(Role::FirstTradeId) && has(Role::LastTradeId));
            if !ids {
                notes.push("Without trade ids a hole cannot be told from a time without trades.".to_owned());
            }
        }
    }
    notes
}

/// Names that are listed.
const NAMES_SHOWN: usize = 6;

/// What is done where several columns of bars may be the close.
pub(super) fn of_closes(plan: &Plan, columns: &[String]) -> Option<String> {
    let roles = plan.form.columns().filter(|_| plan.kind == Kind::Bars && plan.markets.is_empty())?;
    let taken = roles.iter().position(|role| *role == Some(Role::Close))?;
    let may_be = |name: &&String| matches!(names::role_of(name), Some(Role::Close | Role::Price));
    let others: Vec<&str> = columns
        .iter()
        .enumerate()
        .filter(|(at, name)| *at != taken && roles.get(*at) == Some(&None) && may_be(name))
        .map(|(_, name)| name.trim())
        .collect();
    let name = columns.get(taken).map(|name| name.trim())?;
    (!others.is_empty()).then(|| {
        format!(
            "Several columns may be the close: {name} is taken, before {} (a close before a last price, an adjusted \
             close, a settlement and another price).",
            others.join(" and ")
        )
    })
}

/// The columns of numbers that are not used, by their names.
pub(super) fn of_unused(plan: &Plan, names: &[String], rows: &[Sample]) -> Option<String> {
    let columns = plan.form.columns()?;
    let is_used = |at: usize| {
        columns.get(at).copied().flatten().is_some()
            || plan.markets.iter().any(|market| market.columns.iter().any(|(_, place)| *place == at))
    };
    let is_number = |at: usize| {
        let mut cells =
            rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !number::is_absent(cell));
        cells.next().is_some_and(|cell| number::parse(cell, Decimal::Point).is_some())
    };
    // beside columns of markets each other is told, of words too
    let is_wide = !plan.markets.is_empty();
    let unused: Vec<&str> = names
        .iter()
        .enumerate()
        .filter(|(at, name)| !name.is_empty() && !is_used(*at) && (is_wide || is_number(*at)))
        .map(|(_, name)| name.as_str())
        .collect();
    let more = unused.len().saturating_sub(NAMES_SHOWN);
    let shown = unused.iter().take(NAMES_SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!unused.is_empty()).then(|| format!("Columns that are not used: {shown}{more}."))
}

/// Prices whose only sign stands before three digits, and so may part thousands as well as decimals.
pub(super) fn of_doubt(plan: &Plan, rows: &[Sample]) -> Option<String> {
    let Form::Table(Table { delimiter, decimal, columns, .. }) = &plan.form else { return None };
    let is_price = |at: &usize| {
        let own = plan.markets.iter().flat_map(|market| &market.columns).find(|(_, place)| place == at);
        columns.get(*at).copied().flatten().or(own.map(|(role, _)| *role)).is_some_and(Role::is_price)
    };
    let places: Vec<usize> = (0..columns.len()).filter(is_price).collect();
    let cells = rows.iter().flat_map(|row| places.iter().filter_map(|at| row.cells.get(*at)));
    let cells: Vec<&str> = cells.map(|cell| cell.trim()).filter(|cell| !number::is_absent(cell)).collect();
    let first = *cells.first()?;
    let sign = first.chars().find(|sign| matches!(sign, ',' | '.'))?;
    let is_doubtful = |cell: &&str| {
        let parts = cell.split_once(sign).filter(|(whole, rest)| !whole.starts_with('0') && rest.len() == 3);
        parts.is_some_and(|(whole, rest)| {
            (1..=3).contains(&whole.len()) && [whole, rest].concat().bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    // where cells are parted by commas, a point is what a program writes before decimals
    let is_usual = sign == '.' && *delimiter == ',';
    let read_as = number::parse(first, *decimal)?;
    (!is_usual && cells.iter().all(is_doubtful)).then(|| {
        format!(
            "Its prices may be read in two ways: {first} is taken for {read_as}. The decimal sign can be set."
        )
    })
}

/// What should be known of times that are Excel's numbers of days.
pub(super) fn of_excel(plan: &Plan, rows: &[Sample]) -> Option<String> {
    if plan.times.numbers != Numbers::ExcelDays {
        return None;
    }
    let at = plan.form.columns()?.iter().position(|column| *column == Some(Role::Time))?;
    let (cell, reading) = rows.iter().find_map(|row| Some((row.cells.get(at)?, row.read.as_ref().ok()?)))?;
    let date = timestamp::format(reading.time.0);
    Some(format!("Its times are read as Excel's days: {} is {}.", cell.trim(), &date[..10]))
}

/// What should be known of rows without a price, of which the first is in line `first`.
pub(super) fn of_unpriced(count: u64, first: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("The row in line {first} has no price: nothing is known of its bar.")),
        more => Some(format!(
            "{more} rows have no price, the first in line {first}: nothing is known of their bars."
        )),
    }
}

/// What should be known of bars of which a price beside the close, or the volume, is left out.
pub(super) fn of_lacking(count: u64) -> Option<String> {
    (count > 0).then(|| {
        let bars = if count == 1 { "1 bar lacks".to_owned() } else { format!("{count} bars lack") };
        format!(
            "{bars} an open, high, low or volume: the other prices of the bar stand for a missing price, and a missing \
             volume is shown as 0."
        )
    })
}

/// A note on a file with books of these markets.
pub(super) fn of_books(symbols: &[&str]) -> Option<String> {
    (!symbols.is_empty()).then(|| {
        format!(
            "It has the best bid and ask of {}: a backtest can use their half-spread as slippage.",
            symbols.join(" and ")
        )
    })
}

/// What should be known of trades of `symbol` whose ids follow no other.
pub(super) fn of_sparse_ids(symbol: &Symbol) -> String {
    format!(
        "The trade ids of {symbol} do not follow each other: a hole cannot be told from a time without trades."
    )
}
