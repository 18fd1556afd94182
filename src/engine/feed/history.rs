//! What to fetch over REST, when, and what to do with the answer: the past at the start, and holes later.
//!
//! One question per leg is under way at a time. A refusal (region, ban, limit, no CORS header) pauses all of
//! them; the page is told which it was.

use super::klines::{self, Kline, LIMIT, Span};
use crate::bars::{Bar, Bars};
use crate::event::Origin;
use crate::feed::Backfill;
use crate::input::FetchError;
use crate::symbol::Leg;
use crate::{Interval, Symbol, UnixMillis};

/// REST lags the stream: a bar is asked for this long after its close.
const LAG_MILLIS: i64 = 2_000;
/// A bar that REST does not have this long after its close was never traded in.
const OUTAGE_MILLIS: i64 = 30_000;
/// Wait after a refusal that names no time of its own.
const REFUSED_MILLIS: i64 = 60_000;
/// First wait after a failure; it doubles up to [`REFUSED_MILLIS`].
const FAILED_MILLIS: i64 = 2_000;

/// The bars of one market at one interval, and how far their past has been fetched.
#[derive(Debug)]
pub struct Track {
    /// The bars.
    pub bars: Bars,
    wanted: usize,
    fetched: usize,
    before: Option<UnixMillis>,
    not_before: UnixMillis,
}

impl Track {
    /// An empty track that wants its start from REST.
    pub fn new(interval: Interval, has_history: bool) -> Self {
        let wanted = if has_history { interval.bars_at_start() } else { 0 };
        Self { bars: Bars::new(interval), wanted, fetched: 0, before: None, not_before: UnixMillis(0) }
    }

    /// Takes note at local time `now` that bars have come from elsewhere. Where they reach back as far as the
    /// start would, only what is newer than they are is wanted; a clock that is set wrong costs a few bars more,
    /// or leaves a hole that is found later.
    pub fn resume(&mut self, now: UnixMillis) {
        let Some((first, end)) = self.bars.first().zip(self.bars.end()) else { return };
        let interval = self.bars.interval();
        let start = now - i64::try_from(interval.bars_at_start()).unwrap_or(0) * interval.millis();
        if self.wanted == 0 || self.fetched > 0 || first > start {
            return;
        }
        // the bar in progress, and one more for a clock that is a little late
        let newer = usize::try_from(now.since(end) / interval.millis()).unwrap_or(0) + 2;
        self.wanted = newer.min(interval.bars_kept());
    }

    /// Bars of the start that are still to come.
    pub fn outstanding(&self) -> usize {
        self.wanted.saturating_sub(self.fetched)
    }
}

/// A question under way.
#[derive(Debug, Clone, Copy)]
struct Question {
    id: u64,
    leg: Leg,
    interval: Interval,
    span: Span,
}

/// A question to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub id: u64,
    /// Its address.
    pub url: String,
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The market.
    pub leg: Leg,
    /// The interval.
    pub interval: Interval,
    /// Earliest bar that changed.
    pub from: UnixMillis,
    /// Whether it is a page of the start, and not a hole.
    pub start: bool,
}

/// The plan of all questions. Waits are in local time, ages of bars in exchange time.
#[derive(Debug)]
pub struct History {
    hosts: Vec<String>,
    host: usize,
    next_id: u64,
    asked: [Option<Question>; 2],
    failures: u32,
    paused: Option<(UnixMillis, String)>,
    refusal: bool,
}

impl History {
    /// A plan that asks `hosts`, the first first.
    pub fn new(hosts: Vec<String>, first_id: u64) -> Self {
        Self {
            hosts,
            host: 0,
            next_id: first_id,
            asked: [None, None],
            failures: 0,
            paused: None,
            refusal: false,
        }
    }

    /// The number of the next question; a plan that follows this one begins there.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The next question about `leg`, if one is due: the start of its tracks first, then their holes.
    ///
    /// `end` is the open time behind the last closed second.
    pub fn ask(
        &mut self,
        local: UnixMillis,
        exchange_now: Option<UnixMillis>,
        leg: Leg,
        symbol: &Symbol,
        tracks: &mut [Track],
    ) -> Option<Request> {
        let busy = self.asked[leg as usize].is_some();
        if busy || self.paused.as_ref().is_some_and(|(until, _)| local < *until) {
            return None;
        }
        let (interval, span) = tracks
            .iter()
            .find_map(start_of)
            .or_else(|| tracks.iter_mut().find_map(|track| hole_in(track, local, exchange_now?)))?;
        let id = self.next_id;
        self.next_id += 1;
        self.asked[leg as usize] = Some(Question { id, leg, interval, span });
        let host = &self.hosts[self.host % self.hosts.len()];
        Some(Request { id, url: klines::url(host, symbol, interval, span) })
    }

