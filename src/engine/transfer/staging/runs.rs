//! Trade ids in runs without a hole, in whatever order they come.

use super::super::spans::MOST;

/// Ids that follow each other, and when the first and the last of them were traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first_id: u64,
    last_id: u64,
    first_millis: i64,
    last_millis: i64,
}

/// The ids of a market. A file that is newest first, or in which two series of ids take turns, is as good as another.
#[derive(Debug, Default)]
pub(super) struct Runs {
    held: Vec<Run>,
    /// Rows with ids.
    rows: usize,
    /// Ids do not count trades: most of them follow no other.
    is_sparse: bool,
}

impl Runs {
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether later ids are of later times: not so of series that take turns, or whose numbers begin anew.
    pub(super) fn are_in_order(&self) -> bool {
        !self.is_sparse && self.held.windows(2).all(|pair| pair[0].last_millis <= pair[1].first_millis)
    }

    fn are_apart(&self) -> bool {
        self.rows >= 20 && self.held.len() * 3 > self.rows * 2
    }

    /// Leaves the ids out where most of them follow no other: an exchange that numbers the trades of all its markets, or
    /// by the time, says nothing of holes. Returns whether it has.
    pub(super) fn leave_sparse(&mut self) -> bool {
        let is_sparse = self.is_sparse || self.are_apart();
        if is_sparse {
            self.held.clear();
        }
        is_sparse
    }

    /// A file without ids is one run.
    pub(super) fn put(&mut self, (first_millis, last_millis): (i64, i64)) {
        self.held.push(Run { first_id: 0, last_id: 0, first_millis, last_millis });
    }

    /// Takes the ids of a row.
    ///
    /// # Errors
    /// When one of them has come before, or there are too many holes.
    pub(super) fn add(&mut self, millis: i64, first_id: u64, last_id: u64) -> Result<(), String> {
        self.rows += 1;
        if self.is_sparse {
            return Ok(());
        }
        // the usual case: the next one
        if let Some(run) = self.held.last_mut()
            && run.last_id.checked_add(1) == Some(first_id)
        {
            (run.last_id, run.last_millis) = (last_id, millis);
            return Ok(());
        }
        let after = self.held.partition_point(|run| run.first_id <= first_id);
        let before = after.checked_sub(1).filter(|before| self.held[*before].last_id >= first_id);
        if before.is_some() || self.held.get(after).is_some_and(|run| run.first_id <= last_id) {
            return Err(format!("trade id {first_id} has come before"));
        }
        let follows =
            after.checked_sub(1).filter(|before| self.held[*before].last_id.checked_add(1) == Some(first_id));
        let leads = self.held.get(after).is_some_and(|run| last_id.checked_add(1) == Some(run.first_id));
        match (follows, leads) {
            (Some(before), true) => {
                let next = self.held.remove(after);
                let run = &mut self.held[before];
                (run.last_id, run.last_millis) = (next.last_id, next.last_millis);
            }
            (Some(before), false) => {
                let run = &mut self.held[before];
                (run.last_id, run.last_millis) = (last_id, millis);
            }
            (None, true) => {
                let run = &mut self.held[after];
                (run.first_id, run.first_millis) = (first_id, millis);
            }
            (None, false) if self.held.len() >= MOST && self.are_apart() => {
                self.is_sparse = true;
                self.held.clear();
            }
            (None, false) if self.held.len() >= MOST => {
                return Err(format!("trade id {first_id} follows one hole too many: a file may have {MOST}"));
            }
            (None, false) => {
                let run = Run { first_id, last_id, first_millis: millis, last_millis: millis };
                self.held.insert(after, run);
            }
        }
        Ok(())
    }

    /// Ids that are not in the file. Between runs that overlap in time nothing is missing: they are series of their own.
    pub(super) fn missing_ids(&self) -> u64 {
        let holes = self.held.windows(2).filter(|pair| pair[0].last_millis <= pair[1].first_millis);
        holes.fold(0_u64, |sum, pair| sum.saturating_add(pair[1].first_id - pair[0].last_id - 1))
    }

