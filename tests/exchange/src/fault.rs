//! What can be made to go wrong.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Something that goes wrong. Spans are wall time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Every socket is closed.
    Close {
        /// Close code.
        code: u16,
        /// Words.
        #[serde(default)]
        reason: String,
    },
    /// Every socket is cut without a word: a TCP reset.
    Reset,
    /// Every socket is cut, and for a while connections are dropped at the door.
    Outage {
        /// How long.
        millis: u64,
    },
    /// Sockets stay open and silent; pings go on.
    Stall {
        /// How long.
        millis: u64,
        /// One market only.
        #[serde(default)]
        symbol: Option<String>,
    },
    /// One stream is silent and the others go on.
    StallStream {
        /// Its name, `btcusdt@trade`.
        stream: String,
        /// How long.
        millis: u64,
    },
    /// One stream comes late and the others in time.
    LagStream {
        /// Its name, `btcusdt@trade`.
        stream: String,
        /// By how much.
        lag_millis: u64,
        /// How long.
        millis: u64,
    },
    /// More trades of each market than at any other time.
    Burst {
        /// So many in a second.
        per_sec: u32,
        /// How long.
        millis: i64,
    },
    /// The next so many sockets are refused in their handshake.
    Refuse {
        /// How many.
        sockets: u32,
    },
    /// So many trades of each market are never sent.
    Gap {
        /// How many.
        trades: u32,
    },
    /// Every frame comes twice.
    Duplicate {
        /// How long.
        millis: u64,
    },
    /// Frames are held back by 0 to 200 ms each.
    Shuffle {
        /// How long.
        millis: u64,
    },
    /// A text is sent as a frame, whatever it is.
    Inject {
        /// The text.
        text: String,
    },
    /// The next so many trades have a field more, or a number in place of a price.
    Malform {
        /// How many.
        trades: u32,
        /// A number for the price; otherwise an unknown field.
        number_for_price: bool,
    },
    /// REST answers with this status; with 451 no socket is accepted either.
    Rest {
        /// HTTP status.
        status: u16,
        /// How long.
        millis: u64,
    },
    /// Bodies of REST come as over a narrow network, each by itself.
    Narrow {
        /// So many bytes in a second, as they are sent.
        bytes_per_sec: u32,
        /// How long.
        millis: u64,
    },
    /// REST answers late.
    SlowRest {
        /// By how much.
        delay_millis: u64,
        /// How long.
        millis: u64,
    },
    /// REST bodies end in the middle.
    Truncate {
        /// How long.
        millis: u64,
    },
    /// Books are not as they should be.
    Book {
        /// How.
        wrong: WrongBook,
        /// How long.
        millis: u64,
    },
    /// The told time steps.
    Skew {
        /// By how much.
        millis: i64,
    },
    /// The exchange says that it is about to close, and does a second later.
    Shutdown,
}

/// What is wrong with books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongBook {
    /// Nobody buys or sells.
    Empty,
    /// The bid is above the ask.
    Crossed,
    /// Bid and ask are a hundredth of the price apart on either side.
    Wide,
}

/// A fault at a time of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptedFault {
    /// Wall milliseconds after the start.
    pub at_millis: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) refuse_until: Option<Instant>,
    /// Connections that end until then end in a reset.
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
    /// Raised by each fault that speaks to every socket; sockets compare it with what they have seen.
    orders: VecDeque<(u64, Order)>,
    pub(crate) last_order: u64,
}

/// What every socket is to do once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    Close { code: u16, reason: String },
    Cut,
    Gap { trades: u32 },
    Send { text: String },
    Malform { trades: u32, number_for_price: bool },
    Shutdown,
}

/// Time in which every socket has heard that it is to be cut.
const CUT_WITHIN: Duration = Duration::from_millis(500);
/// Orders remembered; a socket that opens later is not concerned by them.
const ORDERS_KEPT: usize = 64;

impl Faults {
    /// Puts a fault in force.
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
            Fault::Truncate { millis } => self.truncate_until = until(millis),
            Fault::Shutdown => self.order(Order::Shutdown),
            // affairs of the clock and of the tape
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

    /// What is to be done since order number `seen`, which becomes the last.
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

    /// Whether a connection that ends now ends in a reset.
    pub(crate) fn resets(&self) -> bool {
        Self::on(self.reset_until)
    }

    /// Whether the socket that knocks now is refused; counts it.
    pub(crate) fn refuses_socket(&mut self) -> bool {
        let refused = self.refusals_left > 0;
        self.refusals_left = self.refusals_left.saturating_sub(1);
        refused
    }

    pub(crate) fn stalls_stream(&self, stream: &str) -> bool {
        self.stream_stall_until.as_ref().is_some_and(|(until, only)| Self::on(Some(*until)) && only == stream)
    }

    /// How late `stream` is.
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

    /// Bytes in a second, where the network is narrow.
    pub(crate) fn narrow(&self) -> Option<u32> {
        self.narrow.filter(|(until, _)| Self::on(Some(*until))).map(|(_, bytes_per_sec)| bytes_per_sec)
    }

    pub(crate) fn wrong_book(&self) -> Option<WrongBook> {
        self.book.filter(|(until, _)| Self::on(Some(*until))).map(|(_, wrong)| wrong)
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
