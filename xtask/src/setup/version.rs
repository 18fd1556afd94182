//! Which version a program says it is, and which one the lock file asks for.

/// A version's three numbers; what follows them (`-beta.1`, build data) is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Reads the first word that is a version out of what `program --version` prints.
    pub(super) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.splitn(3, '.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let patch = numbers.next()?;
        let digits = patch.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(patch.len());
        Some(Self { major, minor, patch: patch[..digits].parse().ok()? })
    }

    /// Whether Cargo would take it for `^0.minor`.
    pub(super) fn is_zero_dot(self, minor: u32) -> bool {
        self.major == 0 && self.minor == minor
    }
}

/// The version of a package in the text of a `Cargo.lock`; `None` when it is not there.
pub(super) fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_their_version_in_a_sentence() {
        assert_eq!(Version::find("trunk 0.21.14"), Some(Version { major: 0, minor: 21, patch: 14 }));
        assert_eq!(Version::find("trunk 0.22.0-beta.1"), Some(Version { major: 0, minor: 22, patch: 0 }));
        assert_eq!(Version::find("trunk"), None);
    }

    #[test]
    fn a_caret_of_a_zero_version_holds_the_second_number() {
        let version = |text| Version::find(text).unwrap();
        assert!(version("0.21.0").is_zero_dot(21));
        assert!(!version("0.22.0").is_zero_dot(21));
        assert!(!version("1.21.0").is_zero_dot(21));
    }

    #[test]
    fn the_lock_names_a_packages_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n\n\
                    [[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm-bindgen-futures"), Some("0.4.9"));
        assert_eq!(locked(lock, "trunk"), None);
    }
}
