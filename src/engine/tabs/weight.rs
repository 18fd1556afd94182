//! The limits that the exchange counts by IP address, and so all tabs share: request weight and refusals.

use crate::UnixMillis;
use crate::binance::FetchError;
use crate::connection::{Refused, Spent};
use crate::messages::protocol::BetweenTabs;
use crate::settings::Source;

/// The exchange's budget is per minute.
const MINUTE_MILLIS: i64 = 60_000;

/// Most hidden failures kept; more in a row do not make a wait longer.
const HIDDEN_KEPT: usize = 4;
/// Hidden failures older than this are forgotten; no wait for one is longer.
const HIDDEN_MILLIS: i64 = 1_000_000;

/// Tells other tabs about an engine's requests, and takes their messages.
#[derive(Debug, Clone)]
pub struct SharedWeight {
    /// A number unique to this engine.
    name: u64,
    /// Requests of this engine in the last minute, oldest first.
    spent: Vec<Spent>,
    /// The last wait that the exchange demanded of it.
    refused: Option<Refused>,
    /// Its own consecutive hidden failures, the newest [`HIDDEN_KEPT`] of them.
    hidden: Vec<Refused>,
}

/// A consequence of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Shared {
    /// Count this weight.
    Spent(Spent),
    /// Wait as if this engine had been refused.
    Refused(Refused),
    /// The exchange has responded at this URL: end the pause for hidden failures.
    Responded(String),
    /// Send this to the other tabs.
    Say(BetweenTabs),
}

impl SharedWeight {
    /// Nothing spent yet.
    pub fn new(name: u64) -> Self {
        Self { name, spent: Vec::new(), refused: None, hidden: Vec::new() }
    }

    /// A query to the others, what they have spent before.
    pub fn request(&self) -> BetweenTabs {
        BetweenTabs::WeightQuery { from: self.name }
    }

    /// A message that `weight` is spent on `url` now.
    pub fn spend(&mut self, now: UnixMillis, url: &str, weight: u32) -> BetweenTabs {
        let spent = Spent { url: url.to_owned(), weight, time: now };
        self.spent.retain(|earlier| now.since(earlier.time) < MINUTE_MILLIS);
        self.spent.push(spent.clone());
        BetweenTabs::WeightSpent(spent)
    }

    /// A message that `url` was refused now, if the refusal applies, or may apply, to the IP address.
    pub fn refuse(&mut self, now: UnixMillis, url: &str, error: &FetchError) -> Option<BetweenTabs> {
        let refused = Refused { url: url.to_owned(), error: error.clone(), time: now };
        match error {
            FetchError::Status { code: 418 | 429, .. } => self.refused = Some(refused.clone()),
            FetchError::Hidden => {
                self.hidden.retain(|earlier| now.since(earlier.time) < HIDDEN_MILLIS);
                self.hidden.push(refused.clone());
                let surplus = self.hidden.len().saturating_sub(HIDDEN_KEPT);
                self.hidden.drain(..surplus);
            }
            _ => return None,
        }
        Some(BetweenTabs::Refused(refused))
    }

    /// A message that `url` has got a response, if there have been hidden failures at its venue.
    pub fn responded(&mut self, url: &str) -> Option<BetweenTabs> {
        self.forget_hidden(url).then(|| BetweenTabs::Responded(url.to_owned()))
    }

    /// Forgets hidden failures at the venue of `url`; returns whether there were any.
    fn forget_hidden(&mut self, url: &str) -> bool {
        let (before, venue) = (self.hidden.len(), venue_of(url));
        self.hidden.retain(|refused| venue_of(&refused.url) != venue);
        self.hidden.len() < before
    }

