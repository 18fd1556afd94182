//! The browser between tabs: locks with their queues, channels with their delays, timers, and sleep.

use super::Flaw;
use crate::random::Random;
use spreadscope_engine::messages::protocol::{BetweenTabs, PROTOCOL, decode, encode};
use spreadscope_engine::tabs::{ClaimMode, Input, Output};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Length of a time step, ms.
const STEP_MILLIS: i64 = 10;

/// What reaches a tab.
#[derive(Debug)]
pub(super) enum News {
    Input(Box<Input<u64>>),
    /// A second of its engine has passed.
    Second,
}

/// A tab's membership in a group.
#[derive(Debug, Clone)]
struct Seat {
    turn: u64,
    /// The name of its lock and channel; a newer version has another one.
    group: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    page: u32,
    lock: u64,
}

/// A browser in virtual time.
#[derive(Debug)]
pub(super) struct Browser {
    pub(super) now: i64,
    random: Random,
    flaw: Flaw,
    seats: BTreeMap<u32, Seat>,
    /// Tabs of the newer version.
    newer: BTreeSet<u32>,
    pages: BTreeSet<u32>,
    frozen: BTreeSet<u32>,
    /// Tabs that check every second, and since when.
    looks: BTreeMap<u32, i64>,
    held: BTreeMap<String, Claim>,
    queues: BTreeMap<String, VecDeque<Claim>>,
    /// Claims, by when the browser handles them.
    claims: Vec<(i64, Claim, String, ClaimMode)>,
    /// Messages on their way, by time of arrival and order of sending.
    on_the_way: BTreeMap<(i64, u64), (u32, News)>,
    sent: u64,
    /// Arrival of the newest message to each tab: messages stay in order.
    newest: BTreeMap<u32, i64>,
}

impl Browser {
    pub(super) fn new(seed: u64, flaw: Flaw) -> Self {
        Self {
            now: 0,
            random: Random::new(seed, 12),
            flaw,
            seats: BTreeMap::new(),
            newer: BTreeSet::new(),
            pages: BTreeSet::new(),
            frozen: BTreeSet::new(),
            looks: BTreeMap::new(),
            held: BTreeMap::new(),
            queues: BTreeMap::new(),
            claims: Vec::new(),
            on_the_way: BTreeMap::new(),
            sent: 0,
            newest: BTreeMap::new(),
        }
    }

    pub(super) fn is_frozen(&self, page: u32) -> bool {
        self.frozen.contains(&page)
    }

    pub(super) fn freeze(&mut self, page: u32) {
        self.frozen.insert(page);
    }

    pub(super) fn wake(&mut self, page: u32) {
        self.frozen.remove(&page);
    }

    /// Removes the tab with all that it held.
    pub(super) fn kill(&mut self, page: u32) {
        self.release(page);
        self.seats.remove(&page);
        self.pages.remove(&page);
        self.frozen.remove(&page);
        self.claims.retain(|(_, claim, ..)| claim.page != page);
        self.on_the_way.retain(|_, (to, _)| *to != page);
    }

    /// Lets one step pass; returns what reaches which tab.
    pub(super) fn pass(&mut self, pages: impl Iterator<Item = u32>) -> Vec<(u32, News)> {
        self.now += STEP_MILLIS;
        self.pages.extend(pages);
        self.see_to_locks();
        let mut reached = Vec::new();
        let arrived: Vec<_> = self.on_the_way.range(..=(self.now, u64::MAX)).map(|(key, _)| *key).collect();
        for key in arrived {
            let is_awake = self.on_the_way.get(&key).is_some_and(|(page, _)| !self.frozen.contains(page));
            if is_awake && let Some(news) = self.on_the_way.remove(&key) {
                reached.push(news);
            }
        }
        for page in self.pages.clone() {
            if self.frozen.contains(&page) {
                continue;
            }
            if (self.now + i64::from(page) * 170) % 1_000 == 0 {
                reached.push((page, News::Second));
            }
            let since = self.looks.get(&page).copied().filter(|since| self.now > *since);
            if let (Some(since), Some(seat)) = (since, self.seats.get(&page))
                && (self.now - since) % 1_000 == 0
            {
                reached.push((page, News::Input(Box::new(Input::Look { turn: seat.turn }))));
            }
        }
        reached
    }

