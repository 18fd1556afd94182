//! Several tabs in one browser, seed by seed: frozen, killed, given files, and of two versions.

use spreadscope_simulation::tabs::{Flaw, TabsReport, play};

const SEEDS: u64 = 150;

#[test]
fn one_tab_leads_and_all_others_show_what_it_tells_whatever_becomes_of_them() {
    let mut sum = TabsReport::default();
    for seed in 0..SEEDS {
        let TabsReport { opened, killed, takeovers, deposed, outdated, files } =
            play(seed, Flaw::None).unwrap_or_else(|reason| panic!("{reason}"));
        sum.opened += opened;
        sum.killed += killed;
        sum.takeovers += takeovers;
        sum.deposed += deposed;
        sum.outdated += outdated;
        sum.files += files;
    }
    // every kind of trouble has occurred
    assert!(sum.opened > 400 && sum.killed > 100 && sum.takeovers > 100, "{sum:?}");
    assert!(sum.deposed > 50 && sum.outdated > 50 && sum.files > 50, "{sum:?}");
}

#[test]
fn a_browser_that_keeps_silent_about_locks_or_versions_is_found_out() {
    let found = |flaw| (0..SEEDS).find_map(|seed| play(seed, flaw).err());
    let theft = found(Flaw::TheftInSilence).unwrap_or_default();
    assert!(theft.contains("side by side"), "{theft}");
    let versions = found(Flaw::VersionsInSilence).unwrap_or_default();
    assert!(versions.contains("side by side") || versions.contains("stepped down"), "{versions}");
}
