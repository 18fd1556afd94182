//! JSON by columns with a block of lists for each of several markets.

use super::{Column, DEEPEST, cell, is_scalar, list, lists, scalars, symbol};
use crate::transfer::json::unquoted;
use crate::transfer::members;
use crate::transfer::members::Members;
use crate::transfer::named;
use crate::transfer::names;
use crate::transfer::plan::Role;
use std::borrow::Cow;

/// The lists of one market.
struct Block<'a> {
    market: Cow<'a, str>,
    columns: Vec<Column<'a>>,
}

/// The table that the blocks in `text` hold together, a market in each row; `None` where there are no two of them.
pub(super) fn table(text: &str) -> Option<String> {
    let blocks = find(text, 0)?;
    let mut header: Vec<&str> = Vec::new();
    for name in blocks.iter().flat_map(|block| &block.columns).map(|column| column.name.as_ref()) {
        if !header.contains(&name) {
            header.push(name);
        }
    }
    let mut table = String::from("symbol");
    for name in &header {
        table.push(',');
        cell(&mut table, name);
    }
    table.push('\n');
    for Block { market, columns } in &blocks {
        let length = columns.iter().map(|column| column.values.len()).max().unwrap_or(0);
        for at in 0..length {
            cell(&mut table, market);
            for name in &header {
                let column = columns.iter().find(|column| column.name == *name);
                table.push(',');
                cell(&mut table, column.and_then(|column| column.values.get(at)).map_or("", AsRef::as_ref));
            }
            table.push('\n');
        }
    }
    Some(table)
}

fn find(text: &str, depth: usize) -> Option<Vec<Block<'_>>> {
    if depth > DEEPEST {
        return None;
    }
    let inner: Vec<(Cow<'_, str>, &str)> = match members::all(text) {
        Some(Members(members)) => members.into_iter().map(|(name, raw)| (name, raw.get())).collect(),
        None => list(text)?.into_iter().map(|raw| (Cow::Borrowed(""), raw.get())).collect(),
    };
    let nested = inner.into_iter().filter(|(_, text)| text.starts_with(['{', '[']));
    let (mut blocks, mut others) = (Vec::new(), Vec::new());
    for (name, text) in nested {
        match block(name, text) {
            Some(block) => blocks.push(block),
            None => others.push(text),
        }
    }
    match blocks.len() {
        0 => others.into_iter().find_map(|text| find(text, depth + 1)),
        1 => None,
        _ => Some(blocks),
    }
}

/// The lists of a market that is named in them or by them: a time, a close, and what is as long.
fn block<'a>(name: Cow<'a, str>, text: &'a str) -> Option<Block<'a>> {
    let has_time = |text: &str| {
        let Some(Members(members)) = members::all(text) else { return false };
        members.iter().any(|(name, raw)| {
            names::role_of(name) == Some(Role::Time) && !is_scalar(raw) && scalars(raw.get()).is_some()
        })
    };
    let Members(own) = members::all(text)?;
    // the times may stand one level further in, beside what is said of them
    let has_times = has_time(text)
        || own.iter().any(|(_, raw)| {
            list(raw.get()).is_some_and(|inner| inner.len() == 1 && has_time(inner[0].get()))
        });
    if !has_times {
        return None;
    }
    let columns = lists(text)?;
    let said = own.iter().find_map(|(name, raw)| {
        unquoted(raw.get()).filter(|text| named::names_market(name, text)).map(Cow::into_owned)
    });
    let own_name = Some(name.into_owned()).filter(|name| named::may_be_market(name));
    let market = said.or(own_name).or_else(|| symbol(text, 0))?;
    let is_bars = columns.iter().any(|column| names::role_of(&column.name) == Some(Role::Close));
    is_bars.then_some(Block { market: Cow::Owned(market), columns })
}
