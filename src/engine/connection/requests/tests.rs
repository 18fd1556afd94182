//! Requests and responses in turn.

use super::*;
use crate::Settings;
use crate::bars::Bar;
use crate::bars::Origin;
use crate::connection::Backfill;

pub(super) const NOW: UnixMillis = UnixMillis(1_700_000_000_500);

pub(super) fn body(from: i64, bars: i64) -> String {
    let rows: Vec<String> = (0..bars)
        .map(|n| {
            let open = from + n * 1_000;
            format!(r#"[{open},"1.0","1.0","1.0","1.0","2.0",{},"2.0",1,"0.0","0.0","0"]"#, open + 999)
        })
        .collect();
    format!("[{}]", rows.join(","))
}

pub(super) fn plan() -> (RequestSchedule, Market) {
    let hosts = vec!["https://a".to_owned(), "https://b".to_owned()];
    (RequestSchedule::new(hosts, 1_200, 1), Market::new(&Settings::default(), Leg::Y))
}

/// A market whose initial history has been fetched.
pub(super) fn started() -> (RequestSchedule, Market) {
    let (schedule, mut market) = plan();
    market.tracks[0].fetched = market.tracks[0].wanted;
    (schedule, market)
}

pub(super) fn at(exchange: Option<UnixMillis>) -> Moment {
    Moment { local: NOW, exchange }
}

pub(super) fn second(number: i64) -> UnixMillis {
    UnixMillis(NOW.0 - 500 + number * 1_000)
}

#[test]
fn the_start_is_fetched_backwards_page_by_page_and_leaves_out_what_is_not_final() {
    let (mut schedule, mut market) = plan();
    let newest = NOW.0 - 500;
    let mut end = newest;
    for page in 0..4 {
        let request = schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
        let limit = if page == 3 { 600 } else { 1_000 };
        assert!(request.url.ends_with(&format!("limit={limit}")), "{}", request.url);
        assert_eq!((request.url.contains("endTime"), request.weight), (page > 0, 2));
        assert_eq!(schedule.next_request(at(None), Leg::Y, &mut market), None);
        let first = if page == 0 { end - 999_000 } else { end - limit * 1_000 };
        let filled = schedule.take_response(at(None), Leg::Y, &mut market, Ok(body(first, limit))).unwrap();
        assert_eq!(filled.from.0, first);
        end = first;
    }
    assert_eq!(schedule.next_request(at(None), Leg::Y, &mut market), None);
    assert_eq!(market.seconds().len(), 3_598);
    assert_eq!(market.seconds().end(), Some(UnixMillis(newest - 1_000)));
}

#[test]
fn a_hole_is_requested_once_it_is_old_enough_and_what_rest_lacks_becomes_an_outage() {
    let (mut schedule, mut market) = started();
    let known = Bar { origin: Origin::History, traded: None };
    market.seconds_mut().put(second(0), known);
    market.seconds_mut().put(second(4), known);
    assert_eq!(schedule.next_request(at(Some(second(4))), Leg::Y, &mut market), None);
    let now = at(Some(second(100)));
    let request = schedule.next_request(now, Leg::Y, &mut market).unwrap();
    let from = second(1).0;
    assert!(request.url.ends_with(&format!("startTime={from}&limit=6")), "{}", request.url);
    let head = body(second(2).0, 1);
    let rows = format!("{},{}", head.strip_suffix(']').unwrap(), &body(second(4).0, 2)[1..]);
    schedule.take_response(now, Leg::Y, &mut market, Ok(rows));
    let origins: Vec<Origin> = (1..4).map(|number| market.seconds().get(second(number)).origin).collect();
    assert_eq!(origins, [Origin::Outage, Origin::History, Origin::Outage]);
}

#[test]
fn a_bar_that_rest_may_not_have_finished_is_left_out() {
    let (mut schedule, mut market) = started();
    let known = Bar { origin: Origin::History, traded: None };
    market.seconds_mut().put(second(0), known);
    market.seconds_mut().put(second(6), known);
    let now = at(Some(second(9)));
    schedule.next_request(now, Leg::Y, &mut market).unwrap();
    // REST is three seconds behind: its newest bar is in progress
    schedule.take_response(now, Leg::Y, &mut market, Ok(body(second(1).0, 5)));
    let known: Vec<bool> = (1..6).map(|number| market.seconds().get(second(number)).known()).collect();
    assert_eq!(known, [true, true, true, false, false]);
    assert_eq!(schedule.next_request(now, Leg::Y, &mut market), None);
    let later = Moment { local: NOW + 2_000, exchange: Some(second(11)) };
    let request = schedule.next_request(later, Leg::Y, &mut market).unwrap();
    assert!(request.url.contains(&format!("startTime={}", second(4).0)), "{}", request.url);
}

#[test]
fn an_empty_response_is_no_outage() {
    let (mut schedule, mut market) = started();
    let known = Bar { origin: Origin::History, traded: None };
    market.seconds_mut().put(second(0), known);
    market.seconds_mut().put(second(6), known);
    let now = at(Some(second(100)));
    schedule.next_request(now, Leg::Y, &mut market).unwrap();
    assert_eq!(schedule.take_response(now, Leg::Y, &mut market, Ok("[]".into())), None);
    assert_eq!(market.seconds().get(second(3)).origin, Origin::Missing);
}

#[test]
fn refusals_wait_and_say_which_they_are() {
    let ban =
        r#"{"code":-1003,"msg":"Way too much request weight used; IP banned until 1700000300500. Please"}"#;
    let status = |code, body: &str| FetchError::Status { code, body: body.to_owned() };
    let cases = [
        (status(451, ""), Refusal::Region, "region", 60_000),
        (status(403, "<html>"), Refusal::Firewall, "firewall", 60_000),
        (status(418, ban), Refusal::Banned, "banned", 300_000),
        (status(429, ""), Refusal::TooOften, "too many", 60_000),
        (status(400, r#"{"code":-1121}"#), Refusal::Request, "-1121", 60_000),
    ];
    for (error, expected, word, wait) in cases {
        let (mut schedule, mut market) = plan();
        schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
        schedule.take_response(at(None), Leg::Y, &mut market, Err(error));
        let (refusal, reason, left) = schedule.refusal(NOW).unwrap();
        assert!(refusal == expected && reason.contains(word) && left == wait, "{reason} {left}");
        let later = |millis| Moment { local: NOW + millis, exchange: None };
        assert_eq!(schedule.next_request(later(wait - 1), Leg::Y, &mut market), None);
        let request = schedule.next_request(later(wait), Leg::Y, &mut market).unwrap();
        assert!(request.url.starts_with("https://b"), "{}", request.url);
    }
}

#[test]
fn a_host_that_hides_its_refusal_is_left_for_the_next_before_it_is_called_one() {
    let (mut schedule, mut market) = plan();
    schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    schedule.take_response(at(None), Leg::Y, &mut market, hidden());
    assert_eq!(schedule.refusal(NOW), None);
    let later = Moment { local: NOW + 2_000, exchange: None };
    schedule.next_request(later, Leg::Y, &mut market).unwrap();
    schedule.take_response(later, Leg::Y, &mut market, hidden());
    assert_eq!(schedule.refusal(later.local).unwrap().0, Refusal::Hidden);
}

#[test]
fn a_network_that_is_away_is_no_refusal_however_often_it_fails() {
    let (mut schedule, mut market) = plan();
    for minute in 0..8 {
        let moment = Moment { local: NOW + minute * 60_000, exchange: None };
        schedule.next_request(moment, Leg::Y, &mut market).expect("no wait is longer than a minute");
        schedule.take_response(moment, Leg::Y, &mut market, Err(FetchError::Unreached));
        assert_eq!(schedule.refusal(moment.local), None);
        schedule.heed(moment, &FetchError::Unreached);
    }
}

pub(super) fn hidden() -> Result<String, FetchError> {
    Err(FetchError::Hidden)
}

/// A schedule whose two hosts have refused for hidden reasons, the second at `NOW + 2_000`.
pub(super) fn hidden_twice() -> (RequestSchedule, Market) {
    let (mut schedule, mut market) = plan();
    for millis in [0, 2_000] {
        let now = Moment { local: NOW + millis, exchange: None };
        schedule.next_request(now, Leg::Y, &mut market).unwrap();
        schedule.take_response(now, Leg::Y, &mut market, hidden());
    }
    (schedule, market)
}

#[test]
fn a_socket_that_is_live_again_has_one_request_sent_at_once_and_its_response_ends_the_pause() {
    let (mut schedule, mut market) = hidden_twice();
    let mut other = plan().1;
    let now = Moment { local: NOW + 10_000, exchange: None };
    assert_eq!(schedule.next_request(now, Leg::Y, &mut market), None);
    schedule.reconnected(now.local);
    let probe = schedule.next_request(now, Leg::Y, &mut market).unwrap();
    assert!(probe.url.starts_with("https://a"), "{}", probe.url);
    assert_eq!(schedule.next_request(now, Leg::X, &mut other), None);
    schedule.take_response(now, Leg::Y, &mut market, Ok(body(NOW.0 - 500, 3)));
    assert_eq!(schedule.refusal(now.local), None);
    assert!(schedule.next_request(now, Leg::X, &mut other).is_some());
}

#[test]
fn a_ban_that_looks_like_no_network_costs_one_request_however_often_the_socket_comes_back() {
    let (mut schedule, mut market) = hidden_twice();
    let at = |millis| Moment { local: NOW + millis, exchange: None };
    schedule.reconnected(NOW + 10_000);
    schedule.next_request(at(10_000), Leg::Y, &mut market).unwrap();
    schedule.take_response(at(11_000), Leg::Y, &mut market, hidden());
    for millis in [12_000, 30_000, 136_999] {
        schedule.reconnected(NOW + millis);
        assert_eq!(schedule.next_request(at(millis), Leg::Y, &mut market), None);
    }
    assert_eq!(schedule.refusal(NOW + 11_000).unwrap().2, 126_000);
    assert!(schedule.next_request(at(137_000), Leg::Y, &mut market).is_some());
}

#[test]
fn a_ban_that_is_told_is_never_cut_short_by_a_socket() {
    for code in [418, 429, 451] {
        let (mut schedule, mut market) = plan();
        schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
        let refused = Err(FetchError::Status { code, body: String::new() });
        schedule.take_response(at(None), Leg::Y, &mut market, refused);
        schedule.reconnected(NOW + 1_000);
        let later = Moment { local: NOW + 59_999, exchange: None };
        assert_eq!(schedule.next_request(later, Leg::Y, &mut market), None, "{code}");
    }
}

#[test]
fn a_request_sent_before_the_socket_was_live_again_and_lost_after_it_is_sent_once_more() {
    let (mut schedule, mut market) = hidden_twice();
    let at = |millis| Moment { local: NOW + millis, exchange: None };
    schedule.next_request(at(65_000), Leg::Y, &mut market).unwrap();
    schedule.reconnected(NOW + 66_000);
    schedule.take_response(at(67_000), Leg::Y, &mut market, hidden());
    schedule.next_request(at(67_000), Leg::Y, &mut market).unwrap();
    schedule.take_response(at(68_000), Leg::Y, &mut market, hidden());
    assert_eq!(schedule.next_request(at(127_999), Leg::Y, &mut market), None);
}

#[test]
fn hidden_failures_in_a_row_wait_one_two_four_and_fifteen_minutes_until_one_request_has_a_response() {
    let (mut schedule, mut market) = hidden_twice();
    let mut now = NOW + 2_000;
    let mut waits = Vec::new();
    // each wait is followed by a request to the first host, and two seconds later by one to the second
    while waits.len() < 5 {
        let left = schedule.refusal(now).map_or(60_000, |(.., left)| left);
        waits.extend(Some(left / 60_000).filter(|minutes| *minutes > 0));
        now = now + left;
        let moment = Moment { local: now, exchange: None };
        schedule.next_request(moment, Leg::Y, &mut market).unwrap();
        schedule.take_response(moment, Leg::Y, &mut market, hidden());
    }
    assert_eq!(waits, [1, 2, 4, 15, 15]);
}

#[test]
fn a_request_without_a_response_is_given_up_and_sent_again() {
    let (mut schedule, mut market) = plan();
    schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    let later = |millis| Moment { local: NOW + millis, exchange: None };
    assert_eq!(schedule.next_request(later(UNANSWERED_MILLIS), Leg::Y, &mut market), None);
    let again = schedule.next_request(later(UNANSWERED_MILLIS + 2_000), Leg::Y, &mut market).unwrap();
    assert_eq!((again.id, schedule.leg_of(1)), (2, None));
}

#[test]
fn a_spent_budget_waits_for_the_next_minute() {
    let (mut schedule, mut market) = plan();
    let now = UnixMillis(1_700_000_040_000);
    let moment = |millis: i64| Moment { local: NOW + millis, exchange: Some(now + millis) };
    schedule.budget_mut().others_spent(1_199, now, now);
    assert_eq!(schedule.next_request(moment(0), Leg::Y, &mut market), None);
    assert!(matches!(schedule.progress(NOW, &[plan().1, plan().1]), Backfill::Failed { .. }));
    assert_eq!(schedule.next_request(moment(59_999), Leg::Y, &mut market), None);
    assert!(schedule.next_request(moment(60_000), Leg::Y, &mut market).is_some());
}

#[test]
fn a_ban_told_before_the_exchanges_clock_is_known_is_not_made_longer_by_a_wrong_local_one() {
    let (mut schedule, mut market) = plan();
    let request = schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    // ten minutes behind
    let exchange = NOW + 600_000;
    let body = format!(r#"{{"code":-1003,"msg":"IP banned until {}."}}"#, exchange.0 + 90_000);
    schedule.take_response(at(None), Leg::Y, &mut market, Err(FetchError::Status { code: 418, body }));
    assert!(
        schedule.refusal(NOW).is_some_and(|(refusal, _, left)| (refusal, left) == (Refusal::Banned, 690_000))
    );
    let later = |millis| Moment { local: NOW + millis, exchange: Some(exchange + millis) };
    assert_eq!(schedule.next_request(later(1_000), Leg::Y, &mut market), None);
    assert_eq!(schedule.refusal(NOW + 1_000).map(|(_, _, left)| left), Some(89_000));
    assert_eq!(schedule.next_request(later(89_999), Leg::Y, &mut market), None);
    let again = schedule.next_request(later(90_000), Leg::Y, &mut market).unwrap();
    assert!(again.id > request.id);
}

#[test]
fn a_pause_after_a_ban_has_an_end_of_its_own() {
    let (mut schedule, mut market) = plan();
    let status = |code, body: &str| Err(FetchError::Status { code, body: body.to_owned() });
    schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    let ban = format!(r#"{{"code":-1003,"msg":"IP banned until {}."}}"#, NOW.0 + 60_000);
    schedule.take_response(at(None), Leg::Y, &mut market, status(418, &ban));
    // the ban is over, nobody knows the exchange's time yet, and something else goes wrong
    let later = |millis, exchange| Moment { local: NOW + millis, exchange };
    schedule.next_request(later(60_000, None), Leg::Y, &mut market).unwrap();
    schedule.take_response(later(60_000, None), Leg::Y, &mut market, status(503, ""));
    let now = later(62_000, Some(NOW + 62_000));
    assert!(schedule.next_request(now, Leg::Y, &mut market).is_some());
}

/// A schedule whose first request was refused with `code`.
fn refused(code: u16) -> (RequestSchedule, Market) {
    let (mut schedule, mut market) = plan();
    schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
    schedule.take_response(
        at(None),
        Leg::Y,
        &mut market,
        Err(FetchError::Status { code, body: String::new() }),
    );
    (schedule, market)
}

#[test]
fn the_users_wish_to_try_again_ends_a_pause_unless_the_exchange_demands_it() {
    let later = |millis| Moment { local: NOW + millis, exchange: None };
    for (code, wait) in [(418, 120_000), (429, 60_000)] {
        let (mut schedule, mut market) = refused(code);
        for millis in [1_000, wait - 1] {
            schedule.retry(NOW + millis);
            assert_eq!(schedule.next_request(later(millis), Leg::Y, &mut market), None, "{code}");
        }
        assert_eq!(schedule.demanded_wait(NOW + 1_000).unwrap().1, wait - 1_000);
        assert!(schedule.next_request(later(wait), Leg::Y, &mut market).is_some(), "{code}");
    }
    let hidden = hidden_twice();
    for (mut schedule, mut market) in [refused(451), refused(503), hidden] {
        assert_eq!(schedule.next_request(later(1_500), Leg::Y, &mut market), None);
        schedule.retry(NOW + 3_000);
        assert!(schedule.next_request(later(3_000), Leg::Y, &mut market).is_some());
    }
}

#[test]
fn a_request_from_before_a_ban_with_a_response_after_it_does_not_end_it() {
    let responses = [
        Ok(body(NOW.0 - 500, 3)),
        Err(FetchError::TimedOut),
        Err(FetchError::Status { code: 429, body: String::new() }),
        Err(FetchError::Status { code: 451, body: String::new() }),
    ];
    for response in responses {
        let (mut schedule, mut market) = plan();
        let mut other = plan().1;
        schedule.next_request(at(None), Leg::X, &mut other).unwrap();
        schedule.next_request(at(None), Leg::Y, &mut market).unwrap();
        schedule.heed(at(None), &FetchError::Status { code: 418, body: String::new() });
        schedule.take_response(at(None), Leg::X, &mut other, response.clone());
        let later = |millis| Moment { local: NOW + millis, exchange: None };
        let mut market = plan().1;
        assert_eq!(schedule.next_request(later(119_999), Leg::X, &mut market), None, "{response:?}");
        assert_eq!(schedule.refusal(NOW).unwrap().0, Refusal::Banned);
        assert!(schedule.next_request(later(120_000), Leg::X, &mut market).is_some());
    }
}

#[test]
fn another_desk_on_the_same_venue_waits_out_the_ban_and_what_is_spent_stays_spent() {
    let (mut schedule, mut market) = refused(418);
    schedule.budget_mut().others_spent(600, NOW, NOW);
    let mut next = schedule.followed(9);
    assert_eq!((next.next_request(at(None), Leg::Y, &mut market), next.weight_spent(NOW)), (None, 602));
    // a request that is wrong for one pair may be right for another
    let mut right = refused(400).0.followed(9);
    assert_eq!(right.next_request(at(None), Leg::Y, &mut market).unwrap().id, 9);
}
