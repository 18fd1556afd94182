//! Which functions a first visit does not run, by name.

use super::anatomy::Anatomy;
use std::collections::{BTreeMap, BTreeSet};

/// What a panic must be told by, with or without a network, and what every function may call: these stay whatever a
/// record says.
const STAY: [&str; 11] = [
    "__externref",
    "__rust",
    "__wbindgen",
    "console_error_panic_hook",
    "dlmalloc",
    "Dlmalloc",
    "panicking",
    "Panic",
    "raw_vec",
    "RawVecInner",
    "rust_",
];
/// A name is listed if so many bytes go with it: a stub takes a quarter of that.
const GAIN: usize = 64;
/// How names begin that hold a crate's digits, which another build has otherwise.
const MANGLED: &str = "_R";

/// Functions by their place among those with a body: `true` for those that are moved out of the module.
///
/// It is those that are listed and those that nothing but a listed one leads to. A function that a list does not know
/// stays, and so does one of which a namesake is needed.
pub(super) fn cold(module: &Anatomy<'_>, listed: &BTreeSet<&str>) -> Vec<bool> {
    let may_go = |function: usize| {
        let function = &module.functions[function];
        listed.contains(function.name.as_str()) && !function.is_bound && !stays(&function.name)
    };
    let bound = (0..module.functions.len()).filter(|function| {
        let function = &module.functions[*function];
        function.is_bound || stays(&function.name)
    });
    let roots = module.roots.iter().filter_map(|root| place(module, *root)).filter(|root| !may_go(*root));
    let stay = led_to(module, &roots.chain(bound).collect::<Vec<_>>(), |called| !may_go(called));
    (0..module.functions.len()).map(|function| !stay.contains(&function)).collect()
}

/// The names to list where the functions in `ran` are those that a first visit has run: of the others, those that what
/// stays leads to, and with which much goes.
pub(super) fn names(module: &Anatomy<'_>, ran: &BTreeSet<usize>) -> BTreeSet<String> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, function) in module.functions.iter().enumerate() {
        by_name.entry(&function.name).or_default().push(place);
    }
    by_name.retain(|name, places| {
        !name.is_empty() && !name.starts_with(MANGLED) && places.iter().all(|place| !ran.contains(place))
    });
    let mut cold = cold(module, &by_name.keys().copied().collect());
    let called =
        (0..cold.len()).filter(|place| !cold[*place]).flat_map(|place| &module.functions[place].calls);
    let doors = called.chain(&module.roots).filter_map(|index| place(module, *index));
    let doors: BTreeSet<usize> = doors.filter(|place| cold[*place]).collect();
    by_name.retain(|_, places| places.iter().any(|place| doors.contains(place)));
    let mut listed: BTreeSet<usize> = by_name.values().flatten().copied().collect();
    // the small ones first: what they lead to may go with a larger one
    let bytes = |place: &usize| module.functions[*place].body.as_bytes().len();
    let mut names: Vec<(&str, Vec<usize>)> = by_name.into_iter().collect();
    names.sort_by_key(|(_, places)| places.iter().map(bytes).sum::<usize>());
    names.retain(|(_, places)| {
        listed.retain(|place| !places.contains(place));
        let with_it = led_to(module, places, |place| cold[place] && !listed.contains(&place));
        let is_worth_it = with_it.iter().map(bytes).sum::<usize>() >= GAIN * places.len();
        if is_worth_it {
            listed.extend(places);
        } else {
            for place in with_it {
                cold[place] = false;
            }
        }
        is_worth_it
    });
    names.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// The functions in `from` and those that they come to among the ones that are `meant`.
fn led_to(module: &Anatomy<'_>, from: &[usize], meant: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let mut led_to: BTreeSet<usize> = from.iter().copied().collect();
    let mut found: Vec<usize> = from.to_owned();
    while let Some(function) = found.pop() {
        for called in module.functions[function].calls.iter().filter_map(|called| place(module, *called)) {
            if meant(called) && led_to.insert(called) {
                found.push(called);
            }
        }
    }
    led_to
}

fn stays(name: &str) -> bool {
    let path = name.trim_start_matches(['<', '&', '*']);
    STAY.iter().any(|stays| path.starts_with(stays))
}

fn place(module: &Anatomy<'_>, index: u32) -> Option<usize> {
    index.checked_sub(module.imported).map(|place| place as usize)
}
