//! The connection's life, step by step.

use super::*;

const SILENT: i64 = 15_000;
const T0: UnixMillis = UnixMillis(1_700_000_000_000);

fn hosts() -> Vec<String> {
    ["a", "b", "c"].map(str::to_owned).to_vec()
}

fn open(generation: u64, host: &str) -> Step {
    Step::Open { generation, host: host.to_owned() }
}

fn close(generation: u64) -> Step {
    Step::Close { generation }
}

/// A connection that has been live from `T0` to `T0 + millis`.
fn live(millis: i64) -> Connection {
    let mut connection = Connection::new(1);
    connection.restart(T0, &hosts(), Patience::default());
    assert_eq!(connection.take_steps(), [open(1, "a")]);
    for at in (0..=millis).step_by(1_000) {
        connection.due(T0 + at);
        connection.frame(T0 + at, 1);
    }
    assert_eq!(connection.take_steps(), []);
    connection
}

#[test]
fn a_lost_connection_is_opened_again_after_its_wait_and_old_news_is_ignored() {
    let mut connection = live(20_000);
    connection.lost(T0 + 20_000, 1, "closed".into());
    assert!(!connection.is_wanted(1) && !connection.covers());
    let deadline = connection.deadline().unwrap();
    assert!((250..=1_000).contains(&deadline.since(T0 + 20_000)), "{deadline:?}");
    connection.due(deadline - 1);
    assert_eq!(connection.take_steps(), [close(1)]);
    connection.due(deadline);
    connection.lost(deadline, 1, "closed again".into());
    assert_eq!(connection.take_steps(), [open(2, "a")]);
    assert_eq!(connection.losses(), 1);
}

#[test]
fn an_open_socket_without_frames_is_given_up() {
    let mut connection = live(0);
    connection.due(T0 + SILENT - 1);
    assert_eq!(connection.take_steps(), []);
    connection.due(T0 + SILENT);
    assert_eq!(connection.take_steps(), [close(1)]);
    assert!(matches!(connection.state(), State::Waiting { .. }));
}

#[test]
fn who_wakes_up_late_opens_anew_without_a_wait() {
    let mut connection = live(20_000);
    connection.due(T0 + 3_600_000);
    assert_eq!(connection.take_steps(), [close(1), open(2, "a")]);
}

#[test]
fn a_host_that_gives_nothing_is_left_for_the_next_and_waits_grow() {
    let mut connection = Connection::new(3);
    connection.restart(T0, &hosts(), Patience::default());
    let mut now = T0;
    let mut longest = 0;
    for generation in 1..12 {
        connection.lost(now, generation, "refused".into());
        let deadline = connection.deadline().unwrap();
        longest = longest.max(deadline.since(now));
        now = deadline;
        connection.take_steps();
        connection.due(now);
        let host = ["b", "c", "a"][usize::try_from(generation - 1).unwrap() % 3];
        assert_eq!(connection.take_steps(), [open(generation + 1, host)]);
    }
    assert!((2_000..=30_000).contains(&longest), "{longest}");
}

/// Lets a live connection reach the end of its day, and returns the time when its successor opens.
fn rolled(connection: &mut Connection) -> UnixMillis {
    let mut now = T0 + 20_000;
    loop {
        now = now + 1_000;
        connection.due(now);
        if connection.take_steps() == [open(2, "a")] {
            return now;
        }
        connection.frame(now, 1);
    }
}

#[test]
fn a_successor_is_opened_before_a_day_is_over_and_takes_over_when_it_delivers_both() {
    let mut connection = live(20_000);
    let now = rolled(&mut connection);
    assert!((81_000_000..84_700_000).contains(&now.since(T0)), "{}", now.since(T0));
    connection.frame(now + 100, 2);
    connection.heard(now + 100, 2, Leg::Y);
    connection.heard(now + 200, 1, Leg::X);
    assert!(connection.is_wanted(1) && connection.is_wanted(2));
    assert_eq!(connection.take_steps(), []);
    connection.heard(now + 300, 2, Leg::X);
    assert_eq!(connection.take_steps(), [close(1)]);
    assert!(!connection.is_wanted(1) && connection.covers());
    assert_eq!(connection.losses(), 0);
}

#[test]
fn a_successor_that_fails_leaves_the_first_in_place_and_is_tried_again() {
    let mut connection = live(20_000);
    let now = rolled(&mut connection);
    connection.lost(now + 50, 2, "refused".into());
    assert_eq!(connection.take_steps(), [close(2)]);
    assert!(connection.is_wanted(1));
    for at in (0..60_000).step_by(1_000) {
        connection.frame(now + at, 1);
        connection.due(now + at);
    }
    assert_eq!(connection.take_steps()[0], open(3, "a"));
}

