//! A tree of named numbers, as JSON and as text.

use core::fmt::Display;
use serde_json::{Map, Value};
use spreadscope_stats::Reading;

/// A value to print, or the reason why there is none.
pub(crate) type Outcome<T> = Result<T, String>;

/// One number of a result.
pub(crate) type Field<T> = (&'static str, fn(&T) -> Value);

pub(crate) fn undefined(reason: &str) -> Value {
    Value::from(Map::from_iter([("undefined".to_owned(), Value::from(reason))]))
}

pub(crate) fn number(value: f64) -> Value {
    if value.is_finite() { Value::from(value) } else { undefined("the value is not a finite number") }
}

pub(crate) fn outcome<T, E: Display>(result: Result<T, E>) -> Outcome<T> {
    result.map_err(|error| error.to_string())
}

/// A reading as an outcome; one that is not ready does not exist yet.
pub(crate) fn ready<T>(reading: Reading<T>) -> Outcome<T> {
    match reading {
        Reading::Ready(value) => Ok(value),
        Reading::Undefined(reason) => Err(reason.to_string()),
        Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } => {
            Err(format!("{seen} of {needed} observations"))
        }
    }
}

/// An object with all fields; each is undefined if the result is.
pub(crate) fn object<T>(result: &Outcome<T>, fields: &[Field<T>]) -> Value {
    let value = |field: &Field<T>| match result {
        Ok(found) => field.1(found),
        Err(reason) => undefined(reason),
    };
    fields.iter().map(|field| (field.0.to_owned(), value(field))).collect::<Map<_, _>>().into()
}

pub(crate) fn tree<const N: usize>(branches: [(&str, Value); N]) -> Value {
    branches.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

pub(crate) fn leaf(value: Outcome<f64>) -> Value {
    value.map_or_else(|reason| undefined(&reason), number)
}

/// Combines the fields of several objects.
pub(crate) fn tree_of<const N: usize>(objects: [Value; N]) -> Value {
    let fields = |value| if let Value::Object(fields) = value { fields } else { serde_json::Map::new() };
    Value::Object(objects.into_iter().flat_map(fields).collect())
}

pub(crate) fn as_json(value: &Value) -> String {
    format!("{value:#}\n")
}

/// One line per number: its path and its value.
pub(crate) fn as_text(value: &Value) -> String {
    let mut lines = Vec::new();
    write(value, "", &mut lines);
    let widest = lines.iter().map(|(path, _)| path.len()).max().unwrap_or(0);
    let lines: Vec<String> = lines.iter().map(|(path, value)| format!("{path:widest$}  {value}")).collect();
    lines.join("\n") + "\n"
}

fn write(value: &Value, path: &str, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reason)) = fields.get("undefined") {
                lines.push((path.to_owned(), format!("undefined: {reason}")));
                return;
            }
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                write(value, &path, lines);
            }
        }
        other => lines.push((path.to_owned(), other.to_string())),
    }
}
