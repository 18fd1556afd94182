//! Rows within one JSON value: an array of arrays or of objects, on one line or on many, at the top or nested.
//!
//! Only the brackets are followed, so that a file of any size takes the room of one row.

use super::json::unquoted;
use super::lines::LONGEST;
use super::members;
use super::refusal::quoted;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Brackets that may be open at a time.
const DEEPEST: usize = 32;
/// Bytes behind a value that are told.
const BEHIND: usize = 24;
/// Rows that are judged.
const JUDGED: usize = 200;

/// A value within another, which may be a row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Frame {
    is_object: bool,
    /// The name of the member that is being read.
    name: String,
}

/// Finds values at one depth of a text that comes in slices.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing of the byte before")]
pub struct Values {
    depth: usize,
    of_objects: bool,
    frames: Vec<Frame>,
    in_text: bool,
    escaped: bool,
    /// A text that may be a name.
    last_text: Vec<u8>,
    row: Vec<u8>,
    in_row: bool,
    too_long: bool,
    too_deep: bool,
    /// A value has ended around which nothing is open.
    has_ended: bool,
    /// What stands behind it and begins no other.
    behind: Vec<u8>,
}

/// A row that has been found.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// Its own name, where it is a member of an object.
    pub name: Option<&'a str>,
    /// The name of what it stands in.
    pub list: Option<&'a str>,
    /// Its text, or why there is none.
    pub text: Result<&'a str, &'static str>,
}

impl Values {
    /// Looks for objects or arrays with `depth` brackets open around them.
    pub fn new(depth: usize, of_objects: bool) -> Self {
        Self {
            depth,
            of_objects,
            frames: Vec::new(),
            in_text: false,
            escaped: false,
            last_text: Vec::new(),
            row: Vec::new(),
            in_row: false,
            too_long: false,
            too_deep: false,
            has_ended: false,
            behind: Vec::new(),
        }
    }

