//! Rows that are further apart than their bars are long: told before the import.

use super::plan::length_words;

/// Equal distances behind each other by which rows are of longer bars.
const RUN: usize = 10;

/// Rows behind each other with the same distance, which is greater than their bars are long.
#[derive(Debug)]
pub(super) struct Run {
    rows: usize,
    distance: i64,
}

/// The longest run of such rows among bars of `step` milliseconds that open at `times`, earliest first; `None` where
/// there is no long one.
pub(super) fn run(times: &[i64], step: i64) -> Option<Run> {
    let distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let runs = distances.chunk_by(|one, next| one == next);
    let longest = runs.filter(|run| run.len() >= RUN && run[0] > step).max_by_key(|run| run.len())?;
    Some(Run { rows: longest.len() + 1, distance: longest[0] })
}

impl Run {
    /// What should be known of them; `of`: what they are rows of.
    pub(super) fn words(&self, of: &str, step: i64) -> String {
        let Self { rows, distance } = self;
        format!(
            "{rows} of {of} are {} apart: each is kept as a bar of {}, and nothing is known of the time between them.",
            length_words(*distance),
            length_words(step)
        )
    }
}

/// What should be known of bars of `step` milliseconds that open at `times`, earliest first.
pub(super) fn sentence(times: &[i64], step: i64) -> Option<String> {
    if let Some(found) = run(times, step) {
        return Some(found.words("its first rows", step));
    }
    let length = length_words(step);
    let distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let far = distances.iter().filter(|distance| **distance > step).count();
    (distances.len() >= RUN && far * 5 >= distances.len() * 4).then(|| {
        format!(
            "{far} of its first {} rows are further than {length} from the one before: nothing is known of the time \
             between them.",
            times.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_far_apart_are_counted() {
        let said = |times: &[i64]| sentence(times, 1_000).unwrap_or_default();
        let every = |millis: i64| (0..12).map(|at| at * millis).collect::<Vec<_>>();
        assert_eq!(said(&every(1_000)), "");
        assert!(
            said(&every(5_000))
                .starts_with("12 of its first rows are 5 s apart: each is kept as a bar of 1 s")
        );
        let uneven: Vec<i64> = (0..12).map(|at| at * at * 1_000).collect();
        assert!(
            said(&uneven).starts_with("10 of its first 12 rows are further than 1 s from the one before")
        );
        assert_eq!(said(&uneven[..5]), "");
    }
}
