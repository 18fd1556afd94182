//! JSON by columns, put together row by row: lists under the names of fields, and what pandas calls split and columns.
//!
//! What belongs to a row is far apart in such a file, so it is held whole; one that is larger is not taken.

mod blocks;

use super::json::unquoted;
use super::members;
use super::members::Members;
use super::number::Decimal;
use super::{columns, market_name, names, number, times};
use crate::UnixMillis;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Largest file that is held, bytes.
pub(super) const LARGEST: usize = 24 * 1_024 * 1_024;
/// Values in one list by which a file is judged to be by columns.
const MANY: usize = 40;
/// The same where nothing is around them, as around the members of a row.
const MANY_OUTSIDE: usize = 1_000;
/// Brackets that are looked into.
const DEEPEST: usize = 8;

/// Whether the beginning of a file looks like JSON by columns: a list of many plain values, or names beside rows.
pub(super) fn may_be(text: &str) -> bool {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return false;
    }
    if ["\"columns\"", "\"column_names\"", "\"fields\""].iter().any(|name| text.contains(name)) {
        return true;
    }
    let (mut counts, mut in_text, mut escaped) = (Vec::<Option<usize>>::new(), false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => {
                // what holds others is no list of plain values
                if let Some(outer) = counts.last_mut() {
                    *outer = None;
                }
                counts.push(Some(0));
            }
            b']' | b'}' => drop(counts.pop()),
            b',' => {
                let is_inside = counts.len() > 1;
                if let Some(Some(count)) = counts.last_mut() {
                    *count += 1;
                    if *count >= if is_inside { MANY } else { MANY_OUTSIDE } {
                        return true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

/// A column: its name, and its values.
struct Column<'a> {
    name: Cow<'a, str>,
    values: Vec<Cow<'a, str>>,
}

/// The table that `text` holds by columns, as lines of cells with commas; `None` where it is another JSON.
pub(super) fn table(text: &str) -> Option<String> {
    if let Some(text) = members::without_nan(text) {
        return table(&text);
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Some(table) = blocks::table(text) {
        return Some(table);
    }
    let found =
        split(text, 0).or_else(|| by_key(text, 0)).or_else(|| by_time(text, 0)).or_else(|| lists(text))?;
    let length = found.iter().map(|column| column.values.len()).max().filter(|length| *length > 0)?;
    let symbol = symbol(text, 0).filter(|_| {
        let names: Vec<&str> = found.iter().map(|column| column.name.as_ref()).collect();
        columns::by_name(&names).is_some()
    });
    let mut table = String::new();
    for at in 0..=length {
        for (place, column) in found.iter().enumerate() {
            if place > 0 {
                table.push(',');
            }
            match at.checked_sub(1) {
                None => cell(&mut table, &column.name),
                Some(at) => cell(&mut table, column.values.get(at).map_or("", AsRef::as_ref)),
            }
        }
        if let Some(symbol) = &symbol {
            table.push(',');
            cell(&mut table, if at == 0 { "symbol" } else { symbol });
        }
        table.push('\n');
    }
    Some(table)
}

fn cell(table: &mut String, text: &str) {
    if text.contains([',', '"']) {
        table.push('"');
        table.push_str(&text.replace('"', "\"\""));
        table.push('"');
    } else {
        table.extend(text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }));
    }
}

fn plain(raw: &RawValue) -> Cow<'_, str> {
    match raw.get() {
        "null" => Cow::Borrowed(""),
        text if is_scalar(raw) => unquoted(text).unwrap_or(Cow::Borrowed(text)),
        // the parts of a name: ["Close", "KO"]
        text => Cow::Owned(
            list(text).unwrap_or_default().iter().map(|part| plain(part)).collect::<Vec<_>>().join(" "),
        ),
    }
}

fn is_scalar(raw: &RawValue) -> bool {
    !raw.get().starts_with(['[', '{'])
}

fn list(text: &str) -> Option<Vec<&RawValue>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok())?
}

fn scalars(text: &str) -> Option<Vec<&RawValue>> {
    list(text).filter(|values| values.iter().all(|value| is_scalar(value)))
}

/// The values within a value, with their names.
fn inside(text: &str) -> Vec<(Cow<'_, str>, &RawValue)> {
    match members::all(text) {
        Some(Members(members)) => members,
        None => list(text)
            .unwrap_or_default()
            .into_iter()
            .take(4)
            .map(|value| (Cow::Borrowed(""), value))
            .collect(),
    }
}

