//! REST responses that are lists of rows, oldest first: taken whole, or, once asked for, without odd rows.

use serde_json::Value;

/// Why a response is not a list of the rows requested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// Not JSON, or cut short.
    #[error("the response is not JSON: {0}")]
    NotJson(String),
    /// JSON, but not a list of rows.
    #[error("the response must be a list of {kind}s")]
    NotAList {
        /// What a row is.
        kind: &'static str,
    },
    /// A row cannot be read or does not follow the one before.
    #[error("{kind} {row}: {reason}")]
    Row {
        /// What a row is.
        kind: &'static str,
        /// Its place in the response, from 0.
        row: usize,
        /// The column or field, its requirement, and the value found.
        reason: String,
    },
}

/// Reads rows of `kind`; `read` gets each row and the one before it.
pub(super) fn parse<T>(
    text: &str,
    kind: &'static str,
    read: impl Fn(&Value, Option<&T>) -> Result<T, String>,
) -> Result<Vec<T>, RowsError> {
    let values = list(text, kind)?;
    let mut rows = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        rows.push(read(value, rows.last()).map_err(|reason| RowsError::Row { kind, row, reason })?);
    }
    Ok(rows)
}

/// As [`parse`], without the rows that `read` refuses; returns their number, too.
pub(super) fn parse_readable<T>(
    text: &str,
    kind: &'static str,
    read: impl Fn(&Value, Option<&T>) -> Result<T, String>,
) -> Result<(Vec<T>, usize), RowsError> {
    let values = list(text, kind)?;
    let mut rows = Vec::with_capacity(values.len());
    for value in &values {
        rows.extend(read(value, rows.last()).ok());
    }
    let skipped = values.len() - rows.len();
    Ok((rows, skipped))
}

fn list(text: &str, kind: &'static str) -> Result<Vec<Value>, RowsError> {
    match serde_json::from_str(text).map_err(|error| RowsError::NotJson(error.to_string()))? {
        Value::Array(values) => Ok(values),
        _ => Err(RowsError::NotAList { kind }),
    }
}
