//! A short tour of the desk, on demand.

/// A stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The element pointed at, as a selector.
    pub at: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The text about it.
    pub text: &'static str,
}

const fn stop(at: &'static str, title: &'static str, text: &'static str) -> Stop {
    Stop { at, title, text }
}

/// The stops in order.
pub static STOPS: [Stop; 7] = [
    stop(
        ".verdict",
        "Start here",
        "One sentence says what all the numbers mean together. “Why” gives its reasons.",
    ),
    stop(
        ".tiles",
        "The numbers",
        "Every number has an “i”: what it is, how to read it, and its formula with the current values.",
    ),
    stop(
        "[data-chart=zscore]",
        "How far it has strayed",
        "z counts standard deviations from the mean. Drag a dashed line, or use its arrow keys, to set when you are alerted.",
    ),
    stop(
        ".range-bar",
        "Time",
        "All charts share one span of time: drag, zoom, or choose one here. “Arrange…” shows, hides and orders charts and panels.",
    ),
    stop(
        ".tests",
        "Does it revert?",
        "The Engle-Granger test asks whether the two prices are tied together. Without that, a wide spread is no signal.",
    ),
    stop(
        ".pair",
        "Your pair",
        "Two coins, their order, the windows and the hedge model are chosen here. They are stored for the next visit.",
    ),
    stop(
        "[data-action=export]",
        "Take it with you",
        "Tables as CSV or JSON, and a link that restores this screen. “?” lists the keys.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_short_whole_sentences() {
        for Stop { title, text, .. } in &STOPS {
            assert!(text.ends_with('.') && text.len() < 160, "{title}: {}", text.len());
        }
    }
}
