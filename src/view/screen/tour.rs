//! A short walk over the desk, on demand.

/// A stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// What is pointed at, as a selector of the page.
    pub at: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What to know of it.
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
        "Every number has an “i”: what it is, how to read it, and its formula with the values of this moment.",
    ),
    stop(
        "[data-chart=zscore]",
        "How far it has strayed",
        "z counts standard deviations from the mean. Drag a dashed line, or use its arrow keys, to set when you want to be told.",
    ),
    stop(
        ".range-bar",
        "Time",
        "All charts share one span of time: drag, zoom, or choose one here. “Arrange…” shows, hides and orders charts and panels.",
    ),
    stop(
        ".tests",
        "Does it come back?",
        "The Engle-Granger test asks whether the two prices are tied together. Without that, a wide spread is no signal.",
    ),
    stop(
        ".pair",
        "Your pair",
        "Two coins, their order, the windows and the hedge model are chosen here. They are kept for the next visit.",
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
