//! Requests, checked as the exchange checks them, and its refusals.

use axum::http::StatusCode;
use std::collections::BTreeMap;

/// Rows if no limit is given, and the most rows returned.
const ROWS: i64 = 500;
const MOST_ROWS: usize = 1_000;

/// Decoded parameters.
pub(crate) type Query = BTreeMap<String, String>;

/// HTTP status, and the exchange's error code and message.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) i32, pub(crate) String);

pub(super) fn refuse(code: i32, message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, code, message.into())
}

pub(crate) fn parse(query: Option<&str>) -> Result<Query, Refusal> {
    query
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = percent_decoded(value)
                .ok_or_else(|| refuse(-1100, format!("Illegal characters found in parameter '{name}'.")))?;
            Ok((name.to_owned(), value))
        })
        .collect()
}

pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let hex = core::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Refuses unknown parameters.
pub(super) fn only(query: &Query, known: &[&str]) -> Result<(), Refusal> {
    let read = query.keys().filter(|name| known.contains(&name.as_str())).count();
    if read == query.len() {
        return Ok(());
    }
    let sent = query.len();
    let words =
        format!("Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'.");
    Err(refuse(-1104, words))
}

pub(super) fn missing(name: &str) -> Refusal {
    refuse(-1102, format!("Mandatory parameter '{name}' was not sent, was empty/null, or malformed."))
}

pub(super) fn whole(query: &Query, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let illegal = || {
        refuse(
            -1100,
            format!("Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."),
        )
    };
    text.parse::<i64>().ok().filter(|number| *number >= 0).map(Some).ok_or_else(illegal)
}

pub(super) fn limit(query: &Query) -> Result<usize, Refusal> {
    let asked = whole(query, "limit")?.unwrap_or(ROWS);
    if asked == 0 {
        return Err(refuse(-1130, "Data sent for parameter 'limit' is not valid."));
    }
    Ok(usize::try_from(asked).unwrap_or(MOST_ROWS).min(MOST_ROWS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_limits_kept() {
        let query = parse(Some("symbols=%5B%22BTCUSDT%22%5D&limit=5000&startTime=x")).unwrap();
        assert_eq!(query["symbols"], r#"["BTCUSDT"]"#);
        assert_eq!((limit(&query), limit(&Query::new())), (Ok(1_000), Ok(500)));
        assert_eq!(whole(&query, "startTime").unwrap_err().1, -1_100);
        assert_eq!(limit(&parse(Some("limit=0")).unwrap()).unwrap_err().1, -1_130);
        assert_eq!(parse(Some("symbol=%G1")).unwrap_err().1, -1_100);
    }
}
