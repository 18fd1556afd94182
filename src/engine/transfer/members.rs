//! A JSON object a line as a row of a table: its members are the cells.

use super::json::unquoted;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Most members of an object that are looked at.
const MOST: usize = 1_024;

/// The members in the order in which they stand there.
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

/// A member's name, of the line itself unless something in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Python writes a number that is none as `NaN` or `Infinity`, which are no JSON: the text with `null` in their places,
/// where there is one.
pub(super) fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    if !text.contains("NaN") && !text.contains("Infinity") {
        return None;
    }
    let (mut plain, mut rest, mut in_text, mut is_any) =
        (String::with_capacity(text.len()), text, false, false);
    while let Some(sign) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !in_text && rest.starts_with(**word));
        if let Some(word) = word {
            plain.push_str("null");
            rest = &rest[word.len()..];
            is_any = true;
            continue;
        }
        // what is escaped ends no text
        let length = sign.len_utf8()
            + usize::from(in_text && sign == '\\' && rest.as_bytes().get(1).is_some_and(u8::is_ascii));
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
        in_text ^= sign == '"';
    }
    is_any.then_some(plain)
}

fn members(line: &str) -> Result<Members<'_>, String> {
    // a list of objects that stand on a line each is as good
    let text = line.trim().trim_start_matches('[').trim_end_matches([',', ']']);
    let members: Members<'_> =
        serde_json::from_str(text).map_err(|error| format!("not a row in JSON: {error}"))?;
    let members =
        if members.0.iter().any(|(name, value)| is_object(name, value)) { flat(members) } else { members };
    match members.0.len() {
        0..=MOST => Ok(members),
        more => Err(format!("a row has {MOST} members at most, was one of {more}")),
    }
}

/// Whether a member holds others; what has a letter for a name is a row by itself.
fn is_object(name: &str, value: &RawValue) -> bool {
    name.len() > 1 && value.get().starts_with('{')
}

/// The members of objects within a row in the place of these, `mid/o` and `mid/c` for `"mid":{"o":…,"c":…}`. Of prices of
/// both sides and between them the latter are taken, and the bid where there is none.
fn flat(Members(outer): Members<'_>) -> Members<'_> {
    let has = |known: &str| outer.iter().any(|(name, value)| name == known && is_object(name, value));
    let is_other =
        |name: &str| (name == "bid" && has("mid")) || (name == "ask" && (has("mid") || has("bid")));
    // a search engine puts its own words beside a document
    let of_document = has("_source");
    let mut members = Vec::new();
    for (name, value) in outer.iter().filter(|(name, _)| !of_document || name == "_source") {
        match all(value.get()).filter(|_| is_object(name, value)) {
            Some(_) if is_other(name) => {}
            Some(Members(inner)) if !inner.is_empty() => {
                members.extend(
                    inner.into_iter().map(|(own, value)| (Cow::Owned(format!("{name}/{own}")), value)),
                );
            }
            _ => members.push((name.clone(), *value)),
        }
    }
    Members(members)
}

/// All members of an object; `None` where `text` is none.
pub(super) fn all(text: &str) -> Option<Members<'_>> {
    text.starts_with('{').then(|| serde_json::from_str(text).ok())?
}

/// The names of the members of `line`; `None` where it is no object.
pub fn names(line: &str) -> Option<Vec<String>> {
    if let Some(line) = without_nan(line) {
        return names(&line);
    }
    let Members(members) = members(line).ok()?;
    Some(members.into_iter().map(|(name, _)| name.into_owned()).collect())
}

/// What an exchange says in place of rows: `{"code":-1121,"msg":"Invalid symbol."}`; `None` for another text.
pub(super) fn message(text: &str) -> Option<String> {
    const NAMES: [&str; 8] =
        ["msg", "message", "error", "retMsg", "Error Message", "Information", "Note", "detail"];
    let Members(members) = all(text.trim())?;
    let is_flat = members.iter().all(|(_, value)| !value.get().starts_with(['{', '[']));
    let said = members.iter().find(|(name, _)| NAMES.contains(&name.as_ref()))?;
    unquoted(said.1.get()).filter(|text| is_flat && !text.is_empty()).map(Cow::into_owned)
}

