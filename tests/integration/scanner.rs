//! A scan over the stand-in's coins in virtual time: which markets, at which weight, and what is found.

use crate::store::Store;
use crate::virtual_time::{Rest, Run};
use spreadscope_engine::base::codec::{decode, encode};
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::scan::scanner::{Choice, Machine, News, Plan, Progress, ScanCommand, Stage};
use spreadscope_engine::scan::universe::Mark;
use spreadscope_engine::scan::{Report, Spec};
use spreadscope_engine::{Command, Interval, Settings, Symbol, UnixMillis};
use spreadscope_exchange::Tape;
use spreadscope_exchange::tape::coins::PARTNERS;
use spreadscope_exchange::tape::synthetic;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::LazyLock;

pub(crate) const NOW: i64 = synthetic::START_MS;

static TAPE: LazyLock<Tape> = LazyLock::new(|| {
    synthetic::tape(&synthetic::Spec { seed: 3, history_hours: 18, live_hours: 0 }).with_coins()
});

pub(crate) fn rest() -> Rest {
    Box::new(|url: &str| {
        let answer = TAPE.respond(url, NOW);
        Some(answer.map_err(|(code, body)| FetchError::Status { code, body }))
    })
}

pub(crate) fn desk_with(rest: Rest) -> Run {
    let mut run = Run::start_stored(&Settings::default(), NOW, rest, Store::default());
    run.driver.engine.scan_with(Machine::open);
    run.until(UnixMillis(NOW + 2_000));
    run
}

pub(crate) fn plan(choice: Choice) -> Plan {
    Plan { choice, interval: Interval::OneHour, bars: 1_000, with_marked: false, spec: Spec::default() }
}

pub(crate) fn top(count: usize) -> Choice {
    Choice::MostTraded { quote: "USDT".to_owned(), count }
}

pub(crate) fn command(run: &mut Run, command: &ScanCommand) {
    run.command(Command::Scan(encode(command)));
}

fn news(run: &mut Run) -> Vec<News> {
    let told = core::mem::take(&mut run.scan);
    told.iter().flat_map(|bytes| decode::<Vec<News>>(bytes).unwrap()).collect()
}

/// Lets `millis` pass and returns the news of that time.
pub(crate) fn after(run: &mut Run, millis: i64) -> Vec<News> {
    run.until(run.now() + millis);
    news(run)
}

pub(crate) fn report(news: &[News]) -> &Report {
    let mut reports = news
        .iter()
        .filter_map(|news| if let News::Report { report, .. } = news { Some(report) } else { None });
    reports.next_back().expect("a scan ends with a report")
}

fn pairs(report: &Report) -> usize {
    report.tested() + report.untested.len()
}

fn last_progress(news: &[News]) -> &Progress {
    let mut told =
        news.iter().filter_map(|news| if let News::Progress(told) = news { Some(told) } else { None });
    told.next_back().expect("a scan tells how far it is")
}

/// Returns the requests after the desk's own.
fn asked_for_scan(run: &Run) -> Vec<&String> {
    run.urls.iter().filter(|url| url.contains("interval=1h") || url.contains("24hr")).collect()
}