/// Names of columns beside rows, and the index beside both.
fn split(text: &str, depth: usize) -> Option<Vec<Column<'_>>> {
    let Members(members) = members::all(text).filter(|_| depth < DEEPEST)?;
    let of = |known: &[&str]| {
        members.iter().find(|(name, _)| known.contains(&name.as_ref())).map(|(_, raw)| raw.get())
    };
    let named = of(&["columns", "column_names", "fields"]).and_then(list);
    let rows = of(&["data", "values", "rows"]).and_then(list);
    if let Some((names, rows)) = named.zip(rows)
        && names.iter().all(|name| !name.get().starts_with('{'))
    {
        let rows: Vec<Vec<&RawValue>> = rows.iter().map(|row| list(row.get())).collect::<Option<_>>()?;
        if !names.is_empty() && rows.iter().all(|row| row.len() == names.len()) {
            let values = |at: usize| rows.iter().map(|row| plain(row[at])).collect();
            let of_rows =
                names.iter().enumerate().map(|(at, name)| Column { name: plain(name), values: values(at) });
            let index = of(&["index"]).and_then(scalars).filter(|index| index.len() == rows.len());
            let index = index.map(|values| of_list(Cow::Borrowed(""), &values));
            return Some(index.into_iter().chain(of_rows).collect());
        }
    }
    members.iter().find_map(|(_, raw)| split(raw.get(), depth + 1))
}

/// Prices under the names of their times.
fn by_time(text: &str, depth: usize) -> Option<Vec<Column<'_>>> {
    let Members(members) = members::all(text).filter(|_| depth < 3)?;
    let is_time = |name: &str| name.len() >= 8 && key_times().read(name).is_ok();
    let is_price = |raw: &RawValue| number::parse(&plain(raw), Decimal::Point).is_some();
    if members.len() >= 3
        && members.iter().all(|(name, raw)| is_time(name) && is_scalar(raw) && is_price(raw))
    {
        let values = members.iter().map(|(_, raw)| plain(raw)).collect();
        let times = members.into_iter().map(|(name, _)| name).collect();
        let time = Column { name: Cow::Borrowed("time"), values: times };
        return Some(vec![time, Column { name: Cow::Borrowed("close"), values }]);
    }
    members.into_iter().find_map(|(_, raw)| by_time(raw.get(), depth + 1))
}

/// How names of members are read as times.
fn key_times() -> times::Times {
    times::Times { latest: UnixMillis(4_102_444_800_000), ..times::Times::default() }
}

/// Objects under the names of fields or of markets, whose own members are named by the time or by a number.
fn by_key(text: &str, depth: usize) -> Option<Vec<Column<'_>>> {
    let Members(members) = members::all(text).filter(|_| depth < 3)?;
    let inner: Vec<_> = members
        .iter()
        .filter_map(|(name, raw)| Some((name, members::all(raw.get())?.0)))
        .filter(|(_, values)| !values.is_empty() && values.iter().all(|(_, value)| is_scalar(value)))
        .collect();
    if inner.len() < members.len() {
        return members.iter().find_map(|(_, raw)| by_key(raw.get(), depth + 1));
    }
    let times = key_times();
    let is_key = |at: usize, key: &str| key == at.to_string() || (key.len() >= 8 && times.read(key).is_ok());
    // what is said about the rows stands beside them
    let is_column = |values: &[(Cow<'_, str>, &RawValue)]| {
        values.iter().enumerate().all(|(at, (key, _))| is_key(at, key))
    };
    let inner: Vec<_> = inner.into_iter().filter(|(_, values)| is_column(values)).collect();
    // a market that came later has fewer; rows are in the order of the keys that most have
    let (_, longest) = inner.iter().max_by_key(|(_, values)| values.len())?;
    let keys: Vec<Cow<'_, str>> = longest.iter().map(|(key, _)| key.clone()).collect();
    let columns = inner.iter().map(|(name, values)| {
        let values: BTreeMap<&str, &RawValue> =
            values.iter().map(|(key, value)| (key.as_ref(), *value)).collect();
        let value =
            |key: &Cow<'_, str>| values.get(key.as_ref()).map_or(Cow::Borrowed(""), |value| plain(value));
        Column { name: (*name).clone(), values: keys.iter().map(value).collect() }
    });
    let columns: Vec<Column<'_>> = columns.collect();
    // numbers of rows say nothing
    let numbered = keys.iter().enumerate().all(|(at, key)| *key == at.to_string());
    let times = (!numbered).then_some(Column { name: Cow::Borrowed("time"), values: keys });
    Some(times.into_iter().chain(columns).collect())
}

fn of_list<'a>(name: Cow<'a, str>, values: &[&'a RawValue]) -> Column<'a> {
    Column { name, values: values.iter().map(|value| plain(value)).collect() }
}

/// Lists of plain values under names, wherever they are: those that are as long as most.
fn lists(text: &str) -> Option<Vec<Column<'_>>> {
    let mut found = Vec::new();
    collect(text, 0, &mut found);
    let length = |column: &Column<'_>| column.values.len();
    let most = found
        .iter()
        .map(length)
        .max_by_key(|long| (found.iter().filter(|other| length(other) == *long).count(), *long))?;
    found.retain(|column| length(column) == most);
    let is_bars = |found: &[Column<'_>]| {
        let names: Vec<&str> = found.iter().map(|column| column.name.as_ref()).collect();
        columns::by_name(&names).is_some()
            || names.iter().any(|name| names::role_of(name) == Some(super::plan::Role::Time))
    };
    (found.len() >= 2 && is_bars(&found)).then_some(found)
}