    /// Performs a tab's output.
    pub(super) fn take(&mut self, page: u32, newer: bool, output: Output<u64>) {
        self.pages.insert(page);
        if newer {
            self.newer.insert(page);
        }
        match output {
            Output::SayVersion => self.say_version(page),
            Output::Enter { turn, group } => {
                let group = if newer { format!("newer {group}") } else { group };
                self.seats.insert(page, Seat { turn, group });
            }
            Output::Claim { lock, mode } => {
                let Some(Seat { group, .. }) = self.seats.get(&page) else { return };
                let seen_to = self.now + self.random.range(0, 40);
                self.claims.push((seen_to, Claim { page, lock }, group.clone(), mode));
            }
            Output::Look { .. } => drop(self.looks.insert(page, self.now)),
            Output::Keep { .. } => {
                self.looks.remove(&page);
                self.leave_queue(page);
            }
            Output::Release => self.release(page),
            Output::Post(message) => self.post(page, &message),
            other => unreachable!("a page sees to {other:?} itself"),
        }
    }

    fn release(&mut self, page: u32) {
        self.looks.remove(&page);
        self.held.retain(|_, claim| claim.page != page);
        self.leave_queue(page);
    }

    fn leave_queue(&mut self, page: u32) {
        self.queues.values_mut().for_each(|queue| queue.retain(|claim| claim.page != page));
        self.claims.retain(|(_, claim, _, mode)| claim.page != page || *mode != ClaimMode::InTurn);
    }

    fn see_to_locks(&mut self) {
        let due = |claim: &(i64, Claim, String, ClaimMode), now: i64| claim.0 <= now;
        let claims = core::mem::take(&mut self.claims);
        let (now_due, later): (Vec<_>, Vec<_>) = claims.into_iter().partition(|claim| due(claim, self.now));
        self.claims = later;
        for (_, claim, group, mode) in now_due {
            match mode {
                ClaimMode::IfFree if self.held.contains_key(&group) => {
                    self.send(claim.page, Input::Refused { lock: claim.lock });
                }
                ClaimMode::InTurn => self.queues.entry(group).or_default().push_back(claim),
                ClaimMode::IfFree => self.grant(group, claim),
                ClaimMode::TakeAway => {
                    if let Some(robbed) = self.held.remove(&group)
                        && self.flaw != Flaw::TheftInSilence
                    {
                        self.send(robbed.page, Input::TakenAway { lock: robbed.lock });
                    }
                    self.grant(group, claim);
                }
            }
        }
        let free: Vec<String> =
            self.queues.keys().filter(|group| !self.held.contains_key(*group)).cloned().collect();
        for group in free {
            if let Some(claim) = self.queues.get_mut(&group).and_then(VecDeque::pop_front) {
                self.grant(group, claim);
            }
        }
    }

    fn grant(&mut self, group: String, claim: Claim) {
        self.held.insert(group, claim);
        self.send(claim.page, Input::Granted { lock: claim.lock });
    }

    fn post(&mut self, from: u32, message: &BetweenTabs) {
        let Some(group) = self.seats.get(&from).map(|seat| seat.group.clone()) else { return };
        let bytes = encode(message);
        let others: Vec<(u32, u64)> = self
            .seats
            .iter()
            .filter(|(page, seat)| **page != from && seat.group == group)
            .map(|(page, seat)| (*page, seat.turn))
            .collect();
        for (page, turn) in others {
            let message = decode(&bytes).expect("Invariant: a message comes back as it went");
            self.send(page, Input::Message { turn, message });
        }
    }

    /// Announces the version: each version calls the other newer or older than itself.
    fn say_version(&mut self, from: u32) {
        if self.flaw == Flaw::VersionsInSilence {
            return;
        }
        let is_newer = |browser: &Self, page: u32| browser.newer.contains(&page);
        let others: Vec<u32> = self.pages.iter().copied().filter(|page| *page != from).collect();
        for page in others {
            let version = match (is_newer(self, from), is_newer(self, page)) {
                (true, false) => PROTOCOL + 1,
                (false, true) => PROTOCOL - 1,
                _ => PROTOCOL,
            };
            self.send(page, Input::Version(version));
        }
    }

    fn send(&mut self, to: u32, input: Input<u64>) {
        let arrives = self.now + self.random.range(1, 60);
        let newest = self.newest.entry(to).or_insert(arrives);
        *newest = arrives.max(*newest);
        self.sent += 1;
        self.on_the_way.insert((*newest, self.sent), (to, News::Input(Box::new(input))));
    }
}