    /// The leg that the answer `id` is about; `None` for one of an earlier plan.
    pub fn leg_of(&self, id: u64) -> Option<Leg> {
        self.asked.iter().flatten().find(|question| question.id == id).map(|question| question.leg)
    }

    /// Takes an answer about `leg` and puts its bars into `tracks`.
    pub fn answer(
        &mut self,
        local: UnixMillis,
        exchange_now: Option<UnixMillis>,
        leg: Leg,
        tracks: &mut [Track],
        answer: Result<String, FetchError>,
    ) -> Option<Filled> {
        let question = self.asked[leg as usize].take()?;
        let track = tracks.iter_mut().find(|track| track.bars.interval() == question.interval)?;
        let klines = match answer {
            Ok(body) => klines::parse(&body, question.interval).map_err(|error| error.to_string()),
            Err(error) => {
                self.fail(local, &error);
                return None;
            }
        };
        match klines {
            Ok(klines) => {
                self.failures = 0;
                self.paused = None;
                self.refusal = false;
                take(track, question, local, exchange_now, &klines)
            }
            Err(reason) => {
                self.pause(local, reason);
                None
            }
        }
    }

    fn fail(&mut self, local: UnixMillis, error: &FetchError) {
        self.host += 1;
        match error {
            FetchError::TimedOut => self.pause(local, "the exchange did not answer in time".to_owned()),
            FetchError::Unreachable(_) if !self.host.is_multiple_of(self.hosts.len()) => {
                self.pause(local, "the first address did not answer".to_owned());
            }
            FetchError::Unreachable(detail) => self.refuse(
                local + REFUSED_MILLIS,
                format!("no answer that the browser may read: blocked here, banned for a while, or offline ({detail})"),
            ),
            FetchError::Status { code: 451 | 403, .. } => self.refuse(
                local + REFUSED_MILLIS,
                "the exchange does not serve this region (HTTP 451)".to_owned(),
            ),
            FetchError::Status { code: 418, body } => {
                let wait = banned_until(body).map_or(2 * REFUSED_MILLIS, |until| until.since(local));
                let wait = wait.clamp(REFUSED_MILLIS, 3 * 86_400_000);
                self.refuse(local + wait, "this address is banned for a while (HTTP 418)".to_owned());
            }
            FetchError::Status { code: 429, .. } => self.refuse(
                local + REFUSED_MILLIS,
                "too many questions in a minute from this address (HTTP 429)".to_owned(),
            ),
            FetchError::Status { code: 400, body } => {
                self.refuse(local + REFUSED_MILLIS, format!("the exchange refuses the question: {body}"));
            }
            FetchError::Status { code, .. } => {
                self.pause(local, format!("the exchange answered with HTTP {code}"));
            }
        }
    }

    fn pause(&mut self, local: UnixMillis, reason: String) {
        let wait = (FAILED_MILLIS << self.failures.min(5)).min(REFUSED_MILLIS);
        self.failures += 1;
        self.paused = Some((local + wait, reason));
    }

    fn refuse(&mut self, until: UnixMillis, reason: String) {
        self.refusal = true;
        self.paused = Some((until, reason));
    }

    /// Ends a pause at once.
    pub fn resume(&mut self) {
        self.paused = None;
        self.failures = 0;
    }

    /// The reason and the rest of a pause that the exchange itself demands.
    pub fn refusal(&self, local: UnixMillis) -> Option<(&str, i64)> {
        let (until, reason) = self.paused.as_ref()?;
        self.refusal.then(|| (reason.as_str(), until.since(local).max(0)))
    }

    /// When a pause ends.
    pub fn deadline(&self) -> Option<UnixMillis> {
        self.paused.as_ref().map(|(until, _)| *until)
    }

    /// Whether one leg's start has come further than the other's, and the other's is on its way.
    pub fn is_uneven(&self, tracks: [&[Track]; 2]) -> bool {
        let outstanding = tracks.map(|tracks| tracks.iter().map(Track::outstanding).sum::<usize>());
        self.paused.is_none() && outstanding[0] != outstanding[1]
    }