/// Adds the names of the members of `line` that are not among `names`.
pub(super) fn add_names(names: &mut Vec<String>, line: &str) {
    for name in self::names(line).unwrap_or_default() {
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
}

/// How many members of an object hold no others; 0 where `line` is no object.
pub(super) fn scalars(line: &str) -> usize {
    if let Some(line) = without_nan(line) {
        return scalars(&line);
    }
    let members = all(line.trim().trim_start_matches('[')).map_or(Vec::new(), |Members(members)| members);
    members.iter().filter(|(_, value)| !value.get().starts_with(['{', '['])).count()
}

/// The values of the members called `names`: texts without their quotes, nothing for one that is null or absent.
///
/// # Errors
/// What is wrong with the JSON.
pub fn cells<'a>(line: &'a str, names: &[String]) -> Result<Vec<Cow<'a, str>>, String> {
    if let Some(line) = without_nan(line) {
        return cells(&line, names).map(owned);
    }
    let Members(members) = members(line)?;
    let value = |(at, name): (usize, &String)| {
        let here = members.get(at).filter(|(found, _)| found == name);
        here.or_else(|| members.iter().find(|(found, _)| found == name)).map(|(_, value)| value.get())
    };
    let cell = |raw: Option<&'a str>| match raw {
        None | Some("null") => Cow::Borrowed(""),
        Some(raw) => unquoted(raw).unwrap_or(Cow::Borrowed(raw)),
    };
    Ok(names.iter().enumerate().map(value).map(cell).collect())
}

/// Cells that borrow nothing.
pub(super) fn owned(cells: Vec<Cow<'_, str>>) -> Vec<Cow<'static, str>> {
    cells.into_iter().map(|cell| Cow::Owned(cell.into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn members_are_cells_wherever_they_stand() {
        let known = names(r#"{"time":1,"cl\u006fse":2,"symbol":null}"#).unwrap();
        assert_eq!(known, ["time", "close", "symbol"]);
        let rows = [
            (r#"{"time":1,"close":0.10,"symbol":"BTC\"USDT"},"#, ["1", "0.10", "BTC\"USDT"]),
            (r#"[{"symbol":null,"other":{"close":3},"close":"2"}]"#, ["", "2", ""]),
            (r#"{"close":[1,"a"],"time":true,"symbol":"\ud800"}"#, ["true", "[1,\"a\"]", "\"\\ud800\""]),
        ];
        for (row, expected) in rows {
            assert_eq!(cells(row, &known).unwrap(), expected, "{row}");
        }
    }

    #[test]
    fn members_of_members_are_cells() {
        let line =
            r#"{"time":1,"bid":{"c":1},"mid":{"o":2,"c":3},"ask":{"c":4},"date":{"$date":"x"},"empty":{}}"#;
        let known = names(line).unwrap();
        assert_eq!(known, ["time", "mid/o", "mid/c", "date/$date", "empty"]);
        assert_eq!(cells(line, &known).unwrap(), ["1", "2", "3", "x", "{}"]);
        assert_eq!(names(r#"{"bid":{"c":1},"ask":{"c":4}}"#).unwrap(), ["bid/c"]);
        assert_eq!(scalars(line), 1);
    }

    #[test]
    fn what_is_no_number_is_nothing() {
        let line = r#"{"NaN":NaN,"a":-Infinity,"b":"NaN \" Infinity","c":Infinity}"#;
        let known = names(line).unwrap();
        assert_eq!(known, ["NaN", "a", "b", "c"]);
        assert_eq!(cells(line, &known).unwrap(), ["", "", "NaN \" Infinity", ""]);
        assert_eq!((scalars(line), without_nan(r#"["NaN"]"#)), (4, None));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(cells("12", &[]).unwrap_err().starts_with("not a row in JSON: invalid type: integer `12`"));
        assert!(cells("{\"close\":", &[]).unwrap_err().starts_with("not a row in JSON: EOF"));
        let wide: Vec<String> = (0..=MOST).map(|at| format!("\"{at}\":0")).collect();
        let wide = format!("{{{}}}", wide.join(","));
        assert_eq!(cells(&wide, &[]).unwrap_err(), "a row has 1024 members at most, was one of 1025");
        assert_eq!(names(&wide), None);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in any::<String>(), json in r#"[\[\]{}":,0-9a-z\\.-]{0,60}"#) {
            for line in [format!("{json}NaN{line}"), line, json] {
                let known = names(&line);
                prop_assert_eq!(known.is_some(), cells(&line, &known.unwrap_or_default()).is_ok());
            }
        }
    }
}
