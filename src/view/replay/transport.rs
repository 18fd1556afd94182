//! The transport of a replay: speeds, keys, and its state in words.

use crate::view::numbers::format::count;
use crate::view::screen::model::ALERTS_KEPT;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::replay::{AtEnd, ReplayCommand, Seeking, State, speeds};

/// Returns the command of a key for a replay in `state`.
pub fn key(name: &str, state: &State) -> Option<ReplayCommand> {
    Some(match name {
        " " => play_or_pause(state),
        "." => ReplayCommand::Step(1),
        "," => ReplayCommand::Step(-1),
        "n" | "N" => ReplayCommand::NextAlert,
        "[" => ReplayCommand::Speed(next_speed(state, false)),
        "]" => ReplayCommand::Speed(next_speed(state, true)),
        "g" | "G" => ReplayCommand::GoLive,
        _ => return None,
    })
}

/// Returns whether there is something to stop: playback, or the way to another place of the span. What warms the
/// engine up before the span cannot be stopped.
pub fn can_pause(state: &State) -> bool {
    state.is_playing || state.seeking.is_some() && state.at >= state.from
}

/// Returns the command of the play button.
pub fn play_or_pause(state: &State) -> ReplayCommand {
    if can_pause(state) { ReplayCommand::Pause } else { ReplayCommand::Play }
}

/// Returns the next speed up or down, as far as there is one.
fn next_speed(state: &State, up: bool) -> u32 {
    let (speed, mut known) = (state.speed, speeds(state.interval));
    let next = if up { known.find(|other| *other > speed) } else { known.rev().find(|other| *other < speed) };
    next.unwrap_or(speed)
}

/// Returns the progress in a word that seldom changes, for screen readers.
pub const fn doing(state: &State) -> &'static str {
    match state {
        State { seeking: Some(_), .. } => "seeking",
        State { is_playing: true, .. } => "plays",
        _ if state.at.0 >= state.to.0 => "at the end",
        _ => "stands",
    }
}

/// The longest sentence of [`outside`].
const AT_THE_PRESENT: &str = "End of the span, which was the present: go live, or play it again";

/// Returns a word on a replay that is not within its span, for everyone to see.
pub fn outside(state: &State) -> Option<String> {
    let word = match state {
        _ if state.at < state.from => {
            let percent = percent(state.begins, state.at, state.from);
            return Some(format!("Warming up on the bars before the span: {percent} %"));
        }
        State { seeking: None, is_playing: false, .. } if state.at >= state.to => match state.at_end {
            AtEnd::Stop => "End of the span: go live, or play it again",
            AtEnd::GoLive => AT_THE_PRESENT,
        },
        _ => return None,
    };
    Some(word.to_owned())
}

/// The way to another place of the span, in words and as a share of 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// Where it leads, `Going to 13:20:00 UTC … 62 %`.
    pub words: String,
    /// The share that has been played.
    pub percent: i64,
}

/// Returns the way to another place of the span, if the replay is on one; `clock` says a time.
pub fn going(state: &State, clock: impl Fn(i64) -> String) -> Option<Going> {
    let Seeking { from, goal } = state.seeking.filter(|_| state.at >= state.from)?;
    let percent = percent(from.max(state.from), state.at, goal.unwrap_or(state.to));
    let whither = match goal {
        Some(goal) => format!("Going to {}", clock(goal.0)),
        None => "Looking for the next alert in the rest of the span".to_owned(),
    };
    Some(Going { words: format!("{whither} … {percent} %"), percent })
}

/// The share of the way from `from` to `to` that has been played at `at`, as a whole percentage.
fn percent(from: UnixMillis, at: UnixMillis, to: UnixMillis) -> i64 {
    100 * at.since(from).clamp(0, to.since(from).max(0)) / to.since(from).max(1)
}

/// Returns the number of alerts in the span so far.
pub fn alerts(state: &State) -> String {
    match state.alerts {
        1 => "1 alert".to_owned(),
        alerts => format!("{} alerts", count(alerts as u64)),
    }
}