    /// How far it has come, for the page.
    pub fn progress<'a>(&self, local: UnixMillis, tracks: impl Iterator<Item = &'a Track>) -> Backfill {
        let (wanted, fetched) = tracks.fold((0, 0), |(wanted, fetched), track| {
            (wanted + track.wanted, fetched + track.fetched.min(track.wanted))
        });
        match &self.paused {
            Some((until, reason)) => {
                Backfill::Failed { reason: reason.clone(), retry_in_millis: until.since(local).max(0) }
            }
            None if wanted == 0 => Backfill::Unavailable,
            None if fetched < wanted => Backfill::Loading { done: fetched, wanted },
            None => Backfill::Done,
        }
    }
}

fn start_of(track: &Track) -> Option<(Interval, Span)> {
    let bars = track.outstanding().min(LIMIT);
    let span = match track.before {
        None => Span::Newest { bars },
        Some(end) => Span::Before { end, bars },
    };
    (bars > 0).then(|| (track.bars.interval(), span))
}

fn hole_in(track: &mut Track, local: UnixMillis, exchange_now: UnixMillis) -> Option<(Interval, Span)> {
    if track.wanted == 0 || local < track.not_before {
        return None;
    }
    let interval = track.bars.interval();
    let end = interval.floor(exchange_now - LAG_MILLIS);
    let (from, to) = track.bars.first_hole(end, LIMIT)?;
    Some((interval, Span::Between { from, to }))
}

/// Puts the answer to `question` into its track.
fn take(
    track: &mut Track,
    question: Question,
    local: UnixMillis,
    exchange_now: Option<UnixMillis>,
    klines: &[Kline],
) -> Option<Filled> {
    let interval = question.interval;
    let filled = |from, start| Filled { leg: question.leg, interval, from, start };
    match question.span {
        Span::Between { from, to } => {
            let mut answered = klines.iter().peekable();
            let mut earliest = None;
            let mut at = from;
            while at <= to {
                let kline = answered.next_if(|kline| kline.open_time == at);
                let settled =
                    exchange_now.is_some_and(|now| now.since(at + interval.millis()) > OUTAGE_MILLIS);
                let bar = match kline {
                    Some(kline) => Some(kline.bar),
                    None if settled => Some(Bar { origin: Origin::Outage, traded: None }),
                    None => None,
                };
                match bar {
                    Some(bar) => {
                        track.bars.put(at, bar);
                        earliest.get_or_insert(at);
                    }
                    None => track.not_before = local + LAG_MILLIS,
                }
                at = at + interval.millis();
            }
            earliest.map(|from| filled(from, false))
        }
        Span::Newest { bars } | Span::Before { bars, .. } => {
            // the newest answer ends with the bar in progress, which is not a bar yet
            let closed = match question.span {
                Span::Newest { .. } => &klines[..klines.len().saturating_sub(1)],
                _ => klines,
            };
            for kline in closed.iter().rev() {
                if !track.bars.get(kline.open_time).known() {
                    track.bars.put(kline.open_time, kline.bar);
                }
            }
            track.before = klines.first().map(|kline| kline.open_time);
            // a short page is the market's beginning: there is no more to ask for
            let short = klines.len() < bars;
            track.fetched = if short { track.wanted } else { track.fetched + klines.len() };
            closed.first().map(|kline| filled(kline.open_time, true))
        }
    }
}

