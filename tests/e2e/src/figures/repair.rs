//! How long filling a gap of ten minutes takes.

use crate::browser::Trouble;
use crate::budget::Figure;
use crate::desk::Desk;
use spreadscope_exchange::Fault;
use std::time::{Duration, Instant};

/// The exchange is offline for this long, during which its clock advances by [`GAP_SECS`].
const AWAY: Duration = Duration::from_secs(3);
const GAP_SECS: f64 = 600.0;

/// Exchange time in ms, and the missing bars of both legs, from the inspector, which updates once a second.
const STATE: &str = "const rows = [...document.querySelectorAll('[data-table=missing_bars] tbody tr')]; \
     const facts = [...document.querySelectorAll('.facts tr')].map(row => [row.cells[0].innerText, row.cells[1].innerText]); \
     const missing = rows.filter(row => row.cells[4].innerText == 'missing'); \
     return [Date.parse(Object.fromEntries(facts).exchange_time), missing.reduce((sum, row) => sum + Number(row.cells[2].innerText), 0)]";

/// Measures the time from the new connection until no bar is missing, on a live desk.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(desk: &Desk) -> Result<Vec<Figure>, Trouble> {
    desk.hour(30).await?;
    desk.go("/feed").await?;
    let sockets = desk.exchange.sockets_opened();
    desk.exchange.apply(Fault::Outage { millis: AWAY.as_millis().try_into()? });
    // during the outage the market advances by ten minutes
    desk.exchange.set_speed(GAP_SECS / AWAY.as_secs_f64());
    tokio::time::sleep(AWAY).await;
    desk.exchange.set_speed(1.0);
    let deadline = Instant::now() + Duration::from_mins(2);
    while desk.exchange.sockets_opened() == sockets {
        if Instant::now() > deadline {
            return Err("the page did not connect again".into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let connected = Instant::now();
    // by then the bars of the gap are closed and shown as missing
    let closed_ms = desk.exchange.told_now_ms() + 1_500;
    let mut most = 0.0_f64;
    loop {
        let state = desk.browser.script(STATE).await?;
        let (now_ms, missing) = (state[0].as_f64(), state[1].as_f64().ok_or("the inspector shows no bars")?);
        most = most.max(missing);
        if missing == 0.0 && now_ms.is_some_and(|now_ms| now_ms >= closed_ms as f64) {
            break;
        }
        if Instant::now() > deadline {
            return Err(format!("{missing} bars are still missing, at most it was {most}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let secs = connected.elapsed().as_secs_f64();
    Ok(vec![
        Figure::plain("bars of both legs seen missing after a gap of 10 min", most, "bars"),
        Figure::plain("repair of that gap, from the new connection on", secs, "s"),
    ])
}
