//! REST as the tab sees it: its responses, and their delays.

use crate::fault::{Fault, Plan};
use crate::random::Random;
use spreadscope_engine::binance::FetchError;
use spreadscope_exchange::Tape;

/// The browser's timeout.
const TIMEOUT_MILLIS: i64 = 15_000;

/// Returns the response to `url`, requested at `now`, and its time of arrival.
pub(crate) fn respond(
    tape: &Tape,
    plan: &Plan,
    random: &mut Random,
    url: &str,
    now: i64,
) -> (i64, Result<String, FetchError>) {
    let mut delay = random.range(30, 400);
    // REST lags slightly behind the streams
    let mut behind = random.range(0, 900);
    let mut truncated = false;
    if plan.without_rest {
        return (now + delay, Err(FetchError::Unreached));
    }
    for fault in plan.at(now) {
        match fault {
            Fault::Outage => return (now + delay, Err(FetchError::Unreached)),
            Fault::RestPage => {
                return (now + delay, Ok("<html><h1>Sign in to this network</h1></html>".to_owned()));
            }
            Fault::RestHidden => return (now + delay, Err(FetchError::Hidden)),
            Fault::RestTimeout => return (now + TIMEOUT_MILLIS, Err(FetchError::TimedOut)),
            Fault::RestStatus(code) => {
                let body = match code {
                    418 => format!("IP banned until {}. Please", now + 70_000),
                    _ => String::new(),
                };
                return (now + delay, Err(FetchError::Status { code, body }));
            }
            Fault::RestSlow => delay += random.range(0, 9_000),
            Fault::RestStale => behind += random.range(0, 5_000),
            Fault::RestTruncated => truncated = random.chance(70),
            _ => {}
        }
    }
    let response = tape.respond(url, now + delay / 2 - behind);
    let response = response.map(|mut body| {
        if truncated {
            body.truncate(body.len() / 2);
        }
        body
    });
    (now + delay, response.map_err(|(code, body)| FetchError::Status { code, body }))
}
