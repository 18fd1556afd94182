//! The leading tab dies and a follower takes over: alerts continue as if nothing had happened.

use spreadscope_engine::UnixMillis;
use spreadscope_simulation::{Fault, Plan, START_MS, play};
use std::collections::BTreeSet;

/// Seconds after the start at which the tab dies.
const DEATHS: [i64; 6] = [80, 120, 160, 200, 240, 280];

/// Returns the alerts in the market of `seed`, from the second minute on, if the tab dies of `fault` six times.
fn alerts(seed: u64, fault: Option<Fault>) -> BTreeSet<(UnixMillis, String)> {
    let deaths = DEATHS.iter().filter_map(|&secs| Some((secs, fault?)));
    let quiet = Plan::quiet(seed, 400);
    let plan = deaths.fold(quiet, |plan, (secs, fault)| plan.with(fault, secs, secs + 1));
    // the world itself refuses duplicate alerts
    let played = play(plan).unwrap_or_else(|failure| panic!("{failure}"));
    let late = UnixMillis(START_MS + 60_000);
    played.alerts.into_iter().filter(|(time, _)| *time >= late).collect()
}

#[test]
fn what_crosses_while_another_tab_takes_over_is_told_and_told_once() {
    let mut unannounced = 0;
    for seed in 1..10 {
        let undisturbed = alerts(seed, None);
        assert_eq!(alerts(seed, Some(Fault::TakeOver)), undisturbed, "seed {seed}");
        // a reopened tab does not know that others were watching meanwhile
        unannounced += undisturbed.difference(&alerts(seed, Some(Fault::Crash))).count();
    }
    assert!(unannounced > 2, "{unannounced} crossings fell into the moments that matter");
}

#[test]
fn what_crosses_is_told_however_late_the_one_that_takes_over_finds_the_exchange() {
    let mut in_the_outage = 0;
    for seed in 1..12 {
        let late = UnixMillis(START_MS + 60_000);
        let plan = Plan::quiet(seed, 400).with(Fault::TakeOver, 120, 121).with(Fault::Outage, 120, 146);
        let played = play(plan).unwrap_or_else(|failure| panic!("{failure}"));
        let told: BTreeSet<_> = played.alerts.into_iter().filter(|(time, _)| *time >= late).collect();
        let undisturbed = alerts(seed, None);
        assert_eq!(told, undisturbed, "seed {seed}");
        let within = |time: UnixMillis| (120_000..146_000).contains(&time.since(UnixMillis(START_MS)));
        in_the_outage += undisturbed.iter().filter(|(time, _)| within(*time)).count();
    }
    assert!(in_the_outage > 2, "{in_the_outage} crossings fell into the moments that matter");
}
