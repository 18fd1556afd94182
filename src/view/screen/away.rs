//! A tab that the browser has suspended, or that slept with its machine: when no alert could fire.

/// Interval at which the page looks at the clock.
pub const BEAT_MILLIS: u32 = 30_000;
/// Longest normal time between two looks: the timers of a hidden page may be more than a minute apart.
const ASLEEP_MILLIS: i64 = 150_000;

/// Returns whether the page has slept between its last look at the clock and `now`.
pub const fn has_slept(last_look: i64, now: i64) -> bool {
    now - last_look > ASLEEP_MILLIS
}

/// Returns the sentence about a sleep between two times of day.
pub fn sentence(from: &str, to: &str) -> String {
    format!(
        "This tab was asleep from {from} to {to}, or the clock was set: it could raise no alert in between. Bars \
         that closed meanwhile are fetched and raise no late alerts."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_timer_is_no_sleep_and_neither_is_a_clock_that_is_set_back() {
        assert!(!has_slept(0, 90_000) && !has_slept(3_600_000, 0));
        assert!(has_slept(0, 151_000));
    }
}
