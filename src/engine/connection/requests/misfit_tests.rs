//! Responses that cannot be read.

use super::tests::{NOW, body, plan, second};
use super::*;
use crate::bars::{Bar, Origin};

#[test]
fn after_two_responses_that_cannot_be_read_another_host_is_asked() {
    let (mut schedule, mut market) = plan();
    let mut hosts = Vec::new();
    for minute in 0..3 {
        let moment = Moment { local: NOW + minute * 60_000, exchange: None };
        hosts.push(schedule.next_request(moment, Leg::Y, &mut market).unwrap().url[..9].to_owned());
        schedule.take_response(
            moment,
            Leg::Y,
            &mut market,
            Ok("<html>Sign in to the network</html>".to_owned()),
        );
    }
    assert_eq!(hosts, ["https://a", "https://a", "https://b"]);
}

/// [`body`] with a row that has no lowest price at second `odd`.
fn odd_body(from: i64, bars: i64, odd: UnixMillis) -> String {
    let row = format!("[{},\"1.0\",\"1.0\",\"1.0\"", odd.0);
    let all = body(from, bars);
    assert!(all.contains(&row));
    all.replace(&row, &format!("[{},\"1.0\",\"1.0\",\"0.00000000\"", odd.0))
}

#[test]
fn a_row_that_no_host_sends_as_it_should_be_stays_missing_and_the_rest_is_taken() {
    let (mut schedule, mut y) = plan();
    let mut x = plan().1;
    let newest = NOW.0 - 500;
    let (first, odd) = (newest - 999_000, UnixMillis(newest - 995_000));
    let mut hosts = Vec::new();
    for minute in 0..4 {
        let moment = Moment { local: NOW + minute * 60_000, exchange: None };
        hosts.push(schedule.next_request(moment, Leg::Y, &mut y).unwrap().url[..9].to_owned());
        // the other leg has no such row, which says nothing about this one
        schedule.next_request(moment, Leg::X, &mut x).unwrap();
        let filled = schedule.take_response(moment, Leg::Y, &mut y, Ok(odd_body(first, 1_000, odd)));
        schedule.take_response(moment, Leg::X, &mut x, Ok(body(first, 1_000)));
        assert_eq!(filled.is_some(), minute == 3, "{minute}");
    }
    assert_eq!(hosts, ["https://a", "https://a", "https://b", "https://b"]);
    let origin = |time| y.seconds().get(time).origin;
    assert_eq!((origin(odd), origin(odd + 1_000)), (Origin::Missing, Origin::History));
    let said: Vec<String> = schedule.take_news().into_iter().map(|news| news.words).collect();
    assert!(said.iter().any(|text| text.contains("1 of 1000 bars") && text.contains("low")), "{said:?}");

    // the next page is a page like any other, and one with an odd row is taken at once
    let moment = Moment { local: NOW + 300_000, exchange: None };
    let request = schedule.next_request(moment, Leg::Y, &mut y).unwrap();
    assert!(request.url.contains(&format!("endTime={}", first - 1)), "{}", request.url);
    let odd = UnixMillis(first - 5_000);
    assert!(
        schedule.take_response(moment, Leg::Y, &mut y, Ok(odd_body(first - 1_000_000, 1_000, odd))).is_some()
    );
    assert_eq!(y.seconds().get(odd).origin, Origin::Missing);
}

#[test]
fn a_hole_whose_row_cannot_be_read_is_left_and_the_next_hole_is_filled() {
    let (mut schedule, mut market) = plan();
    schedule.skips_bars = true;
    market.tracks[0].fetched = market.tracks[0].wanted;
    for number in [0, 4, 8] {
        market.seconds_mut().put(second(number), Bar { origin: Origin::History, traded: None });
    }
    let now = Moment { local: NOW, exchange: Some(second(100)) };
    schedule.next_request(now, Leg::Y, &mut market).unwrap();
    let filled = schedule.take_response(now, Leg::Y, &mut market, Ok(odd_body(second(1).0, 6, second(2))));
    assert_eq!(filled.map(|filled| filled.from), Some(second(1)));
    let origin = |market: &Market, number| market.seconds().get(second(number)).origin;
    let origins: Vec<Origin> = (1..4).map(|number| origin(&market, number)).collect();
    assert_eq!(origins, [Origin::History, Origin::Missing, Origin::History]);
    let next = schedule.next_request(now, Leg::Y, &mut market).unwrap();
    assert!(next.url.contains(&format!("startTime={}", second(5).0)), "{}", next.url);
}

#[test]
fn a_response_without_one_bar_that_can_be_read_is_never_taken() {
    let (mut schedule, mut market) = plan();
    schedule.skips_bars = true;
    let now = Moment { local: NOW, exchange: None };
    for body in ["<html>", "{}", r#"[["a"],["b"]]"#] {
        schedule.paused = None;
        schedule.next_request(now, Leg::Y, &mut market).unwrap();
        assert_eq!(schedule.take_response(now, Leg::Y, &mut market, Ok(body.to_owned())), None);
        assert!(schedule.wait(NOW).is_some(), "{body}");
    }
    assert_eq!(market.tracks[0].fetched, 0);
}
