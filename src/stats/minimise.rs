//! Minimises a function of two variables, without derivatives and deterministically.

/// The simplex has converged below this edge length.
const SMALLEST_EDGE: f64 = 1e-7;
const MOST_STEPS: usize = 500;
const MOST_DESCENTS: usize = 8;
/// A descent that gains less than this share is the last one.
const SMALLEST_GAIN: f64 = 1e-12;

/// A point and the function's value there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lowest {
    pub(crate) at: [f64; 2],
    pub(crate) value: f64,
}

/// Searches a grid of `steps` by `steps` points over the square `range`, then descends from the best of them,
/// repeatedly from the last result until nothing more is gained.
///
/// NaN counts as high. The point found lies in the square.
///
/// # Source
/// Nelder, Mead (1965), with the usual coefficients 1, 2, 1/2, 1/2.
pub(crate) fn minimise(range: (f64, f64), steps: u32, mut function: impl FnMut([f64; 2]) -> f64) -> Lowest {
    let (from, to) = range;
    let mut probe = |at: [f64; 2]| {
        let at = at.map(|place| place.clamp(from, to));
        let value = function(at);
        Lowest { at, value: if value.is_nan() { f64::INFINITY } else { value } }
    };
    let step = (to - from) / f64::from(steps - 1);
    let place = |number: u32| from + step * f64::from(number);
    let mut best = probe([from, from]);
    for row in 0..steps {
        for column in 0..steps {
            let here = probe([place(row), place(column)]);
            if here.value < best.value {
                best = here;
            }
        }
    }
    // the descent may end with its corners in a row, for instance along an edge, so it starts again from there
    let mut reach = 0.5 * step;
    for _ in 0..MOST_DESCENTS {
        let edge = |place: f64| if place + reach > to { place - reach } else { place + reach };
        let [first, second] = best.at;
        let corners = [best, probe([edge(first), second]), probe([first, edge(second)])];
        let found = descend(corners, &mut probe);
        let gained = best.value - found.value;
        best = found;
        if gained.is_nan() || gained <= SMALLEST_GAIN * best.value.abs() {
            break;
        }
        reach *= 0.5;
    }
    best
}

fn descend(mut corners: [Lowest; 3], probe: &mut impl FnMut([f64; 2]) -> Lowest) -> Lowest {
    for _ in 0..MOST_STEPS {
        order(&mut corners);
        let [best, middle, worst] = corners;
        let apart = |a: Lowest, b: Lowest| (a.at[0] - b.at[0]).abs().max((a.at[1] - b.at[1]).abs());
        if apart(best, middle).max(apart(best, worst)) < SMALLEST_EDGE {
            break;
        }
        let along = |weight: f64| {
            [0, 1].map(|axis| {
                let centre = 0.5 * (best.at[axis] + middle.at[axis]);
                centre + weight * (worst.at[axis] - centre)
            })
        };
        let reflected = probe(along(-1.0));
        let next = if reflected.value < best.value {
            let expanded = probe(along(-2.0));
            if expanded.value < reflected.value { expanded } else { reflected }
        } else if reflected.value < middle.value {
            reflected
        } else {
            let outside = reflected.value < worst.value;
            let contracted = probe(along(if outside { -0.5 } else { 0.5 }));
            if contracted.value < reflected.value.min(worst.value) {
                contracted
            } else {
                let halved = |corner: Lowest| [0, 1].map(|axis| 0.5 * (best.at[axis] + corner.at[axis]));
                corners[1] = probe(halved(middle));
                corners[2] = probe(halved(worst));
                continue;
            }
        };
        corners[2] = next;
    }
    corners.into_iter().min_by(|a, b| a.value.total_cmp(&b.value)).expect("Invariant: three corners")
}

/// Sorts by value, lowest first; stable. The library's sort would add more code than this whole module.
fn order(corners: &mut [Lowest; 3]) {
    for (lower, upper) in [(0, 1), (1, 2), (0, 1)] {
        if corners[upper].value.total_cmp(&corners[lower].value).is_lt() {
            corners.swap(lower, upper);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_valley_is_walked_to_its_end() {
        let valley = |[x, y]: [f64; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
        let lowest = minimise((-4.0, 4.0), 9, valley);
        assert!((lowest.at[0] - 1.0).abs() < 1e-5 && (lowest.at[1] - 1.0).abs() < 1e-5, "{lowest:?}");
    }

    #[test]
    fn a_lowest_place_on_the_edge_or_beside_no_numbers_is_found() {
        let edge = minimise((0.0, 1.0), 3, |[x, y]| x - y);
        assert!(edge.at[0] < 1e-5 && edge.at[1] > 1.0 - 1e-5, "{edge:?}");
        let holes =
            minimise((0.0, 1.0), 5, |[x, y]| if x < 0.3 { f64::NAN } else { (x - 0.6).powi(2) + y * y });
        assert!((holes.at[0] - 0.6).abs() < 1e-5, "{holes:?}");
        assert_eq!(minimise((0.0, 1.0), 3, |_| f64::NAN).value, f64::INFINITY);
    }
}