#[test]
fn fifty_markets_are_scanned_within_the_weight_and_the_partners_are_found() {
    let mut run = desk_with(rest());
    command(&mut run, &ScanCommand::Begin { run: 7, plan: plan(top(50)) });
    let told = after(&mut run, 60_000);
    assert!(matches!(&told[0], News::Began { run: 7, .. }), "{:?}", told[0]);
    let chosen = told.iter().find_map(|news| match news {
        News::Chosen { taken, left_out } => Some((taken.len(), left_out.clone())),
        _ => None,
    });
    let (taken, left_out) = chosen.unwrap();
    let left_out: Vec<String> =
        left_out.iter().map(|(symbol, mark)| format!("{symbol}: {}", mark.words())).collect();
    assert_eq!(taken, 50);
    assert_eq!(
        left_out,
        [
            "USDCUSDT: stable coin",
            "FDUSDUSDT: stable coin",
            "WBTCUSDT: wrapped BTC",
            "BTCUPUSDT: leveraged BTC"
        ]
    );
    assert_eq!(asked_for_scan(&run).len(), 51);
    let progress = last_progress(&told);
    assert_eq!((progress.stage, progress.weight), (Stage::Done, 180));
    let report = report(&told);
    assert_eq!(report.tested() + report.untested.len(), 1_225);
    let found: Vec<[&str; 2]> = report
        .pairs
        .iter()
        .filter(|pair| pair.q_by < 0.01)
        .map(|pair| [pair.test.pair.y.as_str(), pair.test.pair.x.as_str()])
        .collect();
    for partners in PARTNERS {
        assert!(found.contains(&partners), "{partners:?} in {found:?}");
    }
    assert!(found.len() <= PARTNERS.len() + 2, "{found:?}");
    let reason = |y: &str, x: &str| {
        let untested = report
            .untested
            .iter()
            .find(|untested| untested.pair.y.as_str() == y && untested.pair.x.as_str() == x);
        untested.map(|untested| untested.reason.as_str()).unwrap_or_default()
    };
    assert_eq!(reason("ADAUSDT", "HALTUSDT"), "HALTUSDT does not vary: all 1000 closes are 3");
    assert_eq!(reason("ADAUSDT", "NEWSUSDT"), "too short: NEWSUSDT has 4 of 60 bars");
    let twins = report
        .pairs
        .iter()
        .find(|pair| pair.test.pair.x.as_str() == "TWINUSDT" && pair.test.pair.y.as_str() == "LINKUSDT");
    assert!(twins.is_some_and(|twins| twins.test.notes[0].starts_with("Near-copies: ")), "{twins:?}");
    assert!(reason("ADAUSDT", "HOLEUSDT").starts_with("gaps: "), "{}", reason("ADAUSDT", "HOLEUSDT"));
    let fees: usize = told.iter().map(|news| if let News::Fees(fees) = news { fees.len() } else { 0 }).sum();
    assert_eq!(fees, report.tested());
}

#[test]
fn a_second_scan_asks_for_what_is_new_alone() {
    let mut run = desk_with(rest());
    command(&mut run, &ScanCommand::Begin { run: 1, plan: plan(top(10)) });
    after(&mut run, 20_000);
    let asked = asked_for_scan(&run).len();
    command(&mut run, &ScanCommand::Begin { run: 2, plan: plan(top(10)) });
    let told = after(&mut run, 20_000);
    // only the 24 h figures: no hour has passed
    assert_eq!((asked, asked_for_scan(&run).len()), (11, 12));
    assert_eq!(pairs(report(&told)), 45);
}

#[test]
fn a_cancelled_scan_asks_and_tests_no_more_until_it_is_resumed() {
    let held = Rc::new(Cell::new(0));
    let (count, known) = (Rc::clone(&held), rest());
    let slow: Rest = Box::new(move |url: &str| {
        // after five coins there are no responses for a while
        if url.contains("interval=1h") {
            count.set(count.get() + 1);
            if (6..=9).contains(&count.get()) {
                return None;
            }
        }
        known(url)
    });
    let mut run = desk_with(slow);
    command(&mut run, &ScanCommand::Begin { run: 1, plan: plan(top(20)) });
    let told = after(&mut run, 5_000);
    assert_eq!((last_progress(&told).stage, held.get()), (Stage::Pricing, 9));
    command(&mut run, &ScanCommand::Cancel);
    let told = after(&mut run, 60_000);
    assert!(last_progress(&told).cancelled);
    assert_eq!(held.get(), 9);
    command(&mut run, &ScanCommand::Resume);
    let told = after(&mut run, 60_000);
    let done = last_progress(&told);
    assert_eq!((done.stage, done.cancelled, report(&told).left), (Stage::Done, false, 0));
    assert_eq!(pairs(report(&told)), 190);
}

