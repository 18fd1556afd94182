//! Faults that can be requested.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A fault. Durations are wall time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Every socket is closed.
    Close {
        /// Close code.
        code: u16,
        /// Close reason.
        #[serde(default)]
        reason: String,
    },
    /// Every socket is cut without a close frame: a TCP reset.
    Reset,
    /// Every socket is cut, and for a while connections are dropped on accept.
    Outage {
        /// Duration.
        millis: u64,
    },
    /// Sockets stay open and silent; pings continue.
    Stall {
        /// Duration.
        millis: u64,
        /// One market only.
        #[serde(default)]
        symbol: Option<String>,
    },
    /// One stream is silent and the others go on.
    StallStream {
        /// Its name, `btcusdt@trade`.
        stream: String,
        /// Duration.
        millis: u64,
    },
    /// One stream is late and the others are on time.
    LagStream {
        /// Its name, `btcusdt@trade`.
        stream: String,
        /// Lag.
        lag_millis: u64,
        /// Duration.
        millis: u64,
    },
    /// More trades of each market than usual.
    Burst {
        /// Trades per second.
        per_sec: u32,
        /// Duration.
        millis: i64,
    },
    /// The next sockets are refused in their handshake.
    Refuse {
        /// Number of sockets.
        sockets: u32,
    },
    /// Trades of each market are never sent.
    Gap {
        /// Number of trades.
        trades: u32,
    },
    /// Every frame is sent twice.
    Duplicate {
        /// Duration.
        millis: u64,
    },
    /// Frames are held back by 0 to 200 ms each.
    Shuffle {
        /// Duration.
        millis: u64,
    },
    /// A text is sent as a frame.
    Inject {
        /// The text.
        text: String,
    },
    /// The next trades have an additional field, or a number as price.
    Malform {
        /// Number of trades.
        trades: u32,
        /// Whether the price is a number; otherwise there is an unknown field.
        number_for_price: bool,
    },
    /// REST responds with this status; with 451 sockets are refused too.
    Rest {
        /// HTTP status.
        status: u16,
        /// Duration.
        millis: u64,
    },
    /// Bodies of REST arrive as over a slow network, each by itself.
    Narrow {
        /// Bytes per second, as sent.
        bytes_per_sec: u32,
        /// Duration.
        millis: u64,
    },
    /// REST responds late.
    SlowRest {
        /// Delay.
        delay_millis: u64,
        /// Duration.
        millis: u64,
    },
    /// REST bodies are cut off in the middle.
    Truncate {
        /// Duration.
        millis: u64,
    },
    /// Order books are faulty.
    Book {
        /// The kind of fault.
        wrong: WrongBook,
        /// Duration.
        millis: u64,
    },
    /// Order rules are faulty.
    Rules {
        /// The kind of fault.
        wrong: WrongRules,
        /// Duration.
        millis: u64,
    },
    /// The reported time steps.
    Skew {
        /// The step.
        millis: i64,
    },
    /// The exchange announces that it is about to close, and closes a second later.
    Shutdown,
}

/// A fault of order books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongBook {
    /// There are no orders.
    Empty,
    /// The bid is above the ask.
    Crossed,
    /// Bid and ask are each a hundredth of the price away.
    Wide,
}

/// A fault of order rules, in all markets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongRules {
    /// There is no `LOT_SIZE`.
    NoLotSize,
    /// The lots' step is 0.
    ZeroStep,
    /// The lots' step is a word.
    Word,
}

/// A fault at a scheduled time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptedFault {
    /// Wall milliseconds since the start.
    pub at_millis: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) refuse_until: Option<Instant>,
    /// Connections that end before this are reset.
    reset_until: Option<Instant>,
    refusals_left: u32,
    stall_until: Option<(Instant, Option<String>)>,
    stream_stall_until: Option<(Instant, String)>,
    stream_lag: Option<(Instant, String, u64)>,
    duplicate_until: Option<Instant>,
    shuffle_until: Option<Instant>,
    rest: Option<(Instant, u16)>,
    narrow: Option<(Instant, u32)>,
    slow: Option<(Instant, u64)>,
    truncate_until: Option<Instant>,
    book: Option<(Instant, WrongBook)>,
    rules: Option<(Instant, WrongRules)>,
    /// Orders to every socket, numbered; each socket compares the numbers with what it has seen.
    orders: VecDeque<(u64, Order)>,
    pub(crate) last_order: u64,
}

/// What every socket must do once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    Close { code: u16, reason: String },
    Cut,
    Gap { trades: u32 },
    Send { text: String },
    Malform { trades: u32, number_for_price: bool },
    Shutdown,
}

/// Time within which every socket has received an order to be cut.
const CUT_WITHIN: Duration = Duration::from_millis(500);
/// Orders kept; they do not concern sockets that open later.
const ORDERS_KEPT: usize = 64;

