//! The transport of a replay: spans, speeds, keys, and its state in words.

use spreadscope_engine::UnixMillis;
use spreadscope_engine::base::calendar;
use spreadscope_engine::replay::{AtEnd, Place, ReplayCommand, SPEEDS, State};

/// A choice of span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanChoice {
    /// The newest hour available.
    Hour,
    /// The newest day available.
    Day,
    /// Everything that the desk holds.
    All,
    /// From one time to another.
    Between,
}

impl SpanChoice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::All, Self::Between];

    /// Returns its name in the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::All => "all",
            Self::Between => "between",
        }
    }

    /// Returns its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hour => "Last hour",
            Self::Day => "Last day",
            Self::All => "Everything",
            Self::Between => "From – to…",
        }
    }

    /// Returns the choice called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text)
    }

    /// Returns the request to send at once; `None` if two times must be given first.
    pub const fn command(self) -> Option<ReplayCommand> {
        match self {
            Self::Hour => Some(ReplayCommand::OpenLast { millis: 3_600_000 }),
            Self::Day => Some(ReplayCommand::OpenLast { millis: 86_400_000 }),
            Self::All => Some(ReplayCommand::OpenLast { millis: i64::MAX }),
            Self::Between => None,
        }
    }
}

/// Returns a time as a date-time field takes it, `2026-11-24T14:03:22`.
pub fn field_value(millis: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let millis = millis as i64;
    format!("{}T{}", calendar::date(millis), calendar::clock(millis))
}

/// Returns the request to replay from `from` to `to`, from the start.
///
/// # Errors
/// A sentence: what is wrong with the times.
pub fn between(from: Option<f64>, to: Option<f64>) -> Result<ReplayCommand, &'static str> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let [from, to] = [from, to].map(|time| time.map(|millis| UnixMillis(millis as i64)));
    match (from, to) {
        (Some(from), Some(to)) if from < to => Ok(ReplayCommand::Open(Place { from, to, at: from })),
        (Some(_), Some(_)) => Err("The span must begin before it ends."),
        _ => Err("A span needs a time at both ends."),
    }
}

/// Returns the command of a key for a replay in `state`.
pub fn key(name: &str, state: &State) -> Option<ReplayCommand> {
    Some(match name {
        " " => play_or_pause(state),
        "." => ReplayCommand::Step(1),
        "," => ReplayCommand::Step(-1),
        "n" | "N" => ReplayCommand::NextAlert,
        "[" => ReplayCommand::Speed(next_speed(state.speed, false)),
        "]" => ReplayCommand::Speed(next_speed(state.speed, true)),
        "g" | "G" => ReplayCommand::GoLive,
        _ => return None,
    })
}

/// Returns the command of the play button.
pub const fn play_or_pause(state: &State) -> ReplayCommand {
    if state.is_playing { ReplayCommand::Pause } else { ReplayCommand::Play }
}

/// Returns the next speed up or down, as far as there is one.
fn next_speed(speed: u32, up: bool) -> u32 {
    let next = if up {
        SPEEDS.into_iter().find(|other| *other > speed)
    } else {
        SPEEDS.into_iter().rev().find(|other| *other < speed)
    };
    next.unwrap_or(speed)
}

/// Returns the progress in a word that seldom changes, for screen readers.
pub const fn doing(state: &State) -> &'static str {
    match state {
        State { is_seeking: true, .. } => "seeking",
        State { is_playing: true, .. } => "plays",
        _ if state.at.0 >= state.to.0 => "at the end",
        _ => "stands",
    }
}

/// Returns a word on a replay that is not within its span, for everyone to see.
pub fn outside(state: &State) -> Option<String> {
    let word = match state {
        _ if state.at < state.from => {
            let done = state.at.since(state.begins).max(0);
            let percent = 100 * done / state.from.since(state.begins).max(1);
            return Some(format!("Warming up on the bars before the span: {percent} %"));
        }
        State { is_seeking: false, is_playing: false, .. } if state.at >= state.to => match state.at_end {
            AtEnd::Stop => "End of the span: go live, or play it again",
            AtEnd::GoLive => "End of the span, which was the present: go live, or play it again",
        },
        _ => return None,
    };
    Some(word.to_owned())
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
        let said = |at: i64, is_seeking: bool| {
            let [from, to, at] = [10, 20, at].map(UnixMillis);
            outside(&State { begins: UnixMillis(6), from, to, at, is_seeking, ..State::default() })
        };
        let warming =
            [5, 6, 9].map(|at| said(at, true).and_then(|word| Some(word.rsplit_once(": ")?.1.to_owned())));
        assert_eq!(warming.each_ref().map(Option::as_deref), [Some("0 %"), Some("0 %"), Some("75 %")]);
        assert!([said(10, false), said(19, true), said(20, true)].iter().all(Option::is_none));
        assert!(said(20, false).is_some_and(|word| word.starts_with("End of the span: go live")));
        let present = State { at_end: AtEnd::GoLive, ..State::default() };
        assert!(outside(&present).is_some_and(|word| word.contains("which was the present")));
    }

    #[test]
    fn every_choice_of_a_span_reads_back_and_asks() {
        for choice in SpanChoice::ALL {
            assert_eq!(SpanChoice::parse(choice.as_str()), Some(choice));
        }
        assert_eq!(SpanChoice::Between.command(), None);
        let [from, to] = [1_700_000_000_000.0, 1_700_000_060_000.0];
        let place = Place {
            from: UnixMillis(1_700_000_000_000),
            to: UnixMillis(1_700_000_060_000),
            at: UnixMillis(1_700_000_000_000),
        };
        assert_eq!(between(Some(from), Some(to)), Ok(ReplayCommand::Open(place)));
        assert_eq!(field_value(to), "2023-11-14T22:14:20");
        assert!(between(Some(to), Some(from)).is_err() && between(None, Some(to)).is_err());
    }

    #[test]
    fn keys_ask_for_what_can_be_done() {
        let state = State { speed: 10, is_playing: true, ..State::default() };
        assert_eq!(key(" ", &state), Some(ReplayCommand::Pause));
        assert_eq!(key("]", &state), Some(ReplayCommand::Speed(25)));
        assert_eq!(key("[", &state), Some(ReplayCommand::Speed(5)));
        assert_eq!(key("]", &State { speed: 100, ..State::default() }), Some(ReplayCommand::Speed(100)));
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