    /// Takes a message from another tab at `now`.
    pub fn hear(&mut self, now: UnixMillis, message: BetweenTabs) -> Vec<Shared> {
        match message {
            BetweenTabs::WeightSpent(spent) => vec![Shared::Spent(spent)],
            BetweenTabs::Refused(refused) => {
                // a tab that succeeds later must know that there is something to report
                if refused.error == FetchError::Hidden {
                    drop(self.refuse(refused.time, &refused.url, &refused.error));
                }
                vec![Shared::Refused(refused)]
            }
            BetweenTabs::Responded(url) => {
                self.forget_hidden(&url);
                vec![Shared::Responded(url)]
            }
            BetweenTabs::WeightQuery { from } => {
                self.hidden.retain(|earlier| now.since(earlier.time) < HIDDEN_MILLIS);
                let nothing = self.spent.is_empty() && self.hidden.is_empty();
                let (spent, hidden) = (self.spent.clone(), self.hidden.clone());
                let report = (!nothing).then_some(BetweenTabs::WeightReport { to: from, spent, hidden });
                let refused = self.refused.clone().map(BetweenTabs::Refused);
                report.into_iter().chain(refused).map(Shared::Say).collect()
            }
            BetweenTabs::WeightReport { to, spent, hidden } if to == self.name => {
                // several tabs report the same failures
                let news = hidden.into_iter().filter(|refused| !self.hidden.contains(refused));
                let news: Vec<Refused> = news.collect();
                self.hidden.extend(news.iter().cloned());
                spent.into_iter().map(Shared::Spent).chain(news.into_iter().map(Shared::Refused)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The venue to which `url` is a request; `None` for a stand-in exchange.
fn venue_of(url: &str) -> Option<Source> {
    let serves = |source: &Source| source.rest_hosts().iter().any(|host| url.starts_with(host.as_str()));
    [Source::Binance, Source::BinanceUs].into_iter().find(serves)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://api.binance.com/api/v3/klines?symbol=BTCUSDT";

    #[test]
    fn a_tab_that_comes_later_is_told_what_was_spent_in_the_last_minute() {
        let (mut first, mut second, mut third) =
            (SharedWeight::new(1), SharedWeight::new(2), SharedWeight::new(3));
        assert_eq!(
            first.hear(UnixMillis(61_000), second.request()),
            [],
            "nothing was spent, and nothing is said"
        );
        for (time, weight) in [(0, 1), (30_000, 2), (61_000, 4)] {
            first.spend(UnixMillis(time), URL, weight);
        }
        let answer = first.hear(UnixMillis(61_000), second.request());
        let [Shared::Say(told)] = &answer[..] else { panic!("{answer:?}") };
        let counted = |tab: &mut SharedWeight| {
            let spent = tab.hear(UnixMillis(61_000), told.clone()).into_iter();
            spent
                .filter_map(
                    |shared| if let Shared::Spent(spent) = shared { Some(spent.weight) } else { None },
                )
                .collect::<Vec<_>>()
        };
        assert_eq!(counted(&mut second), [2, 4]);
        // a tab that has sent no query was told when the weight was spent
        assert_eq!(counted(&mut third), [0; 0]);
    }

    #[test]
    fn what_is_spent_is_counted_by_every_other_tab_once() {
        let (mut first, mut second) = (SharedWeight::new(1), SharedWeight::new(2));
        let said = first.spend(UnixMillis(5), URL, 20);
        let spent = Spent { url: URL.to_owned(), weight: 20, time: UnixMillis(5) };
        assert_eq!(second.hear(UnixMillis(6), said), [Shared::Spent(spent)]);
    }

    #[test]
    fn a_ban_is_told_at_once_and_to_whoever_comes_later() {
        let (mut first, mut second) = (SharedWeight::new(1), SharedWeight::new(2));
        let ban = FetchError::Status { code: 418, body: "IP banned until 99000.".to_owned() };
        let said = first.refuse(UnixMillis(5), URL, &ban).expect("a ban is told");
        let heard = second.hear(UnixMillis(6), said.clone());
        let [Shared::Refused(refused)] = &heard[..] else { panic!("{heard:?}") };
        assert_eq!((&refused.error, refused.time), (&ban, UnixMillis(5)));
        assert_eq!(first.hear(UnixMillis(61_000), second.request()), [Shared::Say(said)]);
    }

    #[test]
    fn what_the_browser_hides_is_told_at_once_to_whoever_comes_later_and_until_a_tab_is_answered() {
        let mut tabs = [1, 2, 3].map(SharedWeight::new);
        let hidden =
            |shared: &[Shared]| shared.iter().filter(|shared| matches!(shared, Shared::Refused(_))).count();
        let [first, second, late] = &mut tabs;
        for time in [5, 70_000] {
            let said = first.refuse(UnixMillis(time), URL, &FetchError::Hidden).unwrap();
            assert_eq!(hidden(&second.hear(UnixMillis(time), said)), 1);
        }
        // both report both, and the late tab counts each once
        let now = UnixMillis(80_000);
        let mut counted = 0;
        for tab in [&mut *first, &mut *second] {
            for shared in tab.hear(now, late.request()) {
                let Shared::Say(told) = shared else { panic!("{shared:?}") };
                counted += hidden(&late.hear(now, told));
            }
        }
        assert_eq!(counted, 2);
        // a response from another venue says nothing about this one
        assert_eq!(late.responded("https://api.binance.us/api/v3/klines"), None);
        // the tab that succeeds now tells all of them
        let said = late.responded(URL).unwrap();
        for tab in [&mut *first, &mut *second] {
            assert_eq!(tab.hear(now, said.clone()), [Shared::Responded(URL.to_owned())]);
            assert_eq!((tab.responded(URL), tab.hear(now, late.request())), (None, Vec::new()));
        }
        assert_eq!(late.responded(URL), None, "a response like any other");
        // hidden failures of an hour ago mean nothing
        drop(first.refuse(UnixMillis(100_000), URL, &FetchError::Hidden));
        assert_eq!(first.hear(UnixMillis(3_700_000), second.request()), []);
    }

    #[test]
    fn what_concerns_one_request_alone_is_told_to_nobody() {
        let mut first = SharedWeight::new(1);
        let status = |code| FetchError::Status { code, body: String::new() };
        for error in [status(400), status(503), FetchError::TimedOut, FetchError::Unreached] {
            assert_eq!(first.refuse(UnixMillis(5), URL, &error), None, "{error:?}");
        }
        assert_eq!(first.hear(UnixMillis(6), SharedWeight::new(2).request()), []);
    }
}
