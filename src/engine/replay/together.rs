//! Combines facts sent at once to save the page work: at 100× speed, a moment has dozens of rows, tests and
//! past tests. Rows and points are joined; of facts that replace each other, only the newest is kept.

use crate::messages::event::Fact;

/// Rows sent at a time, so that neither side of the wire is held up for long.
pub(super) const ROWS_AT_ONCE: usize = 2_000;

/// Facts to send, in an order that leads to the same state as the original one.
#[derive(Debug, Default)]
pub(super) struct Together {
    told: Vec<Fact>,
    /// Facts before this index are complete: later ones are under other settings or rules.
    fixed: usize,
}

impl Together {
    /// Adds the next fact.
    pub(super) fn add(&mut self, fact: &Fact) {
        match fact {
            Fact::Rows { replace: false, rows: more } => match self.last(is_rows) {
                Some(Fact::Rows { rows, .. }) if rows.len() + more.len() <= ROWS_AT_ONCE => {
                    rows.extend(more.iter().cloned());
                }
                _ => self.told.push(fact.clone()),
            },
            Fact::PastTests { replace: false, points: more } => match self.last(is_past_tests) {
                Some(Fact::PastTests { points, .. }) => points.extend(more),
                _ => self.told.push(fact.clone()),
            },
            Fact::Rows { .. } => self.put_in_place_of(is_rows, fact),
            Fact::PastTests { .. } => self.put_in_place_of(is_past_tests, fact),
            Fact::Tests(_) => self.put_in_place_of(|known| matches!(known, Fact::Tests(_)), fact),
            Fact::Evidence(_) => self.put_in_place_of(|known| matches!(known, Fact::Evidence(_)), fact),
            Fact::Alert(_) | Fact::Feed { .. } => self.told.push(fact.clone()),
            // a replay stores nothing
            Fact::Storage(_) => {}
            Fact::Configured(_)
            | Fact::Refused(_)
            | Fact::Rules(_)
            | Fact::RulesRefused(_)
            | Fact::AlertLog(_) => {
                self.told.push(fact.clone());
                self.fixed = self.told.len();
            }
        }
    }

    /// All combined facts.
    pub(super) fn finish(self) -> Vec<Fact> {
        self.told
    }

    fn last(&mut self, is: fn(&Fact) -> bool) -> Option<&mut Fact> {
        self.told[self.fixed..].iter_mut().rev().find(|known| is(known))
    }

    fn put_in_place_of(&mut self, is: fn(&Fact) -> bool, fact: &Fact) {
        let mut behind = self.told.split_off(self.fixed);
        behind.retain(|known| !is(known));
        self.told.append(&mut behind);
        self.told.push(fact.clone());
    }
}

const fn is_rows(fact: &Fact) -> bool {
    matches!(fact, Fact::Rows { .. })
}

const fn is_past_tests(fact: &Fact) -> bool {
    matches!(fact, Fact::PastTests { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMillis;
    use crate::analytics::PastTest;

    fn points(replace: bool, times: core::ops::Range<i64>) -> Fact {
        let point = |at| PastTest { open_time: UnixMillis(at), p_value: None, half_life_bars: None };
        Fact::PastTests { replace, points: times.map(point).collect() }
    }

    fn together(facts: &[Fact]) -> Vec<Fact> {
        let mut together = Together::default();
        for fact in facts {
            together.add(fact);
        }
        together.finish()
    }

    #[test]
    fn points_come_together_from_the_newest_that_make_the_others_void() {
        let notes = Fact::Feed { replace: false, notes: Vec::new() };
        let facts = [
            points(false, 0..3),
            notes.clone(),
            points(true, 5..7),
            points(false, 7..9),
            points(false, 9..10),
        ];
        assert_eq!(together(&facts), [notes, points(true, 5..10)]);
    }

    #[test]
    fn what_stands_before_other_settings_stays_before_them() {
        let configured = Fact::Configured(Box::default());
        let facts = [points(false, 0..3), configured.clone(), points(true, 3..4), points(false, 4..6)];
        assert_eq!(together(&facts), [points(false, 0..3), configured, points(true, 3..6)]);
    }
}
