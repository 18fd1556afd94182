//! Several tabs of the page in one browser: they are opened, frozen, woken, killed, given files and settings,
//! and joined by a newer version of the page. At the end exactly one must lead, and all others must show what
//! it reports.

mod browser;
mod engine;
mod page;

use crate::random::Random;
use browser::{Browser, News};
use page::Page;
use spreadscope_engine::tabs::Input;
use spreadscope_engine::{Command, Interval, Settings};
use std::collections::BTreeMap;

/// Trouble ends after this long, ms, and everything has as long to settle.
const TROUBLE_MILLIS: i64 = 120_000;
const QUIET_MILLIS: i64 = 30_000;
/// Longest overlap of two engines of a group: the browser's delay in notifying the first.
const OVERLAP_MOST_MILLIS: i64 = 300;
/// Most that the shown data may be behind: a bar and the delay of a message.
const STALE_MOST_MILLIS: i64 = 2_000;

/// The figures of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct TabsReport {
    /// Tabs that were opened.
    pub opened: usize,
    /// Tabs that were killed.
    pub killed: usize,
    /// Engines started after another tab's had stopped.
    pub takeovers: usize,
    /// Leaders that woke up without the lead.
    pub deposed: usize,
    /// Tabs that gave way to a newer version.
    pub outdated: usize,
    /// Files that reached the engine of their tab.
    pub files: usize,
}

/// A planted defect of a run's browser; real ones have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// It does not tell a tab that its lock was taken away.
    TheftInSilence,
    /// It does not pass on the versions that tabs announce.
    VersionsInSilence,
}

/// The tabs of one browser.
struct Group {
    browser: Browser,
    pages: BTreeMap<u32, Page>,
    random: Random,
    next_page: u32,
    /// The interval of the newest settings.
    interval: Interval,
    newer_is_open: bool,
    overlap_since: Option<i64>,
    report: TabsReport,
}

/// Plays a seed in a browser with `flaw`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn play(seed: u64, flaw: Flaw) -> Result<TabsReport, String> {
    let mut group = Group {
        browser: Browser::new(seed, flaw),
        pages: BTreeMap::new(),
        random: Random::new(seed, 11),
        next_page: 0,
        interval: Interval::OneSecond,
        newer_is_open: false,
        overlap_since: None,
        report: TabsReport::default(),
    };
    group.play().map_err(|reason| format!("tabs of seed {seed}, {} ms: {reason}", group.browser.now))
}

impl Group {
    fn play(&mut self) -> Result<TabsReport, String> {
        self.open(false);
        let mut next_trouble = 3_000;
        while self.browser.now < TROUBLE_MILLIS {
            if self.browser.now >= next_trouble {
                self.trouble();
                next_trouble = self.browser.now + self.random.range(200, 12_000);
            }
            self.pass()?;
        }
        // sleeping tabs are woken; at least one must be able to lead
        self.pages.keys().for_each(|page| self.browser.wake(*page));
        if !self.pages.values().any(|page| page.newer == self.newer_is_open) {
            self.open(self.newer_is_open);
        }
        while self.browser.now < TROUBLE_MILLIS + QUIET_MILLIS {
            self.pass()?;
        }
        self.settled()?;
        Ok(self.report)
    }

    /// Lets 10 ms pass.
    fn pass(&mut self) -> Result<(), String> {
        for (page, news) in self.browser.pass(self.pages.keys().copied()) {
            self.happen(page, news);
        }
        self.one_engine_at_a_time()
    }

    fn happen(&mut self, number: u32, news: News) {
        let Some(page) = self.pages.get_mut(&number) else { return };
        let led = page.tab.leads();
        match news {
            News::Input(input) => page.tab.handle(*input),
            News::Second => page.second(self.browser.now),
        }
        page.perform(&mut self.browser, &mut self.report);
        if led && !page.tab.leads() && !page.is_outdated() {
            self.report.deposed += 1;
        }
    }