#[test]
fn a_coin_that_is_not_traded_is_named_and_the_others_are_scanned() {
    let mut run = desk_with(rest());
    let symbols = ["ADAUSDT", "DOTUSDT", "NOSUCHUSDT"].map(|name| Symbol::new(name).unwrap());
    // the spread of the partners halves in five minutes
    let plan = Plan { interval: Interval::OneMinute, ..plan(Choice::These(symbols.to_vec())) };
    command(&mut run, &ScanCommand::Begin { run: 1, plan });
    let told = after(&mut run, 10_000);
    let refused = News::Refused(symbols[2].clone(), "not listed at this source".to_owned());
    assert!(!run.urls.iter().any(|url| url.contains("NOSUCHUSDT")));
    assert!(told.contains(&refused), "{told:?}");
    assert_eq!(report(&told).tested(), 1);
    let pair = report(&told).pairs[0].test.pair.clone();
    command(&mut run, &ScanCommand::Resample(vec![pair.clone()]));
    let told = after(&mut run, 1_000);
    let interval = told.iter().find_map(|news| match news {
        News::HalfLife(of, Ok(interval)) if *of == pair => Some(*interval),
        _ => None,
    });
    assert!(interval.unwrap().low > 1.0, "{told:?}");
}

/// The box that includes marked coins had no effect on a list.
#[test]
fn marked_coins_of_a_list_are_left_out_and_named_unless_they_are_wanted() {
    let mut run = desk_with(rest());
    let scan = |run: &mut Run, names: &[&str], with_marked: bool| {
        let symbols = names.iter().map(|name| Symbol::new(name).unwrap()).collect();
        let plan = Plan { with_marked, ..plan(Choice::These(symbols)) };
        command(run, &ScanCommand::Begin { run: 1, plan });
        let told = after(run, 10_000);
        let chosen = told.iter().find_map(|news| match news {
            News::Chosen { taken, left_out } => Some((taken.len(), left_out.clone())),
            _ => None,
        });
        (chosen.unwrap(), told)
    };
    let names = ["ADAUSDT", "USDCUSDT", "BTCUSDT", "WBTCUSDT"];
    let left_out = [("USDCUSDT", "stable coin"), ("WBTCUSDT", "wrapped BTC")];
    let words = |left_out: &[(Symbol, Mark)]| -> Vec<(String, String)> {
        left_out.iter().map(|(symbol, mark)| (symbol.to_string(), mark.words())).collect()
    };
    let expected = left_out.map(|(symbol, mark)| (symbol.to_owned(), mark.to_owned()));
    // as their names arrive, and when they are known
    for _ in 0..2 {
        let ((taken, left_out), told) = scan(&mut run, &names, false);
        assert_eq!((taken, words(&left_out)), (2, expected.to_vec()));
        assert_eq!(pairs(report(&told)), 1);
    }
    let ((taken, left_out), told) = scan(&mut run, &names, true);
    assert_eq!((taken, left_out, pairs(report(&told))), (4, Vec::new(), 6));
    let ((taken, left_out), told) = scan(&mut run, &names[1..], false);
    assert_eq!((taken, words(&left_out)), (1, expected.to_vec()));
    let failed =
        told.iter().find_map(|news| if let News::Failed(why) = news { Some(why.as_str()) } else { None });
    let why = "A scan needs two markets, and 1 of these takes part. Left out: USDCUSDT (stable coin), WBTCUSDT (wrapped BTC).";
    assert_eq!(failed, Some(why));
    assert_eq!(last_progress(&told).stage, Stage::Done);
}

/// To a browser, the refusal of a market that does not exist looks like a ban; what others are answered shows that
/// it is none.
#[test]
fn unknown_coins_hold_up_neither_this_scan_nor_the_next_one() {
    let known = rest();
    let hiding: Rest = Box::new(move |url: &str| {
        if url.contains("exchangeInfo") {
            return Some(Err(FetchError::Unreached));
        }
        known(url).map(|answer| answer.map_err(|_hidden| FetchError::Hidden))
    });
    let mut run = desk_with(hiding);
    let list =
        |names: &[&str]| plan(Choice::These(names.iter().map(|name| Symbol::new(name).unwrap()).collect()));
    let lists = [&["ADAUSDT", "DOTUSDT", "NOPEUSDT", "NOPXUSDT"][..], &["ADAUSDT", "LINKUSDT", "XRPUSDT"]];
    command(&mut run, &ScanCommand::Begin { run: 1, plan: list(lists[0]) });
    let told = after(&mut run, 10_000);
    assert_eq!((last_progress(&told).stage, report(&told).tested()), (Stage::Done, 1));
    command(&mut run, &ScanCommand::Begin { run: 2, plan: list(lists[1]) });
    let told = after(&mut run, 10_000);
    assert_eq!((last_progress(&told).stage, report(&told).tested()), (Stage::Done, 3));
}

