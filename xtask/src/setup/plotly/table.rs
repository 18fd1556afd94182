//! The tables of what is cut: features in words, each with the places in plotly.js that make it up.
//!
//! ```text
//! hovering: hovermode is false
//!     src/fx/click.js                             the module: whatever is called of it refuses
//!     src/fx/hover.js = { hover() {} }            the module exports this instead
//!     src/fx/index.js: loneUnhover draw/inner     functions refuse (`inner` is one within `draw`)
//!     src/axes.js ? drawOne :: if (ax.mirror) {   the block behind this line (within `drawOne`) refuses
//!     src/d3.js - d3.geom = .. d3.layout =        a passage is left out, up to what stands behind it
//!     src/plot.js | hover(gd); -> noop();         a text has another in its place, or none
//! ```
//!
//! What refuses throws an error that names the feature. What is no longer mentioned is left out as well, so a
//! table names the entry points rather than everything behind them. Each place must exist, and be unique.

/// What is cut, in the order of the tables.
const TABLES: [&str; 5] = [
    include_str!("cuts/entry.cuts"),
    include_str!("cuts/traces.cuts"),
    include_str!("cuts/axes.cuts"),
    include_str!("cuts/interaction.cuts"),
    include_str!("cuts/libraries.cuts"),
];

/// One place that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut<'a> {
    pub(super) feature: &'a str,
    /// The module's path.
    pub(super) path: &'a str,
    pub(super) change: Change<'a>,
}

/// The change made to a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change<'a> {
    /// Everything called on it refuses.
    Refuse,
    /// It exports something else.
    Export(&'a str),
    /// Its functions with these names, separated by spaces, refuse.
    RefuseFunctions(&'a str),
    /// The block behind a line, or the rest of the line's own block, refuses.
    RefuseBehind { within: Option<&'a str>, line: &'a str },
    /// A passage is left out.
    Remove { from: &'a str, behind: &'a str },
    /// A text is replaced.
    Replace { text: &'a str, by: &'a str },
}

/// Returns all cuts.
pub(super) fn cuts() -> Vec<Cut<'static>> {
    TABLES.iter().flat_map(|table| read(table)).collect()
}

/// Returns the texts from which [`cuts`] are read.
pub(super) const fn texts() -> [&'static str; 5] {
    TABLES
}

fn read(table: &str) -> Vec<Cut<'_>> {
    let mut feature = "";
    let mut cuts = Vec::new();
    for line in table.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("    ") {
            Some(place) => cuts.push(place_of(feature, place)),
            None => feature = line.split_once(": ").expect("Invariant: a feature has its reason").0,
        }
    }
    cuts
}

fn place_of<'a>(feature: &'a str, place: &'a str) -> Cut<'a> {
    let (path, rest) = place.split_once(' ').unwrap_or((place, ""));
    let both = |text: &'a str, between: &str| {
        text.split_once(between).expect("Invariant: the two parts of a change are parted")
    };
    if let Some(path) = path.strip_suffix(':') {
        return Cut { feature, path, change: Change::RefuseFunctions(rest) };
    }
    let change = match rest.split_once(' ').unwrap_or((rest, "")) {
        ("", _) => Change::Refuse,
        ("=", exports) => Change::Export(exports),
        ("?", line) => match line.split_once(" :: ") {
            Some((within, line)) => Change::RefuseBehind { within: Some(within), line },
            None => Change::RefuseBehind { within: None, line },
        },
        ("-", passage) => {
            let (from, behind) = both(passage, " .. ");
            Change::Remove { from, behind }
        }
        ("|", texts) => {
            let (text, by) = both(texts, " ->");
            Change::Replace { text, by: by.trim_start() }
        }
        (sign, _) => unreachable!("Invariant: a change has a known sign, not {sign}"),
    };
    Cut { feature, path, change }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_change_is_read() {
        let table = "hovering: no hover\n    a.js\n    a.js = { b() {} }\n    a.js: b c/d\n    a.js ? b :: if (c) {\n    \
                     a.js ? if (c) {\n\nbars: none\n    a.js - b .. c\n    a.js | b || d; -> c;\n    a.js | b; ->\n";
        let read = read(table);
        let changes: Vec<Change<'_>> = read.iter().map(|cut| cut.change).collect();
        assert_eq!(
            changes,
            [
                Change::Refuse,
                Change::Export("{ b() {} }"),
                Change::RefuseFunctions("b c/d"),
                Change::RefuseBehind { within: Some("b"), line: "if (c) {" },
                Change::RefuseBehind { within: None, line: "if (c) {" },
                Change::Remove { from: "b", behind: "c" },
                Change::Replace { text: "b || d;", by: "c;" },
                Change::Replace { text: "b;", by: "" },
            ]
        );
        assert!(read.iter().all(|cut| cut.path == "a.js"));
        assert_eq!((read[0].feature, read[7].feature), ("hovering", "bars"));
    }

    #[test]
    fn the_tables_are_read_whole() {
        let places: usize = TABLES.iter().map(|table| table.matches("\n    ").count()).sum();
        assert_eq!(cuts().len(), places);
    }
}
