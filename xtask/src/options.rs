//! The options of a command: switches, and names with a value.

use crate::failure::{Failure, Outcome};

/// The options that were given.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    given: Vec<(String, Option<String>)>,
}

impl Options {
    /// Reads arguments of which `switches` stand alone and `named` are followed by a value.
    ///
    /// # Errors
    /// An argument is none of them, or a value is missing.
    pub(crate) fn parse(arguments: &[String], switches: &[&str], named: &[&str]) -> Outcome<Self> {
        let mut given = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let value = if named.contains(&argument.as_str()) {
                let value =
                    arguments.next().ok_or_else(|| Failure::new(format!("{argument} needs a value")))?;
                Some(value.clone())
            } else if switches.contains(&argument.as_str()) {
                None
            } else {
                let known = [switches, named].concat().join(", ");
                return Err(Failure::new(format!(
                    "there is no option `{argument}`; the options are: {known}"
                )));
            };
            given.push((argument.clone(), value));
        }
        Ok(Self { given })
    }

    /// Whether the option was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    /// The option's value; the last one counts.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| given == name)?.1.as_deref()
    }

    /// The value of an option that must be given.
    ///
    /// # Errors
    /// It was not given.
    pub(crate) fn required(&self, name: &str) -> Outcome<&str> {
        self.value(name).ok_or_else(|| Failure::new(format!("{name} is missing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Outcome<Options> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words, &["--release"], &["--port"])
    }

    #[test]
    fn switches_and_values_are_told_apart() {
        let options = parse("--port 8080 --release").unwrap();
        assert!(options.has("--release"));
        assert_eq!(options.required("--port").unwrap(), "8080");
        assert!(parse("").unwrap().required("--port").is_err());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(parse("--fast").unwrap_err().to_string().contains("--release, --port"));
        assert_eq!(parse("--port").unwrap_err(), Failure::new("--port needs a value"));
    }
}
