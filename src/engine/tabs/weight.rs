//! What the exchange counts by address, and so what all tabs share: request weight, and refusals.

use crate::UnixMillis;
use crate::binance::FetchError;
use crate::connection::{Refused, Spent};
use crate::messages::protocol::BetweenTabs;

/// The exchange's budget is one of a minute.
const MINUTE_MILLIS: i64 = 60_000;

/// What an engine tells other tabs of its requests, and hears of theirs.
#[derive(Debug, Clone)]
pub struct SharedWeight {
    /// A number that no other engine has.
    name: u64,
    /// What this engine has spent in the last minute, oldest first.
    spent: Vec<Spent>,
    /// The last wait that the exchange has demanded of it.
    refused: Option<Refused>,
}

/// What comes of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Shared {
    /// Count this.
    Spent(Spent),
    /// Wait as if this engine had been refused.
    Refused(Refused),
    /// Say this to the other tabs.
    Say(BetweenTabs),
}

impl SharedWeight {
    /// Nothing spent yet.
    pub fn new(name: u64) -> Self {
        Self { name, spent: Vec::new(), refused: None }
    }

    /// Asks the others what they have spent before.
    pub fn question(&self) -> BetweenTabs {
        BetweenTabs::WeightAsked { asker: self.name }
    }

    /// Tells the others that `weight` is spent on `url` now.
    pub fn spend(&mut self, now: UnixMillis, url: &str, weight: u32) -> BetweenTabs {
        let spent = Spent { url: url.to_owned(), weight, time: now };
        self.spent.retain(|earlier| now.since(earlier.time) < MINUTE_MILLIS);
        self.spent.push(spent.clone());
        BetweenTabs::WeightSpent(spent)
    }

    /// Tells the others that `url` was refused now, if it is the address of this machine that is, or may be.
    pub fn refuse(&mut self, now: UnixMillis, url: &str, error: &FetchError) -> Option<BetweenTabs> {
        let is_demanded = matches!(error, FetchError::Status { code: 418 | 429, .. });
        if !is_demanded && *error != FetchError::Hidden {
            return None;
        }
        let refused = Refused { url: url.to_owned(), error: error.clone(), time: now };
        // what the browser hides is counted: said twice it would count twice
        if is_demanded {
            self.refused = Some(refused.clone());
        }
        Some(BetweenTabs::Refused(refused))
    }

    /// Takes what another tab says.
    pub fn hear(&self, message: BetweenTabs) -> Vec<Shared> {
        match message {
            BetweenTabs::WeightSpent(spent) => vec![Shared::Spent(spent)],
            BetweenTabs::Refused(refused) => vec![Shared::Refused(refused)],
            BetweenTabs::WeightAsked { asker } => {
                let spent = (!self.spent.is_empty())
                    .then(|| BetweenTabs::WeightTold { asker, spent: self.spent.clone() });
                let refused = self.refused.clone().map(BetweenTabs::Refused);
                spent.into_iter().chain(refused).map(Shared::Say).collect()
            }
            BetweenTabs::WeightTold { asker, spent } if asker == self.name => {
                spent.into_iter().map(Shared::Spent).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://api.binance.com/api/v3/klines?symbol=BTCUSDT";

    #[test]
    fn a_tab_that_comes_later_is_told_what_was_spent_in_the_last_minute() {
        let (mut first, second, third) = (SharedWeight::new(1), SharedWeight::new(2), SharedWeight::new(3));
        assert_eq!(first.hear(second.question()), [], "nothing was spent, and nothing is said");
        for (time, weight) in [(0, 1), (30_000, 2), (61_000, 4)] {
            first.spend(UnixMillis(time), URL, weight);
        }
        let answer = first.hear(second.question());
        let [Shared::Say(told)] = &answer[..] else { panic!("{answer:?}") };
        let counted = |tab: &SharedWeight| {
            let spent = tab.hear(told.clone()).into_iter();
            spent
                .filter_map(
                    |shared| if let Shared::Spent(spent) = shared { Some(spent.weight) } else { None },
                )
                .collect::<Vec<_>>()
        };
        assert_eq!(counted(&second), [2, 4]);
        // who has not asked has heard of it when it was spent
        assert_eq!(counted(&third), [0; 0]);
    }

    #[test]
    fn what_is_spent_is_counted_by_every_other_tab_once() {
        let (mut first, second) = (SharedWeight::new(1), SharedWeight::new(2));
        let said = first.spend(UnixMillis(5), URL, 20);
        let spent = Spent { url: URL.to_owned(), weight: 20, time: UnixMillis(5) };
        assert_eq!(second.hear(said), [Shared::Spent(spent)]);
    }

    #[test]
    fn a_ban_is_told_at_once_and_to_whoever_comes_later() {
        let (mut first, second) = (SharedWeight::new(1), SharedWeight::new(2));
        let ban = FetchError::Status { code: 418, body: "IP banned until 99000.".to_owned() };
        let said = first.refuse(UnixMillis(5), URL, &ban).expect("a ban is told");
        let heard = second.hear(said.clone());
        let [Shared::Refused(refused)] = &heard[..] else { panic!("{heard:?}") };
        assert_eq!((&refused.error, refused.time), (&ban, UnixMillis(5)));
        assert_eq!(first.hear(second.question()), [Shared::Say(said)]);
    }

    #[test]
    fn a_refusal_that_the_browser_hides_is_told_once() {
        let (mut first, second) = (SharedWeight::new(1), SharedWeight::new(2));
        let said = first.refuse(UnixMillis(5), URL, &FetchError::Hidden);
        assert!(matches!(&said, Some(BetweenTabs::Refused(refused)) if refused.error == FetchError::Hidden));
        assert_eq!(first.hear(second.question()), []);
    }

    #[test]
    fn what_concerns_one_request_alone_is_told_to_nobody() {
        let mut first = SharedWeight::new(1);
        let status = |code| FetchError::Status { code, body: String::new() };
        for error in [status(400), status(503), FetchError::TimedOut, FetchError::Unreached] {
            assert_eq!(first.refuse(UnixMillis(5), URL, &error), None, "{error:?}");
        }
        assert_eq!(first.hear(SharedWeight::new(2).question()), []);
    }
}
