//! A running minimum over the recent past, without keeping every value.

use crate::UnixMillis;

/// The minimum over the last one to two half windows.
#[derive(Debug, Clone)]
pub struct HalfWindows {
    half_millis: i64,
    /// The minimum of the previous half window and of the current one.
    least: [Option<i64>; 2],
    began: Option<UnixMillis>,
}

impl HalfWindows {
    /// Nothing seen yet; a half window lasts `half_millis`.
    pub const fn new(half_millis: i64) -> Self {
        Self { half_millis, least: [None; 2], began: None }
    }

    /// Takes a value seen at local time `local` and returns the minimum. A clock step in either direction
    /// begins a new half window.
    pub fn observe(&mut self, value: i64, local: UnixMillis) -> i64 {
        let began = *self.began.get_or_insert(local);
        if !(0..self.half_millis).contains(&local.since(began)) {
            self.least = [self.least[1], None];
            self.began = Some(local);
        }
        let least = self.least[1].map_or(value, |least| least.min(value));
        self.least[1] = Some(least);
        self.least[0].map_or(least, |before| before.min(least))
    }

    /// The minimum; `None` before the first value.
    pub fn least(&self) -> Option<i64> {
        self.least.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_forgotten_after_one_to_two_half_windows() {
        let mut windows = HalfWindows::new(100);
        assert_eq!(windows.least(), None);
        let values = [(0, 5), (50, 7), (99, 9), (100, 8), (199, 9), (200, 9), (130, 9)];
        let least = values.map(|(at, value)| windows.observe(value, UnixMillis(at)));
        // the last value falls after the half window that began at 200
        assert_eq!(least, [5, 5, 5, 5, 5, 8, 9]);
        assert_eq!(windows.least(), Some(9));
    }
}
