//! The user's choices on the page (settings, alert rules, layout) as a record. The page's own small storage is
//! read first; this record is there in case that has been cleared.

use super::Preferences;
use super::record;
use super::record::{Kind, RecordError};

/// The choices, and their state in the store.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// The record to write.
    changed: Option<Vec<u8>>,
    /// The stored record, or the one about to be stored: each start of the page sends the choices again.
    stored: Vec<u8>,
    /// Whether the store has answered the request for the record.
    is_read: bool,
    /// Whether the record is of a newer version, which is left unchanged.
    is_spared: bool,
}

impl Choices {
    /// Takes the page's current choices.
    pub(super) fn keep(&mut self, preferences: &Preferences) {
        self.changed = Some(encode(preferences));
    }

    /// The record to write, if it differs from the stored one.
    pub(super) fn take_change(&mut self) -> Option<Vec<u8>> {
        let changed = self.changed.take().filter(|bytes| !self.is_spared && *bytes != self.stored)?;
        self.stored.clone_from(&changed);
        Some(changed)
    }

    /// Whether the store has answered; it is asked once.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Reads the record.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Preferences, RecordError> {
        self.stored = bytes.to_vec();
        decode(bytes).inspect_err(|error| self.is_spared = matches!(error, RecordError::Newer { .. }))
    }

    /// Takes note of the store's answer; `false` if there was one before.
    pub(super) fn end_reading(&mut self) -> bool {
        !core::mem::replace(&mut self.is_read, true)
    }
}

/// The choices as a record.
pub fn encode(preferences: &Preferences) -> Vec<u8> {
    let content = postcard::to_allocvec(preferences);
    record::seal(Kind::Choices, &content.expect("Invariant: names and values are plain data"))
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// [`RecordError`] if `bytes` are not a record, are damaged or of a newer version, or do not hold names and
/// values.
pub fn decode(bytes: &[u8]) -> Result<Preferences, RecordError> {
    let content = record::open(Kind::Choices, bytes)?;
    postcard::from_bytes(content)
        .map_err(|error| RecordError::content(format!("no names and values: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_stored_already_is_not_written_again() {
        let chosen = |zone: &str| vec![("spreadscope.zone".to_owned(), zone.to_owned())];
        let mut choices = Choices::default();
        assert_eq!(choices.read(&encode(&chosen("utc"))), Ok(chosen("utc")));
        choices.keep(&chosen("utc"));
        assert_eq!(choices.take_change(), None);
        for zone in ["local", "utc"] {
            choices.keep(&chosen(zone));
            assert_eq!(choices.take_change(), Some(encode(&chosen(zone))));
        }
    }

    proptest! {
        #[test]
        fn choices_come_back_as_they_went(preferences in proptest::collection::vec((".{0,20}", ".{0,60}"), 0..9)) {
            prop_assert_eq!(decode(&encode(&preferences)), Ok(preferences));
        }

        #[test]
        fn any_content_gives_choices_or_an_error(content in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(choices) = decode(&record::seal(Kind::Choices, &content)) {
                prop_assert!(choices.len() <= content.len());
            }
        }
    }
}
