//! Where the rows of a document are: at the depth that has the most of them.

use super::document::{Value, Values, cells};
use super::role::Role;
use super::times::Times;
use super::{columns, members, named};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Rows that are judged.
const JUDGED: usize = 200;

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

/// Finds the rows in the beginning of a document: the depth that has the most of them, a time and a price if any has.
pub(super) fn find(text: &str) -> Option<Found> {
    let mut best: Option<((bool, usize), Found)> = None;
    // rows may stand one after the other with nothing around them
    for depth in [1, 2, 3, 4, 5, 6, 0] {
        for of_objects in [false, true] {
            let Some((count, found)) = at(text, depth, of_objects) else { continue };
            let is_table = !of_objects || found.has_times();
            if best.as_ref().is_none_or(|(most, _)| (is_table, count) > *most) {
                best = Some(((is_table, count), found));
            }
        }
    }
    best.map(|(_, found)| found)
}

impl Found {
    /// Whether members are those of bars or trades, and one of them, or the name of a row, is a time.
    fn has_times(&self) -> bool {
        let own = self.names.first().is_some_and(String::is_empty);
        let is_time = |cell: &String| cell.len() >= 8 && Times::default().read(cell).is_ok();
        let has_time = |columns: &[Option<Role>]| {
            columns.iter().any(|role| matches!(role, Some(Role::Time | Role::Year)))
                || (own && self.rows.first().and_then(|row| row.first()).is_some_and(is_time))
        };
        columns::by_name(&self.names).is_some_and(|(_, columns)| has_time(&columns))
    }
}

/// The rows with `depth` brackets around them, and how many there are.
fn at(text: &str, depth: usize, of_objects: bool) -> Option<(usize, Found)> {
    let (mut rows, mut lists, mut names, mut named) = (Vec::new(), Vec::<String>::new(), Vec::new(), false);
    let (mut count, mut list) = (0, None::<String>);
    // a member may be absent from the first row
    let mut looked = 0;
    Values::new(depth, of_objects).push(text.as_bytes(), |value| {
        let Some(row) = value.text.ok().filter(|_| of_objects && looked < JUDGED) else { return };
        if !is_row_of(&value, row, true)
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
    let mut markets = Markets::default();
    Values::new(depth, of_objects).push(text.as_bytes(), |value| {
        let Ok(row) = value.text else { return };
        if count >= JUDGED || !is_row_of(&value, row, of_objects) {
            return;
        }
        count += 1;
        markets.take(&value);
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
    let names_market = markets.are_named(of_objects && named);
    // of several lists, or of one that may be of a market, no other is taken for the same
    let is_key = |list: &String| named::may_be_market(list);
    let is_one_of_several = match lists.len() {
        1 => !names_market && is_key(&lists[0]),
        _ => !names_market || !lists.iter().any(is_key),
    };
    if !of_objects {
        names = (1..=rows.first().map_or(0, Vec::len)).map(|at| at.to_string()).collect();
    }
    let list = (is_one_of_several && !lists.is_empty()).then(|| lists.swap_remove(0));
    let found = Found { depth, of_objects, list, names_market, names, rows, symbol: market(text) };
    (count > 0).then_some((count, found))
}

/// The markets that the first rows name by what stands around them.
#[derive(Debug, Default)]
struct Markets {
    rows: usize,
    /// Rows beside whose list a member names the market.
    said: usize,
    /// Rows around which a name may be that of a market, and these names.
    keyed: usize,
    keys: Vec<String>,
}

impl Markets {
    fn take(&mut self, value: &Value<'_>) {
        self.rows += 1;
        self.said += usize::from(value.said.is_some());
        if let Some(key) = value.key {
            self.keyed += 1;
            if self.keys.iter().all(|known| known != key) {
                self.keys.push(key.to_owned());
            }
        }
    }

    /// Whether all are named; `by_rows`: rows have names of their own.
    fn are_named(&self, by_rows: bool) -> bool {
        let Self { rows, said, keyed, keys } = self;
        // one list may stand under any key; that is a market where it is written as one
        let are_markets = keys.len() > 1 || keys.iter().all(|key| !key.contains(char::is_lowercase));
        *rows > 0 && (said == rows || (keyed == rows && are_markets && !(by_rows && keys.len() == 1)))
    }
}

/// Bytes in front of the rows, and behind them, that may name their market.
const BESIDE: usize = 4_096;

/// The market that a member beside the rows names: in front of them, or at the end of a text that is whole.
fn market(text: &str) -> Option<String> {
    market_in_front(text).or_else(|| market_behind(text))
}

/// The market that a member in front of the rows names.
pub(super) fn market_in_front(text: &str) -> Option<String> {
    let end = (0..=BESIDE.min(text.len())).rev().find(|end| text.is_char_boundary(*end))?;
    named_in(&text[..end])
}

/// The market that a member behind the rows names, where the text ends with that of an object.
pub(super) fn market_behind(text: &str) -> Option<String> {
    let text = text.trim_end();
    let begin = (text.len().saturating_sub(BESIDE / 8)..=text.len()).find(|at| text.is_char_boundary(*at))?;
    // what stands within the last row is of that alone
    let behind = text[begin..].rsplit_once(']').map_or("", |(_, behind)| behind);
    named_in(behind).filter(|_| text.ends_with('}'))
}

fn named_in(text: &str) -> Option<String> {
    const NAMES: [&str; 6] =
        ["\"symbol\"", "\"pair\"", "\"instId\"", "\"ticker\"", "\"2. Symbol\"", "\"instrument\""];
    NAMES.iter().find_map(|name| {
        let (_, rest) = text.split_once(name)?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(name, _)| name.to_owned())
    })
}

/// Whether a value may be a row; one whose name is a time needs no other.
fn is_row_of(value: &Value<'_>, text: &str, of_objects: bool) -> bool {
    let has_time = || value.name.is_some_and(|name| name.len() >= 8 && Times::default().read(name).is_ok());
    is_row(text, of_objects) || (of_objects && members::scalars(text) == 1 && has_time())
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let one = find(r#"{"2024-01-02":{"4. close":1},"2024-01-03":{"4. close":2}}"#).unwrap();
        assert_eq!((one.depth, one.names), (1, vec![String::new(), "4. close".to_owned()]));
    }

    #[test]
    fn a_market_may_be_named_behind_its_rows() {
        for (text, market) in [
            (r#"{"candles":[{"t":1,"c":2},{"t":3,"c":4}],"symbol":"KO","empty":false}"#, Some("KO")),
            ("{\"data\":{\"ohlc\":[[1,2]],\n \"pair\" : \"BTC/USD\"}}\n", Some("BTC/USD")),
            (r#"{"candles":[{"t":1,"symbol":"KO"}]}"#, None),
            (r#"{"candles":[{"t":1,"c":2}],"symbol":"KO","#, None),
            ("[[1,2],[3,4]]", None),
        ] {
            assert_eq!(market_behind(text).as_deref(), market, "{text}");
        }
    }
}
