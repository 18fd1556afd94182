//! Rows that are further apart than their bars are long: told before the import.

use super::plan::length_words;

/// Equal distances behind each other by which rows are of longer bars.
const RUN: usize = 10;

/// What should be known of bars of `step` milliseconds that open at `times`, earliest first.
pub(super) fn sentence(times: &[i64], step: i64) -> Option<String> {
    let distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let length = length_words(step);
    let runs = distances.chunk_by(|one, next| one == next);
    if let Some(run) = runs.filter(|run| run.len() >= RUN && run[0] > step).max_by_key(|run| run.len()) {
        return Some(format!(
            "{} of its first rows are {} apart: each is kept as a bar of {length}, and nothing is known of the time \
             between them.",
            run.len() + 1,
            length_words(run[0])
        ));
    }
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
