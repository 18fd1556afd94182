//! Responses over REST that are lists of rows, oldest first: taken whole or not at all.

use serde_json::Value;

/// A response that is not a list of what was requested.
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
    /// A row that cannot be read, or does not follow the one before.
    #[error("{kind} {row}: {reason}")]
    Row {
        /// What a row is.
        kind: &'static str,
        /// Its place in the response, from 0.
        row: usize,
        /// Column or field, what it must be and what it was.
        reason: String,
    },
}

/// Reads rows of `kind`: `read` is given each of them and the one before.
pub(super) fn parse<T>(
    text: &str,
    kind: &'static str,
    read: impl Fn(&Value, Option<&T>) -> Result<T, String>,
) -> Result<Vec<T>, RowsError> {
    let value: Value = serde_json::from_str(text).map_err(|error| RowsError::NotJson(error.to_string()))?;
    let values = value.as_array().ok_or(RowsError::NotAList { kind })?;
    let mut rows = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        rows.push(read(value, rows.last()).map_err(|reason| RowsError::Row { kind, row, reason })?);
    }
    Ok(rows)
}
