//! Failures that the browser hides, counted and waited for.

use super::tests::{NOW, at, body, hidden, hidden_twice, plan};
use super::*;

fn after(millis: i64) -> Moment {
    Moment { local: NOW + millis, exchange: None }
}

/// The whole minutes of the pause at `millis` after [`NOW`].
fn minutes(history: &History, millis: i64) -> Option<i64> {
    history.refusal(NOW + millis).map(|(refusal, _, left)| {
        assert_eq!(refusal, Refusal::Hidden);
        left / 60_000
    })
}

#[test]
fn two_hidden_failures_of_other_requests_have_the_history_wait_too() {
    let (mut history, mut market) = plan();
    let heed = |history: &mut History, millis| history.heed(after(millis), &FetchError::Hidden);
    heed(&mut history, 0);
    history.reached();
    for millis in [10_000, 11_000] {
        heed(&mut history, millis);
        assert_eq!(minutes(&history, millis), None, "a request sent to each host in turn");
    }
    heed(&mut history, 20_000);
    assert_eq!(minutes(&history, 20_000), Some(1));
    assert_eq!(history.next_request(after(20_000), Leg::Y, &mut market), None);
    // what was sent before the pause neither lengthens it nor counts
    let until = history.wait(NOW + 20_000).map(|(_, left)| 20_000 + left);
    for millis in [30_000, 40_000, 50_000] {
        heed(&mut history, millis);
        assert_eq!(history.wait(NOW + millis).map(|(_, left)| millis + left), until);
    }
    heed(&mut history, 100_000);
    assert_eq!(minutes(&history, 100_000), Some(2));
}

#[test]
fn the_first_hidden_failure_is_no_ban_yet_where_there_is_one_host_and_the_second_is() {
    let mut history = History::new(vec!["https://only".to_owned()], 1_200, 1);
    let mut market = plan().1;
    history.next_request(at(None), Leg::Y, &mut market).unwrap();
    history.take_response(at(None), Leg::Y, &mut market, hidden());
    assert_eq!((minutes(&history, 0), history.wait(NOW).map(|(_, left)| left)), (None, Some(2_000)));
    history.next_request(after(2_000), Leg::Y, &mut market).unwrap();
    history.take_response(after(2_100), Leg::Y, &mut market, hidden());
    assert_eq!(minutes(&history, 2_100), Some(1));
}

#[test]
fn both_legs_requests_sent_at_once_fail_as_one_and_the_next_goes_to_the_other_host() {
    let (mut history, mut y) = plan();
    let mut x = plan().1;
    history.next_request(at(None), Leg::Y, &mut y).unwrap();
    history.next_request(at(None), Leg::X, &mut x).unwrap();
    history.take_response(after(100), Leg::Y, &mut y, hidden());
    history.take_response(after(200), Leg::X, &mut x, hidden());
    assert_eq!(minutes(&history, 200), None);
    let next = history.next_request(after(5_000), Leg::Y, &mut y).unwrap();
    assert!(next.url.starts_with("https://b"), "{}", next.url);
    history.take_response(after(5_100), Leg::Y, &mut y, hidden());
    assert_eq!(minutes(&history, 5_100), Some(1));
}

#[test]
fn another_pair_waits_out_a_hidden_ban_and_does_not_try_again_what_has_failed() {
    let (mut history, mut market) = hidden_twice();
    history.reconnected(NOW + 10_000);
    history.next_request(after(10_000), Leg::Y, &mut market).unwrap();
    history.take_response(after(11_000), Leg::Y, &mut market, hidden());
    assert_eq!(minutes(&history, 11_000), Some(2));
    let mut next = history.followed(9);
    // its socket is a new one
    next.reconnected(NOW + 12_000);
    assert_eq!(next.next_request(after(12_000), Leg::Y, &mut market), None);
    assert_eq!(next.next_request(after(136_000), Leg::Y, &mut market), None);
    assert!(next.next_request(after(138_000), Leg::Y, &mut market).is_some());
    next.take_response(after(139_000), Leg::Y, &mut market, hidden());
    assert_eq!(minutes(&next, 139_000), Some(4));
}

#[test]
fn a_clock_set_ahead_ends_no_pause_for_what_the_browser_hides() {
    let (mut history, mut market) = hidden_twice();
    let left = history.wait(NOW + 10_000).map(|(_, left)| left);
    let leap = 3 * 3_600_000;
    history.hold(NOW + 10_000 + leap, leap);
    assert_eq!(history.wait(NOW + 10_000 + leap).map(|(_, left)| left), left);
    assert_eq!(history.next_request(after(11_000 + leap), Leg::Y, &mut market), None);
}

#[test]
fn a_pause_that_is_over_does_not_stand_where_nothing_is_left_to_request() {
    let (mut history, mut market) = plan();
    market.tracks[0].fetched = market.tracks[0].wanted;
    for millis in [0, 10_000] {
        history.heed(after(millis), &FetchError::Hidden);
    }
    let wait = history.others_wait(NOW + 11_000, &[market.clone(), market.clone()]);
    assert!(wait.is_some_and(|reason| reason.contains("this address may be banned")));
    assert_eq!(history.next_request(after(80_000), Leg::Y, &mut market), None);
    assert_eq!(history.refusal(NOW + 80_000), None);
    assert_eq!(history.others_wait(NOW + 80_000, &[market.clone(), market]), None);
}

#[test]
fn a_page_of_the_network_in_between_ends_no_ban_and_leads_to_the_other_host() {
    let (mut history, mut market) = hidden_twice();
    history.unread();
    assert_eq!(minutes(&history, 3_000), Some(1));
    history.reached();
    let first = history.host().map(str::to_owned);
    history.unread();
    assert_eq!(history.host().map(str::to_owned), first);
    history.unread();
    assert_ne!(history.host().map(str::to_owned), first);
    history.next_request(after(4_000), Leg::Y, &mut market).unwrap();
    history.take_response(after(4_000), Leg::Y, &mut market, Ok(body(NOW.0 - 500, 3)));
    assert_eq!(history.wait(NOW + 4_000), None);
}
