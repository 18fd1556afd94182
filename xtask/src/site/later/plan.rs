//! Where each function of a module goes, and by which number the two modules that come of it know each other's.

use super::anatomy::Anatomy;
use std::collections::BTreeSet;

/// Who has what.
#[derive(Debug)]
pub(super) struct Plan {
    /// The name under which one module has the table of slots of the other: it tells this plan from others.
    pub(super) slots_name: String,
    /// The functions that go, by their old index.
    pub(super) gone: Vec<u32>,
    /// Those of them that what stays can come to: each leaves a stub, which calls the slot of its place here.
    pub(super) stubs: Vec<u32>,
    /// Functions of the first module that the second calls: by the slots that follow the stubs'.
    pub(super) shared: Vec<u32>,
    /// The first module's functions in their order: those that stay, and stubs.
    pub(super) kept: Vec<u32>,
}

impl Plan {
    /// The plan by which the functions that are `cold` go.
    pub(super) fn new(module: &Anatomy<'_>, cold: &[bool], slots_name: String) -> Self {
        let is_cold = |index: u32| {
            index.checked_sub(module.imported).is_some_and(|place| cold.get(place as usize) == Some(&true))
        };
        let all: Vec<u32> = (0..module.functions.len()).map(|place| module.index(place)).collect();
        let (gone, stay): (Vec<u32>, Vec<u32>) = all.iter().partition(|index| is_cold(**index));
        let called = |from: &[u32]| -> BTreeSet<u32> {
            from.iter()
                .filter_map(|index| module.defined(*index))
                .flat_map(|from| from.calls.clone())
                .collect()
        };
        let doors = called(&stay).into_iter().chain(module.roots.iter().copied());
        let stubs: BTreeSet<u32> = doors.filter(|index| is_cold(*index)).collect();
        let shared = called(&gone).into_iter().filter(|index| !is_cold(*index)).collect();
        let kept = all.into_iter().filter(|index| !is_cold(*index) || stubs.contains(index)).collect();
        Self { slots_name, gone, stubs: stubs.into_iter().collect(), shared, kept }
    }

    /// The slot by which a function is called from the other module.
    pub(super) fn slot(&self, index: u32) -> Option<u32> {
        let stub = self.stubs.binary_search(&index).ok();
        let place = stub.or_else(|| Some(self.stubs.len() + self.shared.binary_search(&index).ok()?));
        place.map(number)
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> u32 {
        number(self.stubs.len() + self.shared.len())
    }
}

/// A count of what a module numbers in 32 bits.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("Invariant: a module counts in 32 bits")
}
