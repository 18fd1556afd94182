//! What became known about two markets, and when.

use super::taping::{LegBars, Taping};
use crate::bars::{Bar, Bars, HalfSpreads};
use crate::base::symbol::{Leg, Pair};
use crate::binance::agg_trades::AggTrade;
use crate::binance::wire::{self, Frame, SecondBar};
use crate::market::late::LateBars;
use crate::{Trade, UnixMillis};

/// Something that became known.
#[derive(Debug, Clone, PartialEq)]
pub enum TapeEvent {
    /// A trade.
    Trade(Leg, Trade),
    /// Trades sent as one, at this exchange time.
    Aggregate(Leg, UnixMillis, AggTrade),
    /// The exchange's own one-second bar.
    Second(Leg, SecondBar),
    /// Only the exchange's clock.
    Clock(UnixMillis),
    /// The connection was cut.
    Cut,
    /// A bar of the replayed interval, with its open time.
    Bar(Leg, UnixMillis, Bar),
}

/// When something became known, by the local clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Local time.
    pub at: UnixMillis,
    /// What became known.
    pub event: TapeEvent,
}

/// Moments in time order; those at the same time in the order given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tape {
    moments: Vec<Moment>,
    bars_alone: bool,
    /// Closes of bars that are in their final state, because the time when they became known was not kept: the
    /// first and the last of each run.
    final_spans: Vec<(UnixMillis, UnixMillis)>,
    /// Half-spreads of the recorded books of y and of x.
    half_spreads: [HalfSpreads; 2],
}

impl Tape {
    /// A tape of a market's live messages.
    pub fn of_moments(mut moments: Vec<Moment>) -> Self {
        moments.retain(|moment| !matches!(moment.event, TapeEvent::Bar(..)));
        moments.sort_by_key(|moment| moment.at);
        Self { moments, ..Self::default() }
    }

    /// A tape of frames of `pair`, each with the local time of its arrival. Frames that do not concern the pair
    /// are left out.
    pub fn of_frames<'a>(pair: &Pair, frames: impl IntoIterator<Item = (UnixMillis, &'a str)>) -> Self {
        let moments = frames.into_iter().filter_map(|(at, text)| {
            let frame = wire::parse(text).ok()?;
            Some(Moment { at, event: event_of(pair, frame)? })
        });
        Self::of_moments(moments.collect())
    }

    /// A tape of the bars of y and of x, each known at its close.
    pub fn of_bars(bars: [&Bars; 2]) -> Self {
        let firsts = bars.iter().filter_map(|bars| bars.first()).min();
        let ends = bars.iter().filter_map(|bars| bars.end()).max();
        let Some((first, end)) = firsts.zip(ends) else {
            return Self::of_held(Vec::new(), Vec::new(), Default::default());
        };
        let mut taping = Taping::new(first, end, Vec::new());
        let none = LateBars::default();
        taping.work(&LegBars { bars, seconds: bars, late: [&none; 2] }, usize::MAX);
        taping.finish()
    }

    /// A tape of bars and the trades between them, in time order; bars that closed in `final_spans` are in
    /// their final state.
    pub(super) fn of_held(
        moments: Vec<Moment>,
        final_spans: Vec<(UnixMillis, UnixMillis)>,
        half_spreads: [HalfSpreads; 2],
    ) -> Self {
        Self { moments, bars_alone: true, final_spans, half_spreads }
    }

    /// Half-spreads of the recorded books of y and of x, those of later bars included.
    pub(super) fn half_spreads(&self) -> &[HalfSpreads; 2] {
        &self.half_spreads
    }

    /// Times of the first and the last trade; `None` if the tape has only bars.
    pub fn trades(&self) -> Option<(UnixMillis, UnixMillis)> {
        let is_trade =
            |moment: &&Moment| matches!(moment.event, TapeEvent::Trade(..) | TapeEvent::Aggregate(..));
        let first = self.moments.iter().find(is_trade)?;
        let last = self.moments.iter().rev().find(is_trade)?;
        Some((first.at, last.at))
    }

    /// The part of the tape from `from` to `to`, both included.
    #[must_use]
    pub fn between(mut self, from: UnixMillis, to: UnixMillis) -> Self {
        // a day has hundreds of thousands of moments, so this is a binary search
        self.moments.truncate(self.moments.partition_point(|moment| moment.at <= to));
        self.moments.drain(..self.moments.partition_point(|moment| moment.at < from));
        self
    }

    /// Whether bars are given as such, rather than made of trades.
    pub fn is_of_bars(&self) -> bool {
        self.bars_alone
    }

    /// Whether bars that close from `from` to `to` are in their final state rather than as they became known.
    pub fn is_final_data(&self, from: UnixMillis, to: UnixMillis) -> bool {
        self.final_spans.iter().any(|(first, last)| *first <= to && from <= *last)
    }

    /// Times of its first and its last moment.
    pub fn span(&self) -> Option<(UnixMillis, UnixMillis)> {
        Some((self.moments.first()?.at, self.moments.last()?.at))
    }

    /// Moments, oldest first.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }
}

/// What a frame says about `pair`.
fn event_of(pair: &Pair, frame: Frame<'_>) -> Option<TapeEvent> {
    Some(match frame {
        Frame::Trade { symbol, trade } => TapeEvent::Trade(pair.leg_of(&symbol)?, trade),
        Frame::Aggregate { symbol, event_time, row } => {
            TapeEvent::Aggregate(pair.leg_of(&symbol)?, event_time, row)
        }
        Frame::SecondBar { symbol, bar } => TapeEvent::Second(pair.leg_of(&symbol)?, bar),
        Frame::Clock(time) => TapeEvent::Clock(time),
        Frame::ServerShutdown | Frame::Reply | Frame::Error { .. } | Frame::Unused => return None,
    })
}

impl TapeEvent {
    /// The frame with this content; `None` if it did not come in a frame.
    pub(super) fn frame<'a>(&self, pair: &'a Pair) -> Option<Frame<'a>> {
        let name = |leg: Leg| pair.symbol(leg).as_str();
        Some(match self {
            Self::Trade(leg, trade) => Frame::Trade { symbol: name(*leg).into(), trade: *trade },
            Self::Aggregate(leg, event_time, row) => {
                Frame::Aggregate { symbol: name(*leg).to_owned(), event_time: *event_time, row: *row }
            }
            Self::Second(leg, bar) => Frame::SecondBar { symbol: name(*leg).to_owned(), bar: *bar },
            Self::Clock(time) => Frame::Clock(*time),
            Self::Cut | Self::Bar(..) => return None,
        })
    }
}
