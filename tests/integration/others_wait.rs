//! The watchlist and a scan wait for the desk's own bars by one rule.

use crate::scanner::{NOW, command, desk_with, plan, rest, top};
use crate::virtual_time::{Rest, Run};
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::scan::scanner::ScanCommand;
use spreadscope_engine::{Command, Pair, Symbol, UnixMillis};
use std::cell::Cell;
use std::rc::Rc;

/// The length of the desk's own bars in requests; the watchlist's are minutes, the scan's are hours.
const OWN: &str = "interval=1s";

/// Returns a desk that has been asked to watch a pair and to scan.
fn busy_desk(rest: Rest) -> Run {
    let mut run = desk_with(rest);
    let [y, x] = ["ADAUSDT", "DOTUSDT"].map(|name| Symbol::new(name).unwrap());
    run.command(Command::Watch(vec![Pair { y, x }]));
    command(&mut run, &ScanCommand::Begin { run: 1, plan: plan(top(10)) });
    run.until(UnixMillis(NOW + 10_000));
    run
}

/// Returns whether the watchlist and the scan have sent a request.
fn have_sent(run: &Run) -> [bool; 2] {
    let sent = |part: &str| run.urls.iter().any(|url| url.contains(part));
    [sent("symbol=ADAUSDT&interval=1m"), sent("ticker/24hr")]
}

#[test]
fn both_begin_when_the_desk_has_its_bars() {
    let may_answer = Rc::new(Cell::new(false));
    let (known, answers) = (rest(), Rc::clone(&may_answer));
    let mut run = busy_desk(Box::new(move |url| {
        if url.contains(OWN) && !answers.get() { Some(Err(FetchError::TimedOut)) } else { known(url) }
    }));
    assert_eq!(have_sent(&run), [false; 2]);
    may_answer.set(true);
    run.until(UnixMillis(NOW + 90_000));
    assert_eq!(have_sent(&run), [true; 2]);
}

/// Whoever looks at a pair that the source does not have looks for another one.
#[test]
fn a_desk_whose_pair_is_refused_holds_up_neither() {
    let known = rest();
    let run = busy_desk(Box::new(move |url| {
        if url.contains(OWN) {
            let body = r#"{"code":-1121,"msg":"Invalid symbol."}"#.to_owned();
            return Some(Err(FetchError::Status { code: 400, body }));
        }
        known(url)
    }));
    assert_eq!(have_sent(&run), [true; 2]);
}

#[test]
fn a_ban_of_the_desk_is_one_of_both() {
    let known = rest();
    let run = busy_desk(Box::new(move |url| {
        if url.contains(OWN) {
            return Some(Err(FetchError::Status { code: 418, body: String::new() }));
        }
        known(url)
    }));
    assert_eq!(have_sent(&run), [false; 2]);
}
