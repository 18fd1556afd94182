//! Prices at any time, without a size: trades of which the quantity is not told.

use super::plan::{Form, Kind, Plan, Role};
use super::times::Moment;

/// Rows by which they are judged.
const FEWEST: usize = 5;
/// Distances of rows of bars are of fewer kinds than this, holes included.
const KINDS: usize = 4;

/// The plan of prices that come at any millisecond; `None` where rows may be bars.
pub(super) fn plan(plan: &Plan, moments: &[Moment], step_millis: Option<i64>) -> Option<Plan> {
    let columns = plan.form.columns().filter(|_| plan.kind == Kind::Bars && plan.markets.is_empty())?;
    let is_alone = |role: &Role| *role == Role::Close || !role.is_number();
    let has_close = columns.contains(&Some(Role::Close)) && columns.iter().flatten().all(is_alone);
    let is_short = step_millis.is_some_and(|step| step < 1_000);
    if !has_close || !is_short || !come_at_any_time(moments) {
        return None;
    }
    let of_trade = |role: Option<Role>| match role {
        Some(Role::Close) => Some(Role::Price),
        other => other.filter(|role| Kind::Trades.roles().contains(role)),
    };
    let columns = columns.iter().copied().map(of_trade).collect();
    let form: Form = plan.form.clone().with_columns(columns);
    Some(Plan { form, kind: Kind::Trades, step_millis: None, ..plan.clone() })
}

fn come_at_any_time(moments: &[Moment]) -> bool {
    let mut times: Vec<i64> = moments.iter().map(|moment| moment.micros.div_euclid(1_000)).collect();
    times.sort_unstable();
    times.dedup();
    let mut distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    distances.sort_unstable();
    distances.dedup();
    // of bars some two follow each other, and all are multiples of their length apart
    let Some(least) = distances.first().filter(|_| times.len() >= FEWEST) else { return false };
    distances.len() >= KINDS || distances.iter().any(|distance| distance % least != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_at_few_distances_may_be_bars() {
        let at = |millis: &[i64]| {
            come_at_any_time(
                &millis.iter().map(|millis| Moment::floating(millis * 1_000)).collect::<Vec<_>>(),
            )
        };
        assert!(at(&[0, 431, 500, 1_802, 1_999, 4_007]));
        assert!(!at(&[0, 730, 1_460, 2_190, 3_650, 4_380]));
        assert!(at(&[0, 501, 1_002, 1_500, 2_001, 2_502]));
        assert!(!at(&[0, 431, 500]));
    }
}
