//! The state of a replay on the page, and the words for its place in a link.

pub mod span;
pub mod transport;

use crate::view::files::table::Cell;
use crate::view::numbers::calendar;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::messages::event::ReplayNews;
use spreadscope_engine::replay::Place;
use spreadscope_engine::settings::Source;

/// Times permitted in a link, milliseconds since 1970: 1973 to 2286.
const TIMES: core::ops::Range<i64> = 100_000_000_000..10_000_000_000_000;

/// A replay as far as the page's main part knows it; the rest is for the replay's own part to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the transport bar")]
pub struct Playback {
    /// Whether the transport is shown.
    pub is_shown: bool,
    /// Whether a replay is running.
    pub is_on: bool,
    /// Whether a requested span has not arrived yet.
    pub is_awaited: bool,
    /// Why a requested replay did not start.
    pub refusal: String,
    /// The session's state, encoded; of a replay that is over, the one in which it reached the present, if it did.
    pub state: Vec<u8>,
    /// Whether replayed alerts use sounds and notifications as live ones do.
    pub calls: bool,
}

impl Playback {
    /// Shows the transport, or hides it if no replay is running.
    pub fn show(&mut self) {
        self.is_shown = !self.is_shown || self.is_on;
    }

    /// Takes a replay's news; the end of a replay hides the transport, unless another one follows.
    pub fn take(&mut self, news: &ReplayNews) {
        self.is_shown = news.is_on || news.is_awaited || !news.refusal.is_empty();
        self.is_on = news.is_on;
        // what was requested a moment ago may not be known there yet
        let is_answered = news.afresh || !news.refusal.is_empty();
        self.is_awaited = news.is_awaited || self.is_awaited && news.is_on && !is_answered;
        self.refusal.clone_from(&news.refusal);
        self.state.clone_from(&news.state);
    }

    /// Returns whether a span is to come, or is to be chosen, and none is on.
    pub fn is_open(&self) -> bool {
        self.is_shown && !self.is_on && self.refusal.is_empty()
    }

    /// Returns whether new alerts are announced: those of a replay if the user wants that, otherwise all but
    /// those of a recording, which are marks on its charts rather than news.
    pub fn announces(&self, source: &Source) -> bool {
        if self.is_on { self.calls } else { *source != Source::Recording }
    }
}

/// Returns the lines for a file's head that give the span of the replay it comes from.
pub fn head(place: &Place) -> [(&'static str, Cell); 2] {
    let time = |time: UnixMillis| Cell::Text(calendar::iso(time.0));
    [("replay_from", time(place.from)), ("replay_to", time(place.to))]
}

/// Returns the same as a short caption below a picture's title.
pub fn caption(place: &Place) -> String {
    let [from, to] = [place.from.0, place.to.0];
    let [day, last] = [from, to].map(calendar::date);
    let until = if day == last { calendar::clock(to) } else { format!("{last} {}", calendar::clock(to)) };
    format!("REPLAY {day} {} – {until} UTC", calendar::clock(from))
}

/// Returns `place` as a link carries it.
pub fn write(place: &Place) -> String {
    let begins = place.begins.map_or_else(String::new, |begins| format!(".{}", begins.0));
    format!("{}.{}.{}{begins}", place.from.0, place.to.0, place.at.0)
}

/// Reads a place that [`write()`] wrote.
///
/// # Errors
/// A clause: what it must be.
pub fn read(text: &str) -> Result<Place, String> {
    let times =
        text.split('.').map(|time| time.parse().ok().filter(|time| TIMES.contains(time)).map(UnixMillis));
    let times: Option<Vec<UnixMillis>> = times.collect();
    match times.as_deref() {
        Some(&[from, to, at]) if from < to && (from..=to).contains(&at) => {
            Ok(Place { from, to, at, begins: None })
        }
        // where the bars before the span begin: the same link comes to the same numbers
        Some(&[from, to, at, begins]) if from < to && (from..=to).contains(&at) && begins <= from => {
            Ok(Place { from, to, at, begins: Some(begins) })
        }
        _ => Err("it must be from, to and a time between them, milliseconds since 1970".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_anything_else_is_refused() {
        let [from, to, at] = [1_700_000_000_000, 1_700_003_600_000, 1_700_000_000_000].map(UnixMillis);
        for begins in [None, Some(from - 900_000)] {
            let place = Place { from, to, at, begins };
            assert_eq!(read(&write(&place)), Ok(place));
        }
        let none =
            ["", "1", "1.2.3", "1700000000000.1700003600000", "1700003600000.1700000000000.1700000000000"];
        let others = [
            "1700000000000.1700003600000.1700003600001",
            "1700000000000.1700003600000.1700000000000.4",
            "1700000000000.1700003600000.1700000000000.1700000000001",
        ];
        for text in none.into_iter().chain(others) {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_picture_names_the_span_and_its_second_day_alone_where_there_is_one() {
        let place = |to| Place {
            from: UnixMillis(1_700_000_000_000),
            to: UnixMillis(to),
            at: UnixMillis(to),
            begins: None,
        };
        assert_eq!(caption(&place(1_700_003_600_000)), "REPLAY 2023-11-14 22:13:20 – 23:13:20 UTC");
        assert_eq!(
            caption(&place(1_700_086_400_000)),
            "REPLAY 2023-11-14 22:13:20 – 2023-11-15 22:13:20 UTC"
        );
    }

    #[test]
    fn a_replay_shows_its_transport_and_its_alerts_call_only_where_that_is_wanted() {
        let mut playback = Playback::default();
        assert!(playback.announces(&Source::Binance) && !playback.announces(&Source::Recording));
        playback.show();
        playback.take(&ReplayNews { is_on: true, ..ReplayNews::default() });
        assert!(playback.is_shown && playback.is_on && !playback.announces(&Source::Binance));
        playback.show();
        assert!(playback.is_shown, "that of a replay that is on stays");
        playback.calls = true;
        assert!(playback.announces(&Source::Binance) && playback.announces(&Source::Recording));
        // another span cannot be had, and this one continues
        playback.is_awaited = true;
        playback.take(&ReplayNews { is_on: true, ..ReplayNews::default() });
        assert!(playback.is_awaited, "the news was on its way already");
        playback.take(&ReplayNews { is_on: true, refusal: "no bars".to_owned(), ..ReplayNews::default() });
        assert!(playback.is_on && !playback.is_awaited && playback.refusal == "no bars");
        // of another pair, the same span follows
        playback.take(&ReplayNews { afresh: true, is_awaited: true, ..ReplayNews::default() });
        assert!(playback.is_shown && playback.is_awaited && playback.is_open() && !playback.is_on);
        playback.take(&ReplayNews { is_on: true, afresh: true, ..ReplayNews::default() });
        assert!(playback.is_on && !playback.is_awaited && !playback.is_open());
        playback.take(&ReplayNews::default());
        assert!(!playback.is_shown && !playback.is_on && !playback.is_open());
        playback.take(&ReplayNews { refusal: "no bars".to_owned(), ..ReplayNews::default() });
        assert!(playback.is_shown && !playback.is_on);
    }
}
