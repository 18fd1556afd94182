//! What went wrong, as one plain sentence for the person at the terminal.

use std::fmt;

/// One sentence that says what failed and, if possible, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure(String);

/// The result of a step that may fail with a sentence.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// Makes a failure with these words.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Adds a sentence to an error of the operating system: what was tried, and the system's message.
pub(crate) trait Explain<T> {
    /// `what` continues the sentence after "could not".
    fn explain(self, what: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: fmt::Display> Explain<T> for Result<T, E> {
    fn explain(self, what: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("could not {}: {error}", what())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_says_what_was_tried() {
        let failed: Result<(), &str> = Err("no such file");
        assert_eq!(
            failed.explain(|| "read Trunk.toml".to_owned()),
            Err(Failure::new("could not read Trunk.toml: no such file"))
        );
    }
}