    fn open(&mut self, newer: bool) {
        self.next_page += 1;
        self.report.opened += 1;
        self.newer_is_open |= newer;
        let mut page = Page::new(self.next_page, newer, self.browser.now);
        page.perform(&mut self.browser, &mut self.report);
        self.pages.insert(self.next_page, page);
        let settings = Settings { interval: self.interval, ..Settings::default() };
        self.command(self.next_page, Command::Configure(Box::new(settings)));
    }

    fn command(&mut self, page: u32, command: Command) {
        self.happen(page, News::Input(Box::new(Input::Command(command))));
    }

    /// Does something that users and browsers do to tabs.
    fn trouble(&mut self) {
        let pages: Vec<u32> = self.pages.keys().copied().collect();
        let place = usize::try_from(self.random.range(0, 1_000)).unwrap_or(0);
        let chosen = pages.get(place % pages.len().max(1)).copied();
        match (self.random.range(0, 100), chosen) {
            (_, None) => self.open(self.newer_is_open),
            (0..25, Some(_)) if pages.len() < 6 => self.open(self.newer_is_open),
            (25..28, Some(_)) if pages.len() < 6 => self.open(true),
            // a tab from the service worker's older cache
            (28..30, Some(_)) if pages.len() < 6 => self.open(false),
            (30..45, Some(page)) => {
                self.pages.remove(&page);
                self.browser.kill(page);
                self.report.killed += 1;
            }
            (45..65, Some(page)) => self.browser.freeze(page),
            (65..80, Some(page)) => self.browser.wake(page),
            (80..90, Some(page)) if !self.browser.is_frozen(page) => {
                let import = u64::try_from(self.browser.now).unwrap_or(0);
                if let Some(page) = self.pages.get_mut(&page) {
                    page.give_file(import);
                }
                self.happen(page, News::Input(Box::new(Input::File { import, file: import })));
                self.command(page, page::open_file(import));
            }
            (90..100, Some(page)) if !self.browser.is_frozen(page) => {
                let obeys = self.pages.get(&page).is_some_and(|page| page.newer == self.newer_is_open);
                if obeys {
                    self.interval = match self.interval {
                        Interval::OneSecond => Interval::OneMinute,
                        _ => Interval::OneSecond,
                    };
                    let settings = Settings { interval: self.interval, ..Settings::default() };
                    self.command(page, Command::Configure(Box::new(settings)));
                }
            }
            _ => {}
        }
    }

    /// Checks that exactly one of all tabs that are awake has an engine, whatever their version.
    fn one_engine_at_a_time(&mut self) -> Result<(), String> {
        let awake = self.pages.iter().filter(|(number, _)| !self.browser.is_frozen(**number));
        let engines: Vec<u32> =
            awake.filter(|(_, page)| page.engine.is_some()).map(|(number, _)| *number).collect();
        if engines.len() < 2 {
            self.overlap_since = None;
            return Ok(());
        }
        let since = *self.overlap_since.get_or_insert(self.browser.now);
        if self.browser.now - since > OVERLAP_MOST_MILLIS {
            return Err(format!("the engines of tabs {engines:?} run side by side"));
        }
        Ok(())
    }

    /// Checks the state after a quiet period.
    fn settled(&mut self) -> Result<(), String> {
        let (current, old): (Vec<_>, Vec<_>) =
            self.pages.iter().partition(|(_, page)| page.newer == self.newer_is_open);
        if let Some((number, _)) = old.iter().find(|(_, page)| !page.is_outdated()) {
            return Err(format!("tab {number} is of the older version and has not stepped down"));
        }
        self.report.outdated += old.len();
        let leaders: Vec<u32> =
            current.iter().filter(|(_, page)| page.tab.leads()).map(|(number, _)| **number).collect();
        if leaders.len() != 1 {
            return Err(format!("tabs {leaders:?} lead"));
        }
        for (number, page) in current {
            page.settled(self.browser.now).map_err(|reason| format!("tab {number} {reason}"))?;
        }
        let intervals: Vec<Interval> = self
            .pages
            .values()
            .filter(|page| page.newer == self.newer_is_open)
            .map(|page| page.tab.in_force().0.interval)
            .collect();
        if intervals.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(format!("the tabs have different settings: {intervals:?}"));
        }
        Ok(())
    }
}