/// Returns a word on alerts that the page's log no longer has, if there are such.
pub fn unlisted(state: &State) -> Option<String> {
    (state.alerts > ALERTS_KEPT)
        .then(|| format!("Of {} alerts the log keeps the newest {ALERTS_KEPT}", count(state.alerts as u64)))
}

/// Returns words at least as long as any others on the state, so that their place can be kept for them.
pub fn longest() -> String {
    let alerts = State { alerts: 99_999, ..State::default() };
    format!("{AT_THE_PRESENT} {}", unlisted(&alerts).unwrap_or_default())
}

/// Returns the sentence on a replay that has come to the present at `time`, a time of day, and gone live.
pub fn caught_up(time: &str) -> String {
    format!("The replay has reached the newest bar of its span, {time}: the desk is live again.")
}

/// Trades this near to an end of the span count as reaching it.
const NEAR_MILLIS: i64 = 60_000;

/// Returns which part of the span has single trades on the tape; `None` if all of it has.
pub fn trades_known(state: &State, clock: impl Fn(i64) -> String) -> Option<String> {
    match state.trades {
        None => Some("bars only".to_owned()),
        Some((first, last))
            if first.since(state.from) <= NEAR_MILLIS && state.to.since(last) <= NEAR_MILLIS =>
        {
            None
        }
        Some((first, last)) => Some(format!("trades {} – {}", clock(first.0), clock(last.0))),
    }
}

