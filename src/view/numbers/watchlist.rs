//! The watched pairs in words: z, p-value and half-life, and how recent they are.

use crate::view::numbers::calendar;
use crate::view::numbers::format::{self, ABSENT};
use crate::view::numbers::verdict::gates;
use crate::view::screen::model::Model;
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome};
use spreadscope_engine::scan::watchlist::PAIRS_AT_MOST;
use spreadscope_engine::scan::{Ended, Watched, Watching};
use spreadscope_engine::{Interval, Pair};

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellText {
    /// The text shown.
    pub text: String,
    /// A remark.
    pub note: String,
}

fn cell_text(text: impl Into<String>, note: impl Into<String>) -> CellText {
    CellText { text: text.into(), note: note.into() }
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchLine {
    /// The pair.
    pub pair: Pair,
    /// z-score at the last prices, or of the last closed minute.
    pub z: CellText,
    /// Engle-Granger p-value.
    pub p: CellText,
    /// Half-life of the residual.
    pub half_life: CellText,
    /// What is wrong, if anything.
    pub trouble: Option<String>,
}

/// Returns the lines of `pairs`, in their order.
pub fn lines(pairs: &[Pair], model: &Model) -> Vec<WatchLine> {
    let line = |pair: &Pair| {
        if let Some(watched) = model.watchlist.pairs.iter().find(|watched| watched.pair == *pair) {
            return of(watched, model.settings.z_threshold);
        }
        let waits = || cell_text(ABSENT, "not requested yet");
        WatchLine { pair: pair.clone(), z: waits(), p: waits(), half_life: waits(), trouble: None }
    };
    pairs.iter().map(line).collect()
}

fn of(watched: &Watched, threshold: f64) -> WatchLine {
    let marked = |z: f64| {
        let mark = match z {
            z if z >= threshold => "▲ ",
            z if z <= -threshold => "▼ ",
            _ => "",
        };
        format!("{mark}{}", format::signed(z, 2))
    };
    let z = match &watched.z {
        Some(Metric::Ready(closed)) => match watched.z_now {
            Some(now) => cell_text(
                marked(now),
                format!("now; {} at the close of the last minute", format::signed(*closed, 2)),
            ),
            None => cell_text(marked(*closed), "of the last closed minute"),
        },
        Some(Metric::Provisional { seen, needed, .. } | Metric::Warming { seen, needed }) => {
            cell_text(ABSENT, format!("{seen} of {needed} bars"))
        }
        Some(Metric::Undefined(reason)) => cell_text("undefined", reason.clone()),
        None => cell_text(ABSENT, "no bars yet"),
    };
    let (p, half_life) = match &watched.tests {
        Some(Outcome::Done(report)) => (
            cell_text(format::p_value(report.engle_granger_p_value), "Engle-Granger"),
            match &report.half_life {
                HalfLife::Reverting { bars, secs } => {
                    let objection = gates::below_a_bar(*bars, Interval::OneMinute);
                    cell_text(
                        format::duration(*secs),
                        objection.map_or_else(String::new, |objection| objection.short),
                    )
                }
                HalfLife::None(reason) => cell_text("none", reason.clone()),
            },
        ),
        Some(Outcome::Warming { seen, needed }) => {
            let few = || cell_text(ABSENT, format!("{seen} of {needed} bars"));
            (few(), few())
        }
        Some(Outcome::Undefined(reason)) => {
            (cell_text("undefined", reason.clone()), cell_text("undefined", reason.clone()))
        }
        None => (cell_text(ABSENT, "no bars yet"), cell_text(ABSENT, "no bars yet")),
    };
    let trouble = watched.trouble.clone().or_else(|| ended(&watched.ended));
    WatchLine { pair: watched.pair.clone(), z, p, half_life, trouble }
}

/// Returns since when a pair has had no bars, and which leg if only one is affected.
fn ended(legs: &[Ended]) -> Option<String> {
    let first = legs.iter().min_by_key(|leg| leg.last_close_time)?;
    let since = calendar::date(first.last_close_time.0);
    Some(match legs {
        [leg] => format!("{}: no bars since {since}", leg.symbol),
        _ => format!("no bars since {since}"),
    })
}

/// Returns the pair's short name, `BTC / ETH`; the full one if the quotes differ.
pub fn short_name(pair: &Pair) -> String {
    let [y, x] = [&pair.y, &pair.x].map(|symbol| (symbol.base(), &symbol.as_str()[symbol.base().len()..]));
    if y.1 == x.1 { format!("{} / {}", y.0, x.0) } else { format!("{} / {}", pair.y, pair.x) }
}

/// Returns a note if there are more `favourites` than are watched.
pub fn left_out(favourites: usize) -> Option<String> {
    (favourites > PAIRS_AT_MOST).then(|| format!("The newest {PAIRS_AT_MOST} of {favourites} favourites."))
}

/// Returns where the numbers come from, and the time of the oldest of them.
pub fn freshness(model: &Model, now_millis: i64) -> String {
    let Watching { pairs, priced_at, no_prices } = &model.watchlist;
    let oldest = pairs.iter().filter_map(|watched| watched.open_time).min();
    let until = oldest.map_or_else(
        || "waiting for the first".to_owned(),
        |open_time| format!("closed by {} UTC", calendar::dated(open_time.0 + 60_000, now_millis)),
    );
    let now = match (priced_at, no_prices) {
        (Some(time), _) => format!(" z by prices of {} UTC.", calendar::dated(time.0, now_millis)),
        (None, Some(reason)) => format!(" No last prices: {reason}."),
        (None, None) => String::new(),
    };
    format!("1 m bars over REST with the windows of the settings, {until}.{now}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::{Settings, UnixMillis};

    #[test]
    fn favourites_that_are_not_watched_are_counted() {
        assert_eq!(left_out(PAIRS_AT_MOST), None);
        assert_eq!(left_out(24).unwrap(), "The newest 8 of 24 favourites.");
    }

    #[test]
    fn what_is_undefined_says_so_and_what_is_stretched_has_a_mark() {
        let mut model = Model::new(Settings::default());
        let pair = model.settings.pair.clone();
        assert_eq!(lines(std::slice::from_ref(&pair), &model)[0].z.text, ABSENT);
        let watched = |z| Watched {
            pair: pair.clone(),
            open_time: Some(UnixMillis(1_700_000_040_000)),
            z: Some(z),
            z_now: None,
            tests: Some(Outcome::Undefined("y does not vary".to_owned())),
            ended: Vec::new(),
            trouble: None,
        };
        model.watchlist.pairs = vec![watched(Metric::Ready(-2.5))];
        let line = &lines(std::slice::from_ref(&pair), &model)[0];
        assert_eq!(line.z.text, "▼ \u{2212}2.50");
        assert_eq!((line.p.text.as_str(), line.p.note.as_str()), ("undefined", "y does not vary"));
        let fresh = |now| freshness(&model, now);
        assert!(
            fresh(1_700_000_050_000).ends_with("closed by 22:15:00 UTC."),
            "{}",
            fresh(1_700_000_050_000)
        );
        assert!(
            fresh(1_700_100_000_000).ends_with("closed by 2023-11-14 22:15:00 UTC."),
            "{}",
            fresh(1_700_100_000_000)
        );
        model.watchlist.pairs = vec![Watched { z_now: Some(2.25), ..watched(Metric::Ready(-2.5)) }];
        model.watchlist.priced_at = Some(UnixMillis(1_700_000_104_000));
        let line = &lines(std::slice::from_ref(&pair), &model)[0];
        assert_eq!(line.z, cell_text("▲ +2.25", "now; \u{2212}2.50 at the close of the last minute"));
        let fresh = freshness(&model, 1_700_000_104_000);
        assert!(fresh.ends_with("z by prices of 22:15:04 UTC."), "{fresh}");
        model.watchlist.pairs = vec![watched(Metric::Warming { seen: 7, needed: 300 })];
        assert_eq!(lines(&[pair], &model)[0].z.note, "7 of 300 bars");
    }

    // GLEECBTC/coins PR #895
    #[test]
    fn a_pair_that_has_ended_says_since_when_and_names_the_leg_that_has() {
        let ended = |symbol: &str, last_close_time| Ended {
            symbol: spreadscope_engine::Symbol::new(symbol).unwrap(),
            last_close_time: UnixMillis(last_close_time),
        };
        let [bcc, ven] = [ended("BCCUSDT", 1_542_254_400_000), ended("VENUSDT", 1_532_000_000_000)];
        assert_eq!(super::ended(&[]), None);
        assert_eq!(super::ended(std::slice::from_ref(&bcc)).unwrap(), "BCCUSDT: no bars since 2018-11-15");
        assert_eq!(super::ended(&[bcc, ven]).unwrap(), "no bars since 2018-07-19");
    }
}