#[test]
fn a_scan_that_cannot_be_says_why() {
    let mut run = desk_with(rest());
    let failed = |run: &mut Run, choice: Choice| {
        command(run, &ScanCommand::Begin { run: 1, plan: plan(choice) });
        let told = after(run, 10_000);
        told.into_iter().find_map(|news| if let News::Failed(why) = news { Some(why) } else { None }).unwrap()
    };
    assert_eq!(failed(&mut run, Choice::Imported), "No market has been imported yet: import a file first.");
    assert_eq!(failed(&mut run, Choice::Stored), "No 1h bars of this source are stored.");
    let none = Choice::MostTraded { quote: "EUR".to_owned(), count: 10 };
    assert_eq!(failed(&mut run, none), "A scan needs two markets: 0 priced in EUR was traded here.");
    let one = Choice::These(vec![Symbol::new("ADAUSDT").unwrap()]);
    assert_eq!(failed(&mut run, one), "A scan needs two markets with prices, and only one of these has any.");
}

#[test]
fn the_minutes_weight_is_waited_for() {
    let mut run = desk_with(rest());
    let url = run.urls.iter().find(|url| url.contains("/api/v3/")).unwrap().clone();
    let spent = spreadscope_engine::connection::Spent { url, weight: 1_150, time: run.now() };
    run.driver.input(run.now(), spreadscope_engine::Input::WeightSpent(spent));
    command(&mut run, &ScanCommand::Begin { run: 1, plan: plan(top(10)) });
    let told = after(&mut run, 5_000);
    let waits = last_progress(&told).waits.clone();
    assert_eq!(waits.as_deref(), Some("this minute's request weight is spent"));
    let told = after(&mut run, 70_000);
    assert_eq!(pairs(report(&told)), 45);
}

/// The desk's own 1 m bars are stored, and are all that an offline scan needs.
#[test]
fn what_is_stored_is_scanned_without_the_exchange() {
    let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
    let mut store = Store::default();
    for pair in [("BTCUSDT", "ETHUSDT"), ("SOLUSDT", "ETHUSDT")] {
        let pair =
            spreadscope_engine::Pair { y: Symbol::new(pair.0).unwrap(), x: Symbol::new(pair.1).unwrap() };
        let mut run = Run::start_stored(&Settings { pair, ..settings.clone() }, NOW, rest(), store);
        run.until(UnixMillis(NOW + 8_000));
        run.command(Command::Flush);
        run.until(UnixMillis(NOW + 9_000));
        store = run.store;
    }
    let offline: Rest = Box::new(|_: &str| Some(Err(FetchError::Unreached)));
    let mut run = Run::start_stored(&settings, NOW + 10_000, offline, store);
    run.driver.engine.scan_with(Machine::open);
    run.until(UnixMillis(NOW + 12_000));
    let stored = Plan { interval: Interval::OneMinute, bars: 500, ..plan(Choice::Stored) };
    command(&mut run, &ScanCommand::Begin { run: 1, plan: stored });
    let told = after(&mut run, 10_000);
    let report = report(&told);
    assert_eq!((report.tested(), last_progress(&told).weight), (3, 0), "{told:?}");
    let best = report.pairs.iter().min_by(|a, b| a.q_bh.total_cmp(&b.q_bh)).unwrap();
    assert_eq!((best.test.pair.y.as_str(), best.test.pair.x.as_str()), ("BTCUSDT", "ETHUSDT"));
}
