//! Repeated scans: which pairs come and go, who is notified, and what the next visit knows of it.

use crate::scanner::{NOW, after, command, desk_with, plan, report, rest, top};
use crate::virtual_time::Run;
use spreadscope_engine::alert::presets::Preset;
use spreadscope_engine::alert::{Direction, Quantity, RuleId};
use spreadscope_engine::scan::filter::Filter;
use spreadscope_engine::scan::scanner::{Machine, News, ScanCommand, Standing};
use spreadscope_engine::scan::survival::{Changes, Survived};
use spreadscope_engine::{Command, Settings, UnixMillis};

const MINUTE: i64 = 60_000;

/// Scans every `every_minutes` minutes; pairs survive with a q up to `most_q`.
fn stand(run: &mut Run, every_minutes: u32, most_q: f64) {
    let survivors = Filter { most_q: Some(most_q), ..Filter::default() };
    command(run, &ScanCommand::Stand(Standing { every_minutes, survivors }));
}

fn runs(told: &[News]) -> Vec<u64> {
    told.iter()
        .filter_map(|news| if let News::Began { run, .. } = news { Some(*run) } else { None })
        .collect()
}

fn changes(told: &[News]) -> Option<&Changes> {
    told.iter().rev().find_map(|news| if let News::Changed(changes) = news { Some(changes) } else { None })
}

/// Returns the most frequent survival of the report's pairs, with the number of scans that tested it.
fn most_survived(told: &[News]) -> Survived {
    let counts = told.iter().rev().find_map(|news| match news {
        News::Survived(counts) => Some(counts),
        _ => None,
    });
    *counts.unwrap().iter().max_by_key(|count| count.survived).unwrap()
}

#[test]
fn the_same_is_scanned_again_and_an_alert_names_the_pairs_that_come_and_go() {
    let mut run = desk_with(rest());
    run.command(Command::SetRules(vec![
        Preset::PairEnters.rule(RuleId(1), 2.0),
        Preset::PairLeaves.rule(RuleId(2), 2.0),
    ]));
    stand(&mut run, 5, 0.05);
    command(&mut run, &ScanCommand::Begin { run: 7, plan: plan(top(20)) });
    let told = after(&mut run, MINUTE);
    let survivors = report(&told).pairs.iter().filter(|pair| pair.q_bh <= 0.05).count();
    assert!(survivors > 0 && changes(&told).is_none() && runs(&told) == [7]);
    assert_eq!(most_survived(&told), Survived { survived: 1, tested: 1 });
    let of_scans = |run: &Run| {
        let alerts = run.alerts.iter().filter(|alert| alert.quantity.is_of_scans());
        alerts.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_scans(&run), [], "the first scan has none before it");
    // from now on not even a q of 0.05 is enough
    stand(&mut run, 5, 0.0);
    assert!(runs(&after(&mut run, 3 * MINUTE)).is_empty(), "the five minutes are not over");
    let told = after(&mut run, 2 * MINUTE);
    assert_eq!((runs(&told).len(), changes(&told).unwrap().left.len()), (1, survivors));
    assert_eq!(most_survived(&told), Survived { survived: 1, tested: 2 });
    let [gone] = &of_scans(&run)[..] else { panic!("{:?}", of_scans(&run)) };
    assert_eq!((gone.quantity, gone.direction), (Quantity::ScanLeft, Direction::Above));
    assert_eq!(gone.value, Some(survivors as f64));
    let first = &changes(&told).unwrap().left[0];
    assert!(
        gone.name.starts_with(&format!("A pair leaves the scan: {}/{}", first.y, first.x)),
        "{}",
        gone.name
    );
    stand(&mut run, 5, 0.05);
    after(&mut run, 5 * MINUTE);
    assert_eq!(of_scans(&run).last().unwrap().quantity, Quantity::ScanEntered);
    // a scan without changes raises no alert, and the next one with changes does again
    after(&mut run, 5 * MINUTE);
    assert_eq!(of_scans(&run).len(), 2);
    stand(&mut run, 5, 0.0);
    after(&mut run, 5 * MINUTE);
    stand(&mut run, 0, 0.0);
    let told = after(&mut run, 20 * MINUTE);
    assert_eq!((of_scans(&run).len(), runs(&told).len()), (3, 0));
}

#[test]
fn the_next_visit_knows_how_often_a_pair_has_survived() {
    let mut run = desk_with(rest());
    stand(&mut run, 0, 0.05);
    for number in 1..=2 {
        command(&mut run, &ScanCommand::Begin { run: number, plan: plan(top(10)) });
        after(&mut run, MINUTE);
    }
    run.command(Command::Flush);
    let mut run = Run::start_stored(&Settings::default(), NOW + 10 * MINUTE, rest(), run.store.clone());
    run.driver.engine.scan_with(Machine::open);
    run.until(UnixMillis(NOW + 11 * MINUTE));
    stand(&mut run, 0, 0.05);
    // other bars make another kind of scan
    let other = spreadscope_engine::scan::scanner::Plan { bars: 500, ..plan(top(10)) };
    command(&mut run, &ScanCommand::Begin { run: 3, plan: other });
    let told = after(&mut run, MINUTE);
    assert_eq!(most_survived(&told).tested, 1);
    command(&mut run, &ScanCommand::Begin { run: 4, plan: plan(top(10)) });
    let told = after(&mut run, MINUTE);
    assert_eq!(most_survived(&told), Survived { survived: 3, tested: 3 });
    assert_eq!(changes(&told), Some(&Changes::default()), "the scan before is that of the visit before");
}

#[test]
fn the_next_visit_goes_on_with_the_scan_that_is_repeated_until_it_is_not() {
    let mut run = desk_with(rest());
    stand(&mut run, 5, 0.05);
    command(&mut run, &ScanCommand::Begin { run: 7, plan: plan(top(10)) });
    after(&mut run, MINUTE);
    let visit = |run: &mut Run, at: i64| {
        run.command(Command::Flush);
        let mut next = Run::start_stored(&Settings::default(), at, rest(), run.store.clone());
        next.driver.engine.scan_with(Machine::open);
        next.command(Command::Scan(Vec::new()));
        next
    };
    let mut run = visit(&mut run, NOW + 3 * MINUTE);
    assert!(runs(&after(&mut run, MINUTE)).is_empty(), "the five minutes are not over");
    command(&mut run, &ScanCommand::Tell);
    let told = after(&mut run, 1_000);
    let standing =
        told.iter().find_map(|news| if let News::Stands(known) = news { Some(known) } else { None });
    assert_eq!(
        standing.map(|standing| (standing.every_minutes, standing.survivors.most_q)),
        Some((5, Some(0.05)))
    );
    let told = after(&mut run, 2 * MINUTE);
    assert_eq!((runs(&told).len(), report(&told).tested() > 0), (1, true));
    assert_eq!(changes(&told), Some(&Changes::default()), "the scan before is that of the visit before");
    // an overdue scan begins at once, and none once repetition is off
    let mut run = visit(&mut run, NOW + 60 * MINUTE);
    assert_eq!(runs(&after(&mut run, MINUTE)).len(), 1);
    stand(&mut run, 0, 0.05);
    after(&mut run, 1_000);
    let mut run = visit(&mut run, NOW + 120 * MINUTE);
    assert!(runs(&after(&mut run, 10 * MINUTE)).is_empty());
}
