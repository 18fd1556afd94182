//! Failures that the browser hides, counted and waited for.

use super::tests::{NOW, at, body, hidden, hidden_twice, plan};
use super::*;

fn after(millis: i64) -> Moment {
    Moment { local: NOW + millis, exchange: None }
}

/// The whole minutes of the pause at `millis` after [`NOW`].
fn minutes(schedule: &RequestSchedule, millis: i64) -> Option<i64> {
    schedule.refusal(NOW + millis).map(|(refusal, _, left)| {
        assert_eq!(refusal, Refusal::Hidden);
        left / 60_000
    })
}

#[test]
fn two_hidden_failures_of_other_requests_have_the_history_wait_too() {
    let (mut schedule, mut market) = plan();
    let heed = |schedule: &mut RequestSchedule, millis| schedule.heed(after(millis), &FetchError::Hidden);
    heed(&mut schedule, 0);
    schedule.reached();
    for millis in [10_000, 11_000] {
        heed(&mut schedule, millis);
        assert_eq!(minutes(&schedule, millis), None, "a request sent to each host in turn");
    }
    heed(&mut schedule, 20_000);
    assert_eq!(minutes(&schedule, 20_000), Some(1));
    assert_eq!(schedule.next_request(after(20_000), Leg::Y, &mut market), None);
    // what was sent before the pause neither lengthens it nor counts
    let until = schedule.wait(NOW + 20_000).map(|(_, left)| 20_000 + left);
    for millis in [30_000, 40_000, 50_000] {
        heed(&mut schedule, millis);
        assert_eq!(schedule.wait(NOW + millis).map(|(_, left)| millis + left), until);
    }
    heed(&mut schedule, 100_000);
    assert_eq!(minutes(&schedule, 100_000), Some(2));
}

#[test]
fn the_first_hidden_failure_is_no_ban_yet_where_there_is_one_host_and_the_second_is() {
    let mut schedule = RequestSchedule::new(vec!["https://only".to_owned()], 1_200, 1);
    let mut market = plan().1;
    schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    schedule.take_response(at(None), Leg::Y, &mut market, hidden());
    assert_eq!((minutes(&schedule, 0), schedule.wait(NOW).map(|(_, left)| left)), (None, Some(2_000)));
    schedule.next_request(after(2_000), Leg::Y, &mut market).unwrap();
    schedule.take_response(after(2_100), Leg::Y, &mut market, hidden());
    assert_eq!(minutes(&schedule, 2_100), Some(1));
}

#[test]
fn both_legs_requests_sent_at_once_fail_as_one_and_the_next_goes_to_the_other_host() {
    let (mut schedule, mut y) = plan();
    let mut x = plan().1;
    schedule.next_request(at(None), Leg::Y, &mut y).unwrap();
    schedule.next_request(at(None), Leg::X, &mut x).unwrap();
    schedule.take_response(after(100), Leg::Y, &mut y, hidden());
    schedule.take_response(after(200), Leg::X, &mut x, hidden());
    assert_eq!(minutes(&schedule, 200), None);
    let next = schedule.next_request(after(5_000), Leg::Y, &mut y).unwrap();
    assert!(next.url.starts_with("https://b"), "{}", next.url);
    schedule.take_response(after(5_100), Leg::Y, &mut y, hidden());
    assert_eq!(minutes(&schedule, 5_100), Some(1));
}

#[test]
fn another_pair_waits_out_a_hidden_ban_and_does_not_try_again_what_has_failed() {
    let (mut schedule, mut market) = hidden_twice();
    schedule.reconnected(NOW + 10_000);
    schedule.next_request(after(10_000), Leg::Y, &mut market).unwrap();
    schedule.take_response(after(11_000), Leg::Y, &mut market, hidden());
    assert_eq!(minutes(&schedule, 11_000), Some(2));
    let mut next = schedule.followed(9);
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
    let (mut schedule, mut market) = hidden_twice();
    let left = schedule.wait(NOW + 10_000).map(|(_, left)| left);
    let leap = 3 * 3_600_000;
    schedule.hold(NOW + 10_000 + leap, leap);
    assert_eq!(schedule.wait(NOW + 10_000 + leap).map(|(_, left)| left), left);
    assert_eq!(schedule.next_request(after(11_000 + leap), Leg::Y, &mut market), None);
}

#[test]
fn a_pause_that_is_over_does_not_stand_where_nothing_is_left_to_request() {
    let (mut schedule, mut market) = plan();
    market.tracks[0].fetched = market.tracks[0].wanted;
    for millis in [0, 10_000] {
        schedule.heed(after(millis), &FetchError::Hidden);
    }
    let wait = schedule.others_wait(NOW + 11_000, &[market.clone(), market.clone()]);
    assert!(wait.is_some_and(|reason| reason.contains("this address may be banned")));
    assert_eq!(schedule.next_request(after(80_000), Leg::Y, &mut market), None);
    assert_eq!(schedule.refusal(NOW + 80_000), None);
    assert_eq!(schedule.others_wait(NOW + 80_000, &[market.clone(), market]), None);
}

#[test]
fn a_page_of_the_network_in_between_ends_no_ban_and_leads_to_the_other_host() {
    let (mut schedule, mut market) = hidden_twice();
    schedule.unread();
    assert_eq!(minutes(&schedule, 3_000), Some(1));
    schedule.reached();
    let first = schedule.host().map(str::to_owned);
    schedule.unread();
    assert_eq!(schedule.host().map(str::to_owned), first);
    schedule.unread();
    assert_ne!(schedule.host().map(str::to_owned), first);
    schedule.next_request(after(4_000), Leg::Y, &mut market).unwrap();
    schedule.take_response(after(4_000), Leg::Y, &mut market, Ok(body(NOW.0 - 500, 3)));
    assert_eq!(schedule.wait(NOW + 4_000), None);
}
