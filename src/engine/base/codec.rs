//! Messages and records as postcard bytes.

use serde::{Deserialize, Serialize};

/// Bytes that are not a message of this protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a message of {length} bytes could not be read: {reason}")]
pub struct DecodeError {
    /// Bytes received.
    pub length: usize,
    /// The decoder's word.
    pub reason: String,
}

/// Encodes a message of either direction.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_allocvec(message).expect("Invariant: messages are plain data and a Vec takes any length")
}

/// Decodes a message of either direction.
///
/// # Errors
/// [`DecodeError`] when `bytes` are of another protocol or damaged.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, DecodeError> {
    postcard::from_bytes(bytes)
        .map_err(|error| DecodeError { length: bytes.len(), reason: error.to_string() })
}