fn collect<'a>(text: &'a str, depth: usize, found: &mut Vec<Column<'a>>) {
    if depth > DEEPEST {
        return;
    }
    for (name, raw) in inside(text) {
        match scalars(raw.get()) {
            Some(values) if values.len() >= 2 && !name.is_empty() => found.push(of_list(name, &values)),
            _ if !is_scalar(raw) => collect(raw.get(), depth + 1, found),
            _ => {}
        }
    }
}

/// The market that a member names.
fn symbol(text: &str, depth: usize) -> Option<String> {
    let members = inside(text);
    let known = ["symbol", "ticker", "pair", "instId", "instrument_name"];
    let own = members.iter().find(|(name, raw)| known.contains(&name.as_ref()) && raw.get().starts_with('"'));
    own.map(|(_, raw)| plain(raw).into_owned()).filter(|name| market_name::symbol(name).is_ok()).or_else(
        || {
            let inner = members.iter().filter(|(_, raw)| !is_scalar(raw) && depth < 4);
            inner.into_iter().find_map(|(_, raw)| symbol(raw.get(), depth + 1))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_of_every_kind_become_rows() {
        let cases = [
            (r#"{"t":[1,2],"c":["3","4"],"s":"ok"}"#, "t,c\n1,3\n2,4\n"),
            (r#"{"symbol":"KO","t":[1,2],"c":[3,null]}"#, "t,c,symbol\n1,3,KO\n2,,KO\n"),
            (
                r#"{"a":{"b":[{"timestamp":[1,2],"q":{"close":[3,4]}}]},"other":[1,2,3]}"#,
                "timestamp,close\n1,3\n2,4\n",
            ),
            (
                r#"{"columns":["open","close"],"index":[5,6],"data":[[1,2],[3,4]]}"#,
                ",open,close\n5,1,2\n6,3,4\n",
            ),
            (
                r#"{"columns":[["Close","KO"],["Close","PEP"]],"index":[5],"data":[[1,2]]}"#,
                ",Close KO,Close PEP\n5,1,2\n",
            ),
            (
                r#"{"close":{"1704153600000":1,"1704240000000":2}}"#,
                "time,close\n1704153600000,1\n1704240000000,2\n",
            ),
            (
                r#"{"KO":{"2024-01-02":1,"2024-01-03":2},"PEP":{"2024-01-03":3}}"#,
                "time,KO,PEP\n2024-01-02,1,\n2024-01-03,2,3\n",
            ),
            (
                r#"{"bpi":{"2024-01-02":1,"2024-01-03":2,"2024-01-04":3},"time":{"updated":"x"}}"#,
                "time,bpi\n2024-01-02,1\n2024-01-03,2\n2024-01-04,3\n",
            ),
            (
                r#"{"rates":{"2024-01-02":1,"2024-01-03":2,"2024-01-04":3},"base":"EUR"}"#,
                "time,close\n2024-01-02,1\n2024-01-03,2\n2024-01-04,3\n",
            ),
            (r#"{"date":{"0":"2024-01-02"},"close":{"0":"1,5"}}"#, "date,close\n2024-01-02,\"1,5\"\n"),
            (
                r#"{"KO":{"t":[1,2],"c":[3,4],"symbol":"KO"},"PEP":{"t":[1,3],"c":[5,6]}}"#,
                "symbol,t,c\nKO,1,3\nKO,2,4\nPEP,1,5\nPEP,3,6\n",
            ),
            (
                r#"{"data":[{"symbol":"KO","t":[1,2],"c":[3,4]},{"symbol":"PEP","t":[1,3],"c":[5,6],"v":[7,8]}]}"#,
                "symbol,t,c,v\nKO,1,3,\nKO,2,4,\nPEP,1,5,7\nPEP,3,6,8\n",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(table(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn rows_are_left_as_they_are() {
        let by_rows = [
            "[[1,2],[3,4]]",
            r#"{"data":[[1,2],[3,4]],"code":"0"}"#,
            r#"{"2024-01-02":{"open":1,"close":2}}"#,
            r#"[{"time":1,"close":2}]"#,
            r#"{"time":1,"close":2}"#,
            "{\"columns\":[\"a\"],\"data\":[[1,2]]}",
            "{",
            "",
        ];
        for text in by_rows {
            assert_eq!(table(text), None, "{text}");
        }
    }

    #[test]
    fn a_beginning_tells_whether_the_rest_is_needed() {
        let many = vec!["1"; 50].join(",");
        assert!(may_be(&format!("{{\"t\":[{many}")) && may_be(r#"{"columns":["open"],"#));
        assert!(!may_be(&format!("[[{many}")) && !may_be(&format!("{{\"data\":[{}", "[1,2],".repeat(60))));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), json in r#"\{[\[\]{}":,0-9a-z\\]{0,80}"#) {
            for text in [text, json] {
                let _seen = (may_be(&text), table(&text));
            }
        }
    }
}
