//! Bans that the browser hides, met by several tabs of one machine, which wait together, whatever they request.

use crate::life::quick;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::connection::{Phase, Refusal};
use spreadscope_engine::messages::protocol::BetweenTabs;
use spreadscope_engine::tabs::weight::{Shared, SharedWeight};
use spreadscope_engine::{Command, Engine, Input, Pair, Settings, Symbol, UnixMillis};
use spreadscope_simulation::{Driver, Fetch, START_MS};

/// A tab's engine and its end of the channel between tabs.
struct Tab {
    driver: Driver,
    shared: SharedWeight,
}

/// A machine's tabs, and when each has sent requests.
struct Machine {
    tabs: Vec<Tab>,
    now: UnixMillis,
    banned: bool,
    sent: Vec<(i64, usize)>,
}

impl Machine {
    fn new() -> Self {
        Self { tabs: Vec::new(), now: UnixMillis(START_MS), banned: true, sent: Vec::new() }
    }

    /// Opens a tab on a pair of its own, so that it leads.
    fn open(&mut self, y: &str) -> usize {
        let place = self.tabs.len();
        let driver = Driver::new(Engine::new(place as u64), self.now);
        self.tabs.push(Tab { driver, shared: SharedWeight::new(place as u64) });
        let pair = Pair { y: Symbol::new(y).unwrap(), x: Symbol::new("BTCUSDT").unwrap() };
        let settings = Settings { pair, ..quick() };
        self.input(place, Input::Command(Command::Configure(Box::new(settings))));
        let request = self.tabs[place].shared.request();
        self.say(place, &request);
        place
    }

    fn input(&mut self, place: usize, input: Input) {
        self.tabs[place].driver.input(self.now, input);
        for Fetch { id, url, weight } in core::mem::take(&mut self.tabs[place].driver.fetches) {
            self.sent.push((self.now.0 - START_MS, place));
            let tab = &mut self.tabs[place];
            let mut said = vec![tab.shared.spend(self.now, &url, weight)];
            let answer = if self.banned { Err(FetchError::Hidden) } else { Ok("[]".to_owned()) };
            said.extend(match &answer {
                Ok(_) => tab.shared.responded(&url),
                Err(error) => tab.shared.refuse(self.now, &url, error),
            });
            for message in said {
                self.say(place, &message);
            }
            self.input(place, Input::Fetched { id, response: answer });
        }
    }

    /// Delivers `message` to all tabs except the one at `place`.
    fn say(&mut self, place: usize, message: &BetweenTabs) {
        for other in (0..self.tabs.len()).filter(|&other| other != place) {
            for shared in self.tabs[other].shared.hear(self.now, message.clone()) {
                match shared {
                    Shared::Spent(spent) => self.input(other, Input::WeightSpent(spent)),
                    Shared::Refused(refused) => self.input(other, Input::Refused(refused)),
                    Shared::Responded(url) => self.input(other, Input::Responded(url)),
                    Shared::Say(message) => self.say(other, &message),
                }
            }
        }
    }

    /// Lets time pass in steps of 250 ms, up to `secs` after the start. Every tab shows its trade panel, and its
    /// list of markets is opened three times a minute.
    fn until(&mut self, secs: i64) {
        while self.now.0 < START_MS + secs * 1_000 {
            self.now = self.now + 250;
            for place in 0..self.tabs.len() {
                self.input(place, Input::Wakeup);
                if self.now.0 % 4_000 == 0 {
                    self.input(place, Input::Command(Command::Quote));
                }
                if self.now.0 % 20_000 == 0 {
                    self.input(place, Input::Command(Command::ListMarkets(quick().source)));
                }
            }
        }
    }

    /// Returns the number of requests from second `from` up to second `to`.
    fn sent_within(&self, from: i64, to: i64) -> usize {
        self.sent.iter().filter(|(at, _)| (from * 1_000..to * 1_000).contains(at)).count()
    }

    fn phase(&self, place: usize) -> Phase {
        self.tabs[place].driver.page.live.as_ref().map(|live| live.feed.phase.clone()).unwrap_or_default()
    }
}

#[test]
fn a_ban_that_the_browser_hides_is_waited_out_by_all_tabs_as_by_one() {
    let mut tabs = Machine::new();
    let (first, second) = (tabs.open("ETHUSDT"), tabs.open("SOLUSDT"));
    // each leg may try both hosts; then after a minute, two, four and a quarter of an hour
    tabs.until(55);
    assert!((2..=8).contains(&tabs.sent_within(0, 55)), "{:?}", tabs.sent);
    tabs.until(600);
    let later = tabs.sent_within(55, 600);
    assert!((2..=14).contains(&later), "{:?}", tabs.sent);
    for place in [first, second] {
        let phase = tabs.phase(place);
        assert!(matches!(phase, Phase::Blocked { refusal: Refusal::Hidden, .. }), "{phase:?}");
    }
    let Phase::Blocked { retry_in_millis, reason, .. } = tabs.phase(first) else { panic!("blocked") };
    assert!(retry_in_millis > 60_000 && reason.contains("may be banned"), "{retry_in_millis} {reason}");

    // a later tab learns of the ban within its first minute, and tries each leg and host at most once
    let before = tabs.sent.len();
    let late = tabs.open("XRPUSDT");
    tabs.until(720);
    let of_late = tabs.sent[before..].iter().filter(|(_, place)| *place == late).count();
    assert!(of_late <= 4, "{:?}", &tabs.sent[before..]);

    // the ban is over and one tab tries: all continue, although their own waits are not over
    tabs.banned = false;
    let before = tabs.sent.len();
    tabs.input(second, Input::Command(Command::Reconnect));
    tabs.until(722);
    for place in [first, second, late] {
        assert!(tabs.sent[before..].iter().any(|(_, sender)| *sender == place), "tab {place} still waits");
        assert!(!matches!(tabs.phase(place), Phase::Blocked { .. }), "{:?}", tabs.phase(place));
    }
}
