//! A coin's price as one walk: its bars of every length are folds of the same path.
//!
//! Days are a walk. A shorter bar is one of the parts into which a longer one is split: their closes are a bridge from
//! the longer bar's open to its close, and one of them has its high, one its low. So a bar is computed without those
//! beside it, and a day without its seconds. Times are milliseconds since the start of the walk's first day.

use super::spread::Spread;
use spreadscope_stats::random::Random;

/// Days of a walk before the server's start.
pub(super) const PAST_DAYS: i64 = 5_200;
pub(super) const DAY_MS: i64 = 86_400_000;
/// Lengths of bars; each is a whole number of the next.
const LEVELS_MS: [i64; 7] = [DAY_MS, 14_400_000, 3_600_000, 900_000, 300_000, 60_000, SECOND_MS];
const SECOND_MS: i64 = 1_000;
/// Standard deviation of a day's return.
const VOLATILITY: f64 = 0.02;

/// Prices of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prices {
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
}

impl Prices {
    /// Returns both bars as one, `next` being the later.
    pub(super) fn fold(self, next: Self) -> Self {
        Self {
            open: self.open,
            high: self.high.max(next.high),
            low: self.low.min(next.low),
            close: next.close,
        }
    }

    pub(super) fn map(self, price: impl Fn(f64) -> f64) -> Self {
        let Self { open, high, low, close } = self;
        Self { open: price(open), high: price(high), low: price(low), close: price(close) }
    }

    /// Returns `price`, mirrored at the high or the low if it is beyond.
    fn within(self, price: f64) -> f64 {
        let mirrored = if price > self.high { 2.0 * self.high - price } else { 2.0 * self.low - price };
        if (self.low..=self.high).contains(&price) { price } else { mirrored.clamp(self.low, self.high) }
    }
}

/// A coin that stays near another one's price.
#[derive(Debug)]
pub(super) struct Follower {
    /// Its price where the leader's is `leader_price`.
    pub(super) price: f64,
    pub(super) leader_price: f64,
    pub(super) spread: Spread,
}

/// A walk, and whoever follows it.
#[derive(Debug)]
pub(super) struct Walk {
    seed: u64,
    /// Opens of the days, and the close of the last.
    days: Vec<f64>,
    follower: Option<Follower>,
}

/// A bar of a level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    level: usize,
    pub(super) open_ms: i64,
    walk: Prices,
    pub(super) prices: Prices,
    /// Open of the day.
    pub(super) of_day: f64,
}

impl Node {
    pub(super) fn step_ms(&self) -> i64 {
        LEVELS_MS[self.level]
    }

    pub(super) fn end_ms(&self) -> i64 {
        self.open_ms + self.step_ms()
    }
}

/// Returns the longest bars of which bars of `step_ms` are folds.
pub(super) fn parts_ms(step_ms: i64) -> i64 {
    LEVELS_MS.into_iter().find(|part| step_ms % part == 0).unwrap_or(SECOND_MS)
}

impl Walk {
    /// Returns the walk of `days` days that the letters of `name` choose; it opens the day [`PAST_DAYS`] at `price`.
    pub(super) fn new(name: &str, price: f64, days: usize) -> Self {
        let letters =
            name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
        let seed = Random::new(letters).bits();
        let mut random = Random::new(seed);
        let mut level = 1.0;
        let mut opens = vec![level];
        for _ in 0..days {
            level *= 1.0 + VOLATILITY * random.nearly_normal();
            opens.push(level);
        }
        let at_start =
            usize::try_from(PAST_DAYS).ok().and_then(|day| opens.get(day)).copied().unwrap_or(level);
        for open in &mut opens {
            *open *= price / at_start;
        }
        Self { seed, days: opens, follower: None }
    }

    pub(super) fn followed_by(self, follower: Follower) -> Self {
        Self { follower: Some(follower), ..self }
    }

    /// Returns the days that overlap the time from `from` up to but excluding `to`.
    pub(super) fn days(&self, from: i64, to: i64) -> impl Iterator<Item = Node> {
        let last = i64::try_from(self.days.len()).unwrap_or(i64::MAX) - 2;
        let days = from.div_euclid(DAY_MS).max(0)..=(to - 1).div_euclid(DAY_MS).min(last);
        days.filter_map(|day| self.day(day))
    }

    fn day(&self, day: i64) -> Option<Node> {
        let at = usize::try_from(day).ok()?;
        let (open, close) = (*self.days.get(at)?, *self.days.get(at + 1)?);
        let walk = spanned(open, close, 0, open, &mut self.random(0, day));
        let open_ms = day * DAY_MS;
        let own =
            [(open_ms, open), (open_ms + DAY_MS, close)].map(|(time, price)| self.followed(time, price));
        Some(Node { level: 0, open_ms, walk, prices: self.around(0, open_ms, walk, own), of_day: own[0] })
    }