/// Adds the replay mark to the page's title, or removes it.
pub fn title(current: &str, is_on: bool) -> String {
    const BADGE: &str = "REPLAY · ";
    let bare = current.replace(BADGE, "");
    if !is_on {
        return bare;
    }
    // behind the count of alerts, which the page expects at the start
    let at = if bare.starts_with('(') { bare.find(") ").map_or(0, |end| end + 2) } else { 0 };
    format!("{}{BADGE}{}", &bare[..at], &bare[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Interval;

    #[test]
    fn a_replay_says_of_which_part_of_it_trades_are_known() {
        let [from, to] = [0, 3_600_000].map(UnixMillis);
        let said = |trades: Option<(i64, i64)>| {
            let trades = trades.map(|(first, last)| (UnixMillis(first), UnixMillis(last)));
            trades_known(&State { from, to, trades, ..State::default() }, |millis| millis.to_string())
        };
        assert_eq!(said(None).as_deref(), Some("bars only"));
        assert_eq!(said(Some((60_000, 3_540_000))), None);
        assert_eq!(said(Some((60_001, 3_600_000))).as_deref(), Some("trades 60001 – 3600000"));
        assert_eq!(said(Some((0, 1_800_000))).as_deref(), Some("trades 0 – 1800000"));
    }

    #[test]
    fn a_replay_says_that_it_warms_up_and_that_its_end_is_reached() {
        let said = |at: i64, seeks: bool| {
            let [from, to, at] = [10, 20, at].map(UnixMillis);
            let seeking = seeks.then_some(Seeking { from: at, goal: Some(to) });
            outside(&State { begins: UnixMillis(6), from, to, at, seeking, ..State::default() })
        };
        let warming =
            [5, 6, 9].map(|at| said(at, true).and_then(|word| Some(word.rsplit_once(": ")?.1.to_owned())));
        assert_eq!(warming.each_ref().map(Option::as_deref), [Some("0 %"), Some("0 %"), Some("75 %")]);
        assert!([said(10, false), said(19, true), said(20, true)].iter().all(Option::is_none));
        assert!(said(20, false).is_some_and(|word| word.starts_with("End of the span: go live")));
        let present = State { at_end: AtEnd::GoLive, ..State::default() };
        assert!(outside(&present).is_some_and(|word| word.contains("which was the present")));
    }

    /// Playing a day takes half a minute, in which the page looked as if it stood at the goal.
    #[test]
    fn the_way_to_another_place_is_told_and_can_be_stopped() {
        let [from, to] = [1_000, 2_000].map(UnixMillis);
        let on_the_way = |began: i64, at: i64, goal: Option<i64>| {
            let seeking = Some(Seeking { from: UnixMillis(began), goal: goal.map(UnixMillis) });
            State { from, to, at: UnixMillis(at), seeking, ..State::default() }
        };
        let told = |state: &State| going(state, |millis| format!("[{millis}]")).map(|going| going.words);
        assert_eq!(told(&on_the_way(1_000, 1_500, Some(1_800))).as_deref(), Some("Going to [1800] … 62 %"));
        // from the place of a link on, what came before was the warming up
        assert_eq!(told(&on_the_way(0, 1_500, Some(2_000))).as_deref(), Some("Going to [2000] … 50 %"));
        let alert = on_the_way(1_200, 1_400, None);
        let words = "Looking for the next alert in the rest of the span … 25 %";
        assert_eq!(told(&alert).as_deref(), Some(words));
        assert_eq!(told(&on_the_way(1_300, 1_300, Some(1_300))).as_deref(), Some("Going to [1300] … 0 %"));
        assert_eq!((can_pause(&alert), play_or_pause(&alert)), (true, ReplayCommand::Pause));
        assert_eq!(key(" ", &alert), Some(ReplayCommand::Pause));
        let warming = on_the_way(0, 900, Some(1_500));
        assert_eq!((told(&warming), can_pause(&warming)), (None, false));
        assert_eq!(told(&State { seeking: None, ..alert }), None);
    }

    #[test]
    fn alerts_that_are_no_longer_listed_are_told() {
        let of = |alerts: usize| State { alerts, ..State::default() };
        assert_eq!([0, 1, 1_234].map(|number| alerts(&of(number))), ["0 alerts", "1 alert", "1,234 alerts"]);
        assert_eq!(unlisted(&of(ALERTS_KEPT)), None);
        assert_eq!(
            unlisted(&of(ALERTS_KEPT + 188)).as_deref(),
            Some("Of 688 alerts the log keeps the newest 500")
        );
    }

    #[test]
    fn nothing_said_needs_more_room_than_is_kept() {
        let [from, to] = [0, 1_000].map(UnixMillis);
        let many = State { from, to, alerts: 99_999, at_end: AtEnd::GoLive, ..State::default() };
        let at_end = State { at: to, ..many.clone() };
        let warming = State { at: UnixMillis(-1), ..many.clone() };
        let looks = State { seeking: Some(Seeking { from, goal: None }), ..many };
        let clock = |_: i64| "2026-11-24 14:03:22 local".to_owned();
        let listed = unlisted(&at_end).unwrap_or_default();
        let said = [outside(&at_end), outside(&warming), going(&looks, clock).map(|going| going.words)];
        for words in said.map(Option::unwrap) {
            assert!(
                words.chars().count() + 1 + listed.chars().count() <= longest().chars().count(),
                "{words}"
            );
        }
    }

    #[test]
    fn keys_ask_for_what_can_be_done() {
        let state = State { speed: 10, is_playing: true, ..State::default() };
        assert_eq!(key(" ", &state), Some(ReplayCommand::Pause));
        assert_eq!(key("]", &state), Some(ReplayCommand::Speed(25)));
        assert_eq!(key("[", &state), Some(ReplayCommand::Speed(5)));
        assert_eq!(key("]", &State { speed: 100, ..State::default() }), Some(ReplayCommand::Speed(100)));
        let hours = State { speed: 100, interval: Interval::OneHour, ..State::default() };
        assert_eq!(key("]", &hours), Some(ReplayCommand::Speed(1_000)));
        assert_eq!((key(" ", &State::default()), key("x", &state)), (Some(ReplayCommand::Play), None));
    }

    #[test]
    fn the_title_bears_the_badge_behind_the_count_of_alerts_and_loses_it() {
        assert_eq!(title("Spreadscope", true), "REPLAY · Spreadscope");
        assert_eq!(title("(2) Spreadscope", true), "(2) REPLAY · Spreadscope");
        assert_eq!(title(&title("(2) Spreadscope", true), true), "(2) REPLAY · Spreadscope");
        assert_eq!(title("(2) REPLAY · Spreadscope", false), "(2) Spreadscope");
    }
}
