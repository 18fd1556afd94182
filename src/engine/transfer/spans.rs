//! Stretches of time: sorted, apart from each other, the end of each excluded.

/// Most stretches that are kept apart.
pub const MOST: usize = 20_000;

/// A set of times, milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spans(Vec<(i64, i64)>);

impl Spans {
    /// Adds the times from `from` up to `to`. Returns whether there was room.
    pub fn add(&mut self, from: i64, to: i64) -> bool {
        if from >= to {
            return true;
        }
        // the usual case: the next one in time
        if let Some((start, end)) = self.0.last_mut()
            && *start <= from
            && from <= *end
        {
            *end = to.max(*end);
            return true;
        }
        let first = self.0.partition_point(|(_, end)| *end < from);
        let after = self.0.partition_point(|(start, _)| *start <= to);
        if first < after {
            let (start, end) = (self.0[first].0.min(from), self.0[after - 1].1.max(to));
            self.0[first] = (start, end);
            self.0.drain(first + 1..after);
        } else if self.0.len() < MOST {
            self.0.insert(first, (from, to));
        } else {
            return false;
        }
        true
    }

    /// Whether all times from `from` up to `to` are in it.
    pub fn contains(&self, from: i64, to: i64) -> bool {
        let at = self.0.partition_point(|(_, end)| *end < to);
        self.0.get(at).is_some_and(|(start, _)| *start <= from)
    }

    /// The first time and the one behind the last.
    pub fn hull(&self) -> Option<(i64, i64)> {
        Some((self.0.first()?.0, self.0.last()?.1))
    }

    /// The stretches, earliest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, i64)> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn neighbours_become_one_and_there_is_a_limit() {
        let mut spans = Spans::default();
        for (from, to) in [(10, 20), (30, 40), (20, 25), (5, 5), (26, 29), (0, 11)] {
            assert!(spans.add(from, to));
        }
        assert_eq!(spans.iter().collect::<Vec<_>>(), [(0, 25), (26, 29), (30, 40)]);
        let mut full = Spans::default();
        for at in 0..i64::try_from(MOST).unwrap() {
            assert!(full.add(at * 10, at * 10 + 1));
        }
        assert!(!full.add(-5, -4) && !full.add(1 << 40, 1 << 41));
        assert!(full.add(1, 10) && full.add(-5, -4), "two have become one");
    }

    proptest! {
        #[test]
        fn it_is_the_set_of_all_times_added(parts in prop::collection::vec((0_i64..60, 0_i64..12), 0..12)) {
            let (mut spans, mut set) = (Spans::default(), [false; 80]);
            for (from, length) in parts {
                spans.add(from, from + length);
                for at in from..from + length {
                    set[usize::try_from(at).unwrap()] = true;
                }
            }
            prop_assert!(spans.0.windows(2).all(|pair| pair[0].1 < pair[1].0));
            for from in 0..78_usize {
                for to in from + 1..79 {
                    let (low, high) = (i64::try_from(from).unwrap(), i64::try_from(to).unwrap());
                    prop_assert_eq!(spans.contains(low, high), set[from..to].iter().all(|held| *held));
                }
            }
        }
    }
}