    /// Returns the parts of a bar, the bars of the next level; none of a second.
    pub(super) fn parts(&self, bar: &Node) -> Vec<Node> {
        let level = bar.level + 1;
        let Some(&step_ms) = LEVELS_MS.get(level) else { return Vec::new() };
        let count = bar.step_ms() / step_ms;
        let mut random = self.random(level, bar.open_ms / step_ms);
        let mut open = bar.walk.open;
        let mut walks = Vec::new();
        for left in (1..=count).rev() {
            let share = left as f64;
            let noise = scale(level, bar.walk.open) * ((share - 1.0) / share).sqrt() * random.nearly_normal();
            let bridged = bar.walk.within(open + (bar.walk.close - open) / share + noise);
            let close = if left == 1 { bar.walk.close } else { bridged };
            walks.push(spanned(open, close, level, bar.walk.open, &mut random));
            open = close;
        }
        reach(bar.walk, &mut walks);
        let prices =
            if self.follower.is_some() { self.followed_parts(bar, level, &walks) } else { walks.clone() };
        let parts = (0_i64..).zip(walks.into_iter().zip(prices));
        let node = |(place, (walk, prices)): (i64, _)| Node {
            level,
            open_ms: bar.open_ms + place * step_ms,
            walk,
            prices,
            of_day: bar.of_day,
        };
        parts.map(node).collect()
    }

    /// Returns the follower's prices in the parts of a bar in which the walk's are `walks`.
    fn followed_parts(&self, bar: &Node, level: usize, walks: &[Prices]) -> Vec<Prices> {
        let step_ms = LEVELS_MS[level];
        let (mut open, mut open_ms) = (bar.prices.open, bar.open_ms);
        let mut parts = Vec::new();
        for walk in walks {
            let end_ms = open_ms + step_ms;
            let followed = bar.prices.within(self.followed(end_ms, walk.close));
            let close = if end_ms == bar.end_ms() { bar.prices.close } else { followed };
            parts.push(self.around(level, open_ms, *walk, [open, close]));
            (open, open_ms) = (close, end_ms);
        }
        reach(bar.prices, &mut parts);
        parts
    }

    /// Returns the follower's price at a time at which the walk's is `price`, or that.
    fn followed(&self, time: i64, price: f64) -> f64 {
        let Some(Follower { price: own, leader_price, spread }) = &self.follower else { return price };
        own * (0.2 + 0.8 * price / leader_price + spread.at(time))
    }

    /// Returns the prices of a bar from an open to a close, with room for its parts.
    fn around(&self, level: usize, open_ms: i64, walk: Prices, [open, close]: [f64; 2]) -> Prices {
        let Some(Follower { price: own, leader_price, spread }) = &self.follower else { return walk };
        let [least, most] = spread.range(open_ms, LEVELS_MS[level]);
        let with = |price: f64, spread: f64| own * (0.2 + 0.8 * price / leader_price + spread);
        Prices {
            open,
            high: with(walk.high, most).max(open).max(close),
            low: with(walk.low, least).min(open).min(close),
            close,
        }
    }

    fn random(&self, level: usize, place: i64) -> Random {
        let of_level = Random::new(self.seed ^ LEVELS_MS[level].unsigned_abs()).bits();
        Random::new(of_level ^ place.unsigned_abs())
    }
}

/// Returns the standard deviation of a bar's change, in money at `price`.
fn scale(level: usize, price: f64) -> f64 {
    price * VOLATILITY * (LEVELS_MS[level] as f64 / DAY_MS as f64).sqrt()
}

/// Returns the prices of a bar from an open to a close, with wicks of up to a standard deviation.
fn spanned(open: f64, close: f64, level: usize, price: f64, random: &mut Random) -> Prices {
    let [above, below] = [0; 2].map(|_| scale(level, price) * (0.3 + 0.7 * random.unit()));
    Prices { open, high: open.max(close) + above, low: open.min(close) - below, close }
}

/// Gives the highest of `parts` the high of the whole, the lowest its low, and leaves no other beyond.
fn reach(whole: Prices, parts: &mut [Prices]) {
    let highest = (0..parts.len()).max_by(|&a, &b| parts[a].high.total_cmp(&parts[b].high));
    let lowest = (0..parts.len()).min_by(|&a, &b| parts[a].low.total_cmp(&parts[b].low));
    for (place, part) in parts.iter_mut().enumerate() {
        part.high = if Some(place) == highest { whole.high } else { part.high.min(whole.high) };
        part.low = if Some(place) == lowest { whole.low } else { part.low.max(whole.low) };
    }
}
