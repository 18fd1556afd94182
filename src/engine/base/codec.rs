//! Messages and records as postcard bytes.

use serde::{Deserialize, Serialize};

/// Bytes that are not a message of this protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a message of {length} bytes could not be read: {reason}")]
pub struct DecodeError {
    /// Bytes received.
    pub length: usize,
    /// The decoder's own message.
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

/// A byte array within a message, written and read as a block; byte by byte, millions would take too long.
pub mod bytes {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    /// Writes the bytes.
    ///
    /// # Errors
    /// Passes on the serializer's error.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// Passes on the deserializer's error if the bytes are not there.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_byte_buf(Whole)
    }

    struct Whole;

    impl Visitor<'_> for Whole {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            formatter.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
}
