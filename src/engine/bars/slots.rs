//! Consecutive bars in blocks, which copies of a store share until one of them changes its own.
//!
//! A day of 1 s bars is 15 MB a leg. A replay keeps copies of its state to go back to, and nearly all closed
//! bars are the same in each.

use super::Bar;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bars per block: few enough that copying one costs nothing.
const BLOCK: usize = 64;

#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    blocks: VecDeque<Arc<[Bar; BLOCK]>>,
    /// Unused slots at the front of the first block.
    before: usize,
    len: usize,
}

impl Slots {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn get(&self, at: usize) -> Option<&Bar> {
        let place = self.before + at;
        self.blocks.get(place / BLOCK).filter(|_| at < self.len).map(|block| &block[place % BLOCK])
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut Bar> {
        let place = self.before + at;
        let block = self.blocks.get_mut(place / BLOCK).filter(|_| at < self.len)?;
        Some(&mut Arc::make_mut(block)[place % BLOCK])
    }

    /// Appends a missing bar.
    pub(super) fn push_back(&mut self) {
        let place = self.before + self.len;
        self.len += 1;
        if place == self.blocks.len() * BLOCK {
            self.blocks.push_back(Arc::new([Bar::MISSING; BLOCK]));
        }
    }

    /// Prepends a missing bar.
    pub(super) fn push_front(&mut self) {
        if self.before == 0 {
            self.blocks.push_front(Arc::new([Bar::MISSING; BLOCK]));
            self.before = BLOCK;
        }
        self.before -= 1;
        self.len += 1;
    }

    /// Removes the first bar.
    pub(super) fn pop_front(&mut self) {
        if let Some(first) = self.get_mut(0) {
            // its slot becomes a missing bar again, for later use
            *first = Bar::MISSING;
            (self.before, self.len) = (self.before + 1, self.len - 1);
            if self.before == BLOCK {
                self.before = 0;
                self.blocks.pop_front();
            }
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::Origin;
    use proptest::prelude::*;

    const ORIGINS: [Origin; 4] = [Origin::Live, Origin::History, Origin::Repaired, Origin::Outage];

    fn of(slots: &Slots) -> Vec<Origin> {
        (0..slots.len()).filter_map(|at| slots.get(at)).map(|bar| bar.origin).collect()
    }

    proptest! {
        #[test]
        fn it_is_a_deque_and_a_copy_stays_as_it_was(
            steps in proptest::collection::vec((0_u8..5, 1_usize..400, 0_usize..4), 0..24),
        ) {
            let (mut slots, mut model) = (Slots::default(), VecDeque::new());
            let mut copies = Vec::new();
            for (what, times, origin) in steps {
                let origin = ORIGINS[origin];
                for at in 0..times {
                    match what {
                        0 => {
                            slots.push_back();
                            model.push_back(Origin::Missing);
                        }
                        1 => {
                            slots.push_front();
                            model.push_front(Origin::Missing);
                        }
                        2 => {
                            slots.pop_front();
                            model.pop_front();
                        }
                        _ => {
                            let place = at * 7;
                            prop_assert_eq!(slots.get_mut(place).is_some(), place < model.len());
                            if let (Some(bar), Some(known)) = (slots.get_mut(place), model.get_mut(place)) {
                                (bar.origin, *known) = (origin, origin);
                            }
                        }
                    }
                }
                copies.push((slots.clone(), model.clone()));
            }
            prop_assert!(slots.get(model.len()).is_none() && slots.is_empty() == model.is_empty());
            for (copy, known) in copies {
                prop_assert_eq!(of(&copy), Vec::from(known));
            }
        }
    }
}