    /// The times of which no trade was missed. The file may begin and end in the middle of a second, unless it `covers`
    /// more than its trades.
    pub(super) fn whole_seconds(&self, covers: Option<(i64, i64)>) -> impl Iterator<Item = (i64, i64)> + '_ {
        let last = self.held.len().saturating_sub(1);
        self.held.iter().enumerate().map(move |(at, run)| {
            let begin = covers.filter(|_| at == 0).map(|(begin, _)| begin);
            let end = covers.filter(|_| at == last).map(|(_, end)| end);
            (begin.unwrap_or(second(run.first_millis) + 1_000), end.unwrap_or(second(run.last_millis)))
        })
    }
}

fn second(millis: i64) -> i64 {
    millis.div_euclid(1_000) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(rows: &[(i64, u64)]) -> Runs {
        let mut runs = Runs::default();
        for (millis, id) in rows {
            runs.add(*millis, *id, *id).unwrap();
        }
        runs
    }

    #[test]
    fn the_order_of_rows_makes_no_difference() {
        let rows: Vec<(i64, u64)> = (0..20).map(|at: u16| (i64::from(at) * 700, u64::from(at) + 5)).collect();
        let mut newest_first = rows.clone();
        newest_first.reverse();
        for rows in [rows, newest_first] {
            let runs = of(&rows);
            assert_eq!(runs.missing_ids(), 0);
            assert_eq!(runs.whole_seconds(None).collect::<Vec<_>>(), [(1_000, 13_000)]);
        }
    }

    #[test]
    fn two_series_that_take_turns_are_both_whole() {
        let rows: Vec<(i64, u64)> = (0..20)
            .map(|at: u16| (i64::from(at) * 700, u64::from(at / 2) + u64::from(at % 2) * 1_000))
            .collect();
        let mut runs = of(&rows);
        assert_eq!((runs.held.len(), runs.missing_ids()), (2, 0));
        assert!(!runs.are_in_order() && of(&rows[..1]).are_in_order());
        assert_eq!(runs.add(0, 1_003, 1_004).unwrap_err(), "trade id 1003 has come before");
        assert_eq!(
            runs.whole_seconds(Some((-5_000, 90_000))).collect::<Vec<_>>(),
            [(-5_000, 12_000), (1_000, 90_000)]
        );
    }

    #[test]
    fn ids_that_follow_no_other_are_left_out() {
        let rows: Vec<(i64, u64)> = (0..20).map(|at: u16| (i64::from(at) * 700, u64::from(at) * 3)).collect();
        assert!(of(&rows).leave_sparse());
        assert!(!of(&rows[..10]).leave_sparse(), "too few to say so");
        let mut runs = Runs::default();
        for at in 0..MOST as u64 + 5 {
            runs.add(0, at * 2, at * 2).unwrap();
        }
        assert!(runs.leave_sparse() && runs.is_empty());
    }

    #[test]
    fn a_hole_is_counted_and_its_seconds_are_not_known() {
        let runs = of(&[(500, 1), (4_000, 4), (1_900, 2), (9_500, 5)]);
        assert_eq!(runs.missing_ids(), 1);
        assert_eq!(runs.whole_seconds(None).collect::<Vec<_>>(), [(1_000, 1_000), (5_000, 9_000)]);
    }

    proptest! {
        #[test]
        fn any_ids_are_those_that_came(ids in prop::collection::vec((0_u64..60, 0_u64..4), 0..30)) {
            let (mut runs, mut seen) = (Runs::default(), std::collections::BTreeSet::new());
            for (first, more) in ids {
                let fits = (first..=first + more).all(|id| !seen.contains(&id));
                prop_assert_eq!(runs.add(0, first, first + more).is_ok(), fits);
                if fits {
                    seen.extend(first..=first + more);
                }
            }
            let held: Vec<u64> = runs.held.iter().flat_map(|run| run.first_id..=run.last_id).collect();
            prop_assert_eq!(held, seen.into_iter().collect::<Vec<_>>());
            prop_assert!(runs.held.windows(2).all(|pair| pair[0].last_id + 1 < pair[1].first_id));
        }
    }
}