impl Faults {
    /// Applies a fault.
    pub(crate) fn apply(&mut self, fault: Fault) {
        let until = |millis: u64| Some(Instant::now() + Duration::from_millis(millis));
        match fault {
            Fault::Close { code, reason } => self.order(Order::Close { code, reason }),
            Fault::Reset => self.cut(),
            Fault::Outage { millis } => {
                self.refuse_until = until(millis);
                self.cut();
            }
            Fault::Stall { millis, symbol } => {
                self.stall_until = until(millis).map(|until| (until, symbol));
            }
            Fault::StallStream { stream, millis } => {
                self.stream_stall_until = until(millis).map(|until| (until, stream));
            }
            Fault::LagStream { stream, lag_millis, millis } => {
                self.stream_lag = until(millis).map(|until| (until, stream, lag_millis));
            }
            Fault::Refuse { sockets } => self.refusals_left = sockets,
            Fault::Gap { trades } => self.order(Order::Gap { trades }),
            Fault::Duplicate { millis } => self.duplicate_until = until(millis),
            Fault::Shuffle { millis } => self.shuffle_until = until(millis),
            Fault::Inject { text } => self.order(Order::Send { text }),
            Fault::Malform { trades, number_for_price } => {
                self.order(Order::Malform { trades, number_for_price });
            }
            Fault::Rest { status, millis } => self.rest = until(millis).map(|until| (until, status)),
            Fault::Narrow { bytes_per_sec, millis } => {
                self.narrow = until(millis).map(|until| (until, bytes_per_sec));
            }
            Fault::SlowRest { delay_millis, millis } => {
                self.slow = until(millis).map(|until| (until, delay_millis));
            }
            Fault::Book { wrong, millis } => self.book = until(millis).map(|until| (until, wrong)),
            Fault::Rules { wrong, millis } => self.rules = until(millis).map(|until| (until, wrong)),
            Fault::Truncate { millis } => self.truncate_until = until(millis),
            Fault::Shutdown => self.order(Order::Shutdown),
            // these concern the clock and the tape
            Fault::Skew { .. } | Fault::Burst { .. } => {}
        }
    }

    fn cut(&mut self) {
        self.reset_until = Some(Instant::now() + CUT_WITHIN);
        self.order(Order::Cut);
    }

    fn order(&mut self, order: Order) {
        self.last_order += 1;
        self.orders.push_back((self.last_order, order));
        if self.orders.len() > ORDERS_KEPT {
            self.orders.pop_front();
        }
    }

    /// Returns the orders after number `seen`, which is updated.
    pub(crate) fn orders_after(&self, seen: &mut u64) -> Vec<Order> {
        let new = self.orders.iter().filter(|(number, _)| *number > *seen);
        let orders = new.map(|(_, order)| order.clone()).collect();
        *seen = self.last_order;
        orders
    }

    fn on(until: Option<Instant>) -> bool {
        until.is_some_and(|until| Instant::now() < until)
    }

    pub(crate) fn refuses(&self) -> bool {
        Self::on(self.refuse_until)
    }

    /// Returns whether a connection that ends now is reset.
    pub(crate) fn resets(&self) -> bool {
        Self::on(self.reset_until)
    }

    /// Returns whether a socket that connects now is refused, and counts it.
    pub(crate) fn refuses_socket(&mut self) -> bool {
        let refused = self.refusals_left > 0;
        self.refusals_left = self.refusals_left.saturating_sub(1);
        refused
    }

    pub(crate) fn stalls_stream(&self, stream: &str) -> bool {
        self.stream_stall_until.as_ref().is_some_and(|(until, only)| Self::on(Some(*until)) && only == stream)
    }

    /// Returns the lag of `stream`.
    pub(crate) fn lag_millis(&self, stream: &str) -> u64 {
        let late =
            self.stream_lag.as_ref().filter(|(until, only, _)| Self::on(Some(*until)) && only == stream);
        late.map_or(0, |(.., lag_millis)| *lag_millis)
    }

    pub(crate) fn stalls(&self, symbol: &str) -> bool {
        self.stall_until.as_ref().is_some_and(|(until, only)| {
            Self::on(Some(*until)) && only.as_ref().is_none_or(|only| only == symbol)
        })
    }

    pub(crate) fn duplicates(&self) -> bool {
        Self::on(self.duplicate_until)
    }

    pub(crate) fn shuffles(&self) -> bool {
        Self::on(self.shuffle_until)
    }

    pub(crate) fn rest_status(&self) -> Option<u16> {
        self.rest.filter(|(until, _)| Self::on(Some(*until))).map(|(_, status)| status)
    }

    pub(crate) fn rest_delay_millis(&self) -> u64 {
        self.slow.filter(|(until, _)| Self::on(Some(*until))).map_or(0, |(_, delay)| delay)
    }

    /// Returns the bytes per second of a slow network, if there is one.
    pub(crate) fn narrow(&self) -> Option<u32> {
        self.narrow.filter(|(until, _)| Self::on(Some(*until))).map(|(_, bytes_per_sec)| bytes_per_sec)
    }

    pub(crate) fn wrong_book(&self) -> Option<WrongBook> {
        self.book.filter(|(until, _)| Self::on(Some(*until))).map(|(_, wrong)| wrong)
    }

    pub(crate) fn wrong_rules(&self) -> Option<WrongRules> {
        self.rules.filter(|(until, _)| Self::on(Some(*until))).map(|(_, wrong)| wrong)
    }

    pub(crate) fn truncates(&self) -> bool {
        Self::on(self.truncate_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_readable_json() {
        let script = r#"[{"at_millis":500,"fault":"gap","trades":7},{"at_millis":900,"fault":"stall","millis":20000}]"#;
        let faults: Vec<ScriptedFault> = serde_json::from_str(script).unwrap();
        assert_eq!(faults[0].fault, Fault::Gap { trades: 7 });
        assert_eq!(faults[1].fault, Fault::Stall { millis: 20_000, symbol: None });
    }

    #[test]
    fn a_stall_of_one_market_leaves_the_others_alone_and_ends() {
        let mut faults = Faults::default();
        faults.apply(Fault::Stall { millis: 60_000, symbol: Some("BTCUSDT".into()) });
        assert!(faults.stalls("BTCUSDT") && !faults.stalls("ETHUSDT"));
        faults.apply(Fault::Stall { millis: 0, symbol: None });
        assert!(!faults.stalls("BTCUSDT"));
    }
}