    /// Takes the next slice and gives each row that it ends to `on_row`.
    pub fn push(&mut self, slice: &[u8], mut on_row: impl FnMut(Value<'_>)) {
        for &byte in slice {
            self.byte(byte, &mut on_row);
        }
    }

    /// Whether the text so far ends within a row.
    pub(super) const fn is_in_row(&self) -> bool {
        self.in_row
    }

    /// What is wrong with the end of the text, in a sentence; `None` where nothing is.
    pub(super) fn ending(&self) -> Option<String> {
        if !self.behind.is_empty() {
            let behind = String::from_utf8_lossy(&self.behind);
            return Some(format!(
                "Behind the end of its JSON the file goes on with {}: that is no row.",
                quoted(&behind)
            ));
        }
        let is_open = self.in_text || !self.frames.is_empty();
        is_open.then(|| "The file ends in the middle of a value: it is cut off.".to_owned())
    }

    fn byte(&mut self, byte: u8, on_row: &mut impl FnMut(Value<'_>)) {
        if self.in_row {
            if self.row.len() < LONGEST {
                self.row.push(byte);
            } else {
                self.too_long = true;
            }
        }
        let is_between = byte.is_ascii_whitespace() || byte.is_ascii_control() || b"{[,".contains(&byte);
        if self.has_ended && self.frames.is_empty() && !is_between && self.behind.len() < BEHIND {
            self.behind.push(byte);
        }
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ if !self.in_row && self.last_text.len() < 256 => self.last_text.push(byte),
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_text = true;
                if !self.in_row {
                    self.last_text.clear();
                }
            }
            b':' if !self.in_row => {
                if let Some(frame) = self.frames.last_mut().filter(|frame| frame.is_object) {
                    frame.name = String::from_utf8_lossy(&self.last_text).into_owned();
                }
            }
            b'{' | b'[' => {
                let is_object = byte == b'{';
                if self.frames.len() == self.depth && is_object == self.of_objects && !self.in_row {
                    self.in_row = true;
                    self.row.clear();
                    self.row.push(byte);
                }
                if self.frames.len() < DEEPEST + self.depth {
                    self.frames.push(Frame { is_object, name: String::new() });
                } else {
                    self.too_deep = true;
                }
            }
            b'}' | b']' => {
                self.frames.pop();
                self.has_ended |= self.frames.is_empty();
                if self.in_row && self.frames.len() == self.depth {
                    self.in_row = false;
                    self.end(on_row);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, on_row: &mut impl FnMut(Value<'_>)) {
        let text = if core::mem::take(&mut self.too_long) {
            Err("the row is longer than 256 kB")
        } else if core::mem::take(&mut self.too_deep) {
            Err("the row is nested too deep")
        } else {
            core::str::from_utf8(&self.row).ok().ok_or("the row is not UTF-8 text")
        };
        let parent = self.frames.last();
        let name = parent.filter(|parent| parent.is_object).map(|parent| parent.name.as_str());
        let above = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        let list = above.filter(|above| above.is_object).map(|above| above.name.as_str());
        on_row(Value { name, list, text });
    }
}

/// Where the rows of a document are and what they look like.
#[derive(Debug)]
pub(super) struct Found {
    pub depth: usize,
    pub of_objects: bool,
    pub list: Option<String>,
    pub names_market: bool,
    pub names: Vec<String>,
    /// The cells of the first rows.
    pub rows: Vec<Vec<String>>,
    /// A market that is named beside the rows.
    pub symbol: Option<String>,
}

/// Finds the rows in the beginning of a document: the depth that has the most of them.
pub(super) fn find(text: &str) -> Option<Found> {
    let mut best: Option<(usize, Found)> = None;
    // rows may stand one after the other with nothing around them
    for depth in [1, 2, 3, 4, 5, 0] {
        for of_objects in [false, true] {
            let (mut rows, mut lists, mut names, mut named) =
                (Vec::new(), Vec::<String>::new(), Vec::new(), false);
            let (mut count, mut list) = (0, None::<String>);
            // a member may be absent from the first row
            let mut looked = 0;
            Values::new(depth, of_objects).push(text.as_bytes(), |value| {
                let Some(row) = value.text.ok().filter(|_| of_objects && looked < JUDGED) else { return };
                if !is_row(row, true)
                    || list.get_or_insert(value.list.unwrap_or_default().to_owned()).as_str()
                        != value.list.unwrap_or_default()
                {
                    return;
                }
                if looked == 0 {
                    named = value.name.is_some();
                    names.extend(named.then(String::new));
                }
                looked += 1;
                members::add_names(&mut names, row);
            });
            Values::new(depth, of_objects).push(text.as_bytes(), |value| {
                let Ok(row) = value.text else { return };
                if count >= JUDGED || !is_row(row, of_objects) {
                    return;
                }
                count += 1;
                let list = value.list.unwrap_or_default().to_owned();
                if !lists.contains(&list) {
                    lists.push(list.clone());
                }
                if lists.len() == 1
                    && let Ok(cells) = cells(&value, of_objects, &names)
                {
                    rows.push(cells.into_iter().map(Cow::into_owned).collect::<Vec<String>>());
                }
            });
            let is_named = |list: &String| !list.is_empty() && !is_general(list);
            // one list may stand under any key; that is a market where it is written as one
            let is_market = lists.len() > 1 || lists.iter().all(|list| !list.contains(char::is_lowercase));
            let names_market = !lists.is_empty()
                && lists.iter().all(is_named)
                && is_market
                && !(of_objects && named && lists.len() == 1);
            let several = lists.len() > 1 && !names_market;
            if !of_objects {
                names = (1..=rows.first().map_or(0, Vec::len)).map(|at| at.to_string()).collect();
            }
            if count > best.as_ref().map_or(0, |(count, _)| *count) {
                let list = several.then(|| lists.swap_remove(0));
                let found =
                    Found { depth, of_objects, list, names_market, names, rows, symbol: market(text) };
                best = Some((count, found));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Whether a list has a name that says nothing of a market.
fn is_general(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let general = [
        "data",
        "result",
        "results",
        "rows",
        "list",
        "ohlc",
        "ohlcv",
        "candles",
        "candlesticks",
        "klines",
        "kline",
        "values",
        "prices",
        "history",
        "historical",
        "bars",
        "items",
        "records",
        "trades",
        "quotes",
        "series",
        "chart",
        "marketcaps",
        "totalvolumes",
        "response",
        "payload",
        "body",
        "content",
        "body",
        "points",
        "dataset",
        "ticks",
    ];
    general.contains(&plain.as_str()) || plain.starts_with("timeseries") || plain.starts_with("metadata")
}

/// The market that a member beside the rows names.
fn market(text: &str) -> Option<String> {
    let head = &text[..text.char_indices().nth(4_096).map_or(text.len(), |(at, _)| at)];
    ["\"symbol\"", "\"pair\"", "\"instId\"", "\"ticker\"", "\"2. Symbol\""].iter().find_map(|name| {
        let (_, rest) = head.split_once(name)?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(name, _)| name.to_owned())
    })
}

/// Whether a value may be a row: it holds two or more values that hold no others.
fn is_row(text: &str, of_objects: bool) -> bool {
    let scalar = |raw: &&RawValue| !raw.get().starts_with(['{', '[']);
    if of_objects {
        return members::scalars(text) >= 2;
    }
    if let Some(text) = members::without_nan(text) {
        return is_row(&text, of_objects);
    }
    serde_json::from_str::<Vec<&RawValue>>(text)
        .is_ok_and(|cells| cells.len() >= 2 && cells.iter().all(scalar))
}

/// The cells of a row.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn cells<'a>(
    value: &Value<'a>,
    of_objects: bool,
    names: &[String],
) -> Result<Vec<Cow<'a, str>>, String> {
    let text = value.text?;
    if let Some(text) = members::without_nan(text) {
        return cells(&Value { text: Ok(&text), ..*value }, of_objects, names).map(members::owned);
    }
    if of_objects {
        let own = names.first().is_some_and(String::is_empty);
        let mut cells = members::cells(text, &names[usize::from(own)..])?;
        if own {
            cells.insert(0, Cow::Borrowed(value.name.unwrap_or_default()));
        }
        return Ok(cells);
    }
    let raw: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| format!("not a row in JSON: {error}"))?;
    let cell = |raw: &'a RawValue| match raw.get() {
        "null" => Cow::Borrowed(""),
        text => unquoted(text).unwrap_or(Cow::Borrowed(text)),
    };
    Ok(raw.into_iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_are_found_wherever_they_are() {
        let cases = [
            ("[[1,2,3],[4,5,6]]", 1, false, 3),
            (r#"{"code":"0","data":[["1","2"],["3","4"]]}"#, 2, false, 2),
            (r#"{"result":{"list":[[1,2],[3,4]],"symbol":"BTCUSDT"}}"#, 3, false, 2),
            ("[\n {\"a\": 1,\n \"b\": 2}\n]", 1, true, 2),
            (r#"{"2024-01-02":{"open":1,"close":2}}"#, 1, true, 3),
            ("[1,2,3]\n[4,5,6]\n", 0, false, 3),
            ("{\n\"a\": 1,\n\"b\": NaN\n}\n{\n\"a\": 1,\n\"b\": 2\n}\n", 0, true, 2),
        ];
        for (text, depth, of_objects, width) in cases {
            let found = find(text).unwrap();
            assert_eq!(
                (found.depth, found.of_objects, found.names.len()),
                (depth, of_objects, width),
                "{text}"
            );
        }
        assert_eq!(find(cases[2].0).unwrap().symbol.as_deref(), Some("BTCUSDT"));
        assert!(find("{\"a\":1}").is_none());
    }

    proptest! {
        #[test]
        fn slices_make_no_difference_and_nothing_makes_it_panic(text in r#"[\[\]{}":,0-9a\\]{0,60}"#, cut in 0_usize..60) {
            let read = |slices: &[&[u8]]| {
                let (mut values, mut seen) = (Values::new(1, false), Vec::new());
                for slice in slices {
                    values.push(slice, |value| seen.push(value.text.map(str::to_owned)));
                }
                seen
            };
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            prop_assert_eq!(read(&[first, second]), read(&[text.as_bytes()]));
            let _found = find(&text);
        }
    }
}