#[test]
fn a_first_that_ends_while_its_successor_opens_needs_no_wait() {
    let mut connection = live(20_000);
    connection.shutdown(T0 + 20_100, 1);
    connection.due(T0 + 20_100);
    assert_eq!(connection.take_steps(), [open(2, "a")]);
    connection.lost(T0 + 20_200, 1, "closed".into());
    assert_eq!(connection.take_steps(), [close(1)]);
    assert!(connection.is_wanted(2) && !connection.covers());
    connection.frame(T0 + 20_300, 2);
    assert!(connection.covers() && matches!(connection.state(), State::Live { .. }));
}

#[test]
fn a_quiet_market_does_not_hold_up_the_handover_for_ever() {
    let mut connection = live(20_000);
    connection.shutdown(T0 + 20_000, 1);
    connection.due(T0 + 20_000);
    for at in (0..=OVERLAP_MOST_MILLIS).step_by(1_000) {
        connection.frame(T0 + 20_000 + at, 1);
        connection.frame(T0 + 20_000 + at, 2);
        connection.due(T0 + 20_000 + at);
    }
    assert_eq!(connection.take_steps(), [open(2, "a"), close(1)]);
}

#[test]
fn frames_that_stay_behind_end_their_connection() {
    let mut connection = live(20_000);
    for at in (0..11_000).step_by(500) {
        connection.frame(T0 + 20_000 + at, 1);
        connection.pushed(T0 + 20_000 + at, 1, T0 + 20_000 + at - if at < 500 { 0 } else { 7_000 });
    }
    assert_eq!(connection.take_steps(), [close(1)]);
    assert!(matches!(connection.state(), State::Waiting { reason, .. } if reason.contains("7 s behind")));
}

/// A connection whose attempts have all failed since `T0`, and the time of the last failure.
fn failing(attempts: u32) -> (Connection, UnixMillis) {
    let mut connection = Connection::new(3);
    connection.restart(T0, &hosts(), Patience::default());
    let mut now = T0;
    for attempt in 1..=attempts {
        connection.lost(now, attempt.into(), "refused".into());
        if attempt < attempts {
            now = connection.deadline().unwrap();
            connection.due(now);
        }
    }
    connection.take_steps();
    (connection, now)
}

#[test]
fn who_asks_to_connect_at_once_again_and_again_waits_no_less_after_the_next_failure() {
    let wait = |connection: &Connection, now: UnixMillis| connection.deadline().unwrap().since(now);
    for change in [Connection::reconnect, Connection::network_returned] {
        let (mut connection, now) = failing(8);
        assert_eq!(connection.attempt(), 9);
        let mut longest = 0;
        for generation in 9..20 {
            change(&mut connection, now);
            assert!(matches!(&connection.take_steps()[..], [Step::Open { .. }]));
            connection.lost(now, generation, "refused".into());
            connection.take_steps();
            longest = longest.max(wait(&connection, now));
        }
        assert!(longest > 2_000, "{longest}");
        // an attempt without any frame counts too
        connection.reconnect(now);
        let attempt = connection.attempt();
        connection.reconnect(now);
        assert_eq!(connection.attempt(), attempt + 1);
        // the new pair has no failures yet
        connection.restart(now, &hosts(), Patience::default());
        assert_eq!(connection.attempt(), 1);
    }
}

#[test]
fn a_network_that_is_back_closes_no_live_socket_and_has_another_stand_by() {
    let mut connection = live(20_000);
    let now = T0 + 20_000;
    connection.network_returned(now + 1_000);
    connection.network_returned(now + 1_001);
    assert_eq!(connection.take_steps(), [open(2, "a")]);
    assert!(connection.is_wanted(1) && connection.covers());
    // it may have died unnoticed with the old network: the successor is there already
    connection.frame(now + 1_500, 2);
    for leg in Leg::BOTH {
        connection.heard(now + 1_600, 2, leg);
    }
    assert_eq!((connection.take_steps(), connection.losses()), (vec![close(1)], 0));
    // the successor has been silent long enough to be given up now, but not to be given up by itself
    connection.network_returned(now + 1_500 + STALE_MILLIS);
    assert_eq!(connection.take_steps(), [close(2), open(3, "a")]);
    // an opening socket is left alone, and given up when it takes too long
    let opened = now + 1_500 + STALE_MILLIS;
    connection.network_returned(opened + 1_000);
    assert_eq!(connection.take_steps(), []);
    connection.network_returned(opened + STALE_MILLIS);
    assert_eq!(connection.take_steps(), [close(3), open(4, "a")]);
    connection.stop();
    connection.take_steps();
    connection.network_returned(opened + 60_000);
    assert_eq!(connection.take_steps(), [], "nothing has been asked for");
}
