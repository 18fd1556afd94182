//! The path from the exchange to the tab: what arrives on a socket, and when.

use crate::fault::{Fault, Plan};
use crate::random::Random;
use spreadscope_exchange::Tape;

/// Delay of trades on a lagging stream: less than five seconds behind the bar that announces them.
const TRADES_LAG_MILLIS: i64 = 4_000;

/// A socket as the exchange sees it.
#[derive(Debug)]
pub(crate) struct Line {
    /// Followed streams.
    streams: Vec<String>,
    /// Everything pushed up to this time is on its way.
    sent_to: i64,
    /// Arrival of the last frame; on one socket frames stay in order.
    last_arrival: i64,
    /// Arrival of the last trades of each market; on one stream they stay in order.
    trades_arrive: [i64; 2],
    /// Whether nothing is sent any more.
    pub(crate) dead: bool,
}

impl Line {
    /// Returns a socket opened at `now` by `url`.
    pub(crate) fn new(url: &str, now: i64) -> Self {
        let streams = url.split_once("streams=").map_or("", |(_, streams)| streams);
        Self {
            streams: streams.split('/').map(str::to_owned).collect(),
            sent_to: now,
            last_arrival: now,
            trades_arrive: [now; 2],
            dead: false,
        }
    }

    /// Returns the frames pushed up to `to`, each with its time of arrival.
    pub(crate) fn frames(
        &mut self,
        tape: &Tape,
        plan: &Plan,
        random: &mut Random,
        to: i64,
    ) -> Vec<(i64, String)> {
        let from = self.sent_to;
        self.sent_to = to.max(from);
        if self.dead || to <= from {
            return Vec::new();
        }
        let streams: Vec<&str> = self.streams.iter().map(String::as_str).collect();
        let mut arrivals = Vec::new();
        for (pushed, text) in tape.timed_frames(&streams, from, to) {
            let mut copies = 1;
            let (mut garbage, mut odd) = (false, false);
            let mut delay = random.range(20, 60) + if random.chance(1) { random.range(0, 400) } else { 0 };
            let mut overtakes = false;
            let mut lag = 0;
            for fault in plan.at(pushed) {
                match fault {
                    Fault::MarketStall(place) if of_market(&text, place) => copies = 0,
                    Fault::TradesStall(place) if of_market(&text, place) && text.contains("@trade") => {
                        copies = 0;
                    }
                    Fault::TradesLag(place) if of_market(&text, place) && text.contains("@trade") => {
                        lag = TRADES_LAG_MILLIS;
                    }
                    Fault::BarsStall(place) if of_market(&text, place) && text.contains("@kline") => {
                        copies = 0;
                    }
                    Fault::Loss(percent) if random.chance(percent) => copies = 0,
                    Fault::Duplicates => copies *= 2,
                    Fault::Disorder => {
                        overtakes = true;
                        delay += random.range(0, 450);
                    }
                    Fault::Backlog => delay += 12_000,
                    Fault::Garbage => garbage = random.chance(5),
                    Fault::OddPrints => odd = random.chance(20),
                    _ => {}
                }
            }
            let arrival = pushed + delay;
            // frames of one socket stay in order, unless a fault says otherwise
            let arrival = if overtakes { arrival } else { arrival.max(self.last_arrival) };
            self.last_arrival = self.last_arrival.max(arrival);
            let arrival = self.trade_arrives(&text, arrival + lag, overtakes);
            if garbage {
                arrivals.push((arrival, spoiled(&text, random)));
            }
            let text = if odd { text.replace("\"M\":true", "\"M\":true,\"X\":\"UNHEARD_OF\"") } else { text };
            if odd {
                arrivals.push((arrival, unasked(pushed, random)));
            }
            for _ in 0..copies {
                arrivals.push((arrival, text.clone()));
            }
        }
        arrivals
    }
}

impl Line {
    /// Returns when a trade arrives that would arrive at `arrival` without those before it; other frames are
    /// not delayed.
    fn trade_arrives(&mut self, text: &str, arrival: i64, overtakes: bool) -> i64 {
        let place = (0..2).find(|&place| of_market(text, place) && text.contains("@trade"));
        let Some(place) = place.filter(|_| !overtakes) else { return arrival };
        self.trades_arrive[place] = self.trades_arrive[place].max(arrival);
        self.trades_arrive[place]
    }
}

fn of_market(text: &str, place: usize) -> bool {
    text.contains(["btcusdt@", "ethusdt@"][place])
}

/// Returns a text that no exchange would send.
fn spoiled(text: &str, random: &mut Random) -> String {
    match random.range(0, 6) {
        0 => text[..text.len() / 2].to_owned(),
        1 => text.replace("\"p\":\"", "\"p\":\"x"),
        2 => text.replace("\"t\":", "\"t\":9"),
        3 => "[]".to_owned(),
        4 => text.replace("\"E\":17", "\"E\":29"),
        _ => r#"{"error":{"code":2,"msg":"Invalid request"},"id":1}"#.to_owned(),
    }
}

/// Returns a frame of a stream that was not requested, with its own ids and prices.
fn unasked(pushed: i64, random: &mut Random) -> String {
    let (stream, data) = match random.range(0, 3) {
        0 => (
            "blockTrade",
            format!(r#""e":"blockTrade","E":{pushed},"t":582,"p":"1.00","q":"9.00","T":{pushed},"m":true"#),
        ),
        1 => ("referencePrice", format!(r#""e":"referencePrice","r":"1.00","t":{pushed}"#)),
        _ => ("bookTicker", r#""u":50093239212,"b":"1.00","B":"3.78","a":"1.01","A":"1.54""#.to_owned()),
    };
    format!(r#"{{"stream":"btcusdt@{stream}","data":{{"s":"BTCUSDT",{data}}}}}"#)
}