/// The end of a ban, which only the words of the body tell a browser:
/// `{"code":-1003,"msg":"Way too much request weight used; IP banned until 1659146400000. …"}`
fn banned_until(body: &str) -> Option<UnixMillis> {
    let digits = body.split_once("banned until ")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().map(UnixMillis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_700_000_000_500);

    fn symbol() -> Symbol {
        Symbol::new("BTCUSDT").unwrap()
    }

    fn body(from: i64, bars: i64) -> String {
        let rows: Vec<String> = (0..bars)
            .map(|n| {
                let open = from + n * 1_000;
                format!(r#"[{open},"1.0","1.0","1.0","1.0","2.0",{},"2.0",1,"0.0","0.0","0"]"#, open + 999)
            })
            .collect();
        format!("[{}]", rows.join(","))
    }

    fn history() -> (History, [Track; 1]) {
        let hosts = vec!["https://a".to_owned(), "https://b".to_owned()];
        (History::new(hosts, 1), [Track::new(Interval::OneSecond, true)])
    }

    #[test]
    fn the_start_is_fetched_backwards_page_by_page_and_leaves_the_open_bar_out() {
        let (mut history, mut tracks) = history();
        let newest = NOW.0 - 500;
        let mut end = newest;
        for page in 0..4 {
            let request = history.ask(NOW, None, Leg::Y, &symbol(), &mut tracks).unwrap();
            let limit = if page == 3 { 600 } else { 1_000 };
            assert!(request.url.ends_with(&format!("limit={limit}")), "{}", request.url);
            assert_eq!(request.url.contains("endTime"), page > 0);
            assert_eq!(history.ask(NOW, None, Leg::Y, &symbol(), &mut tracks), None);
            let first = if page == 0 { end - 999_000 } else { end - limit * 1_000 };
            let filled = history.answer(NOW, None, Leg::Y, &mut tracks, Ok(body(first, limit))).unwrap();
            assert_eq!((filled.from.0, filled.start), (first, true));
            end = first;
        }
        assert_eq!(history.ask(NOW, None, Leg::Y, &symbol(), &mut tracks), None);
        assert_eq!(tracks[0].bars.len(), 3_599);
        assert_eq!(tracks[0].bars.end(), Some(UnixMillis(newest)));
    }

    #[test]
    fn a_hole_is_asked_for_once_it_is_old_enough_and_what_rest_lacks_becomes_an_outage() {
        let (mut history, mut tracks) = history();
        tracks[0].wanted = 1;
        tracks[0].fetched = 1;
        let at = |second: i64| UnixMillis(NOW.0 - 500 + second * 1_000);
        let known = Bar { origin: Origin::History, traded: None };
        tracks[0].bars.put(at(0), known);
        tracks[0].bars.put(at(4), known);
        assert_eq!(history.ask(NOW, Some(at(2)), Leg::Y, &symbol(), &mut tracks), None);
        let request = history.ask(NOW, Some(at(100)), Leg::Y, &symbol(), &mut tracks).unwrap();
        let (from, to) = (at(1).0, at(3).0);
        assert!(request.url.contains(&format!("startTime={from}&endTime={to}")), "{}", request.url);
        history.answer(NOW, Some(at(100)), Leg::Y, &mut tracks, Ok(body(at(2).0, 1)));
        let origins: Vec<Origin> = (1..4).map(|second| tracks[0].bars.get(at(second)).origin).collect();
        assert_eq!(origins, [Origin::Outage, Origin::History, Origin::Outage]);
    }

    #[test]
    fn refusals_wait_and_say_which_they_are() {
        let ban = r#"{"code":-1003,"msg":"Way too much request weight used; IP banned until 1700000300500. Please"}"#;
        let status = |code, body: &str| FetchError::Status { code, body: body.to_owned() };
        let cases = [
            (status(451, ""), "region", 60_000),
            (status(418, ban), "banned", 300_000),
            (status(429, ""), "too many", 60_000),
        ];
        for (error, word, wait) in cases {
            let (mut history, mut tracks) = history();
            history.ask(NOW, None, Leg::Y, &symbol(), &mut tracks).unwrap();
            history.answer(NOW, None, Leg::Y, &mut tracks, Err(error));
            let (reason, left) = history.refusal(NOW).unwrap();
            assert!(reason.contains(word) && left == wait, "{reason} {left}");
            assert_eq!(history.ask(NOW + wait - 1, None, Leg::Y, &symbol(), &mut tracks), None);
            let request = history.ask(NOW + wait, None, Leg::Y, &symbol(), &mut tracks).unwrap();
            assert!(request.url.starts_with("https://b"), "{}", request.url);
        }
    }

    #[test]
    fn an_unreachable_host_is_left_for_the_next_before_it_is_called_a_refusal() {
        let (mut history, mut tracks) = history();
        let lost = || Err(FetchError::Unreachable("TypeError".into()));
        history.ask(NOW, None, Leg::Y, &symbol(), &mut tracks).unwrap();
        history.answer(NOW, None, Leg::Y, &mut tracks, lost());
        assert_eq!(history.refusal(NOW), None);
        let later = history.deadline().unwrap();
        history.ask(later, None, Leg::Y, &symbol(), &mut tracks).unwrap();
        history.answer(later, None, Leg::Y, &mut tracks, lost());
        assert!(history.refusal(later).is_some());
    }
}
