//! GET without headers or credentials, the only kind that Binance's CORS rules let through.

use futures_util::future::{Either, select};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use spreadscope_engine::binance::FetchError;
use std::pin::pin;
use web_sys::{AbortController, RequestCredentials};

/// No answer after this long counts as none.
const TIMEOUT_MILLIS: u32 = 15_000;
/// As much of a refusal's body as is worth keeping.
const REFUSAL_SHOWN: usize = 400;

/// Fetches `url` as text.
///
/// # Errors
/// [`FetchError`]: a status other than 2xx, no answer in time, or none that the browser would show.
pub async fn get(url: &str) -> Result<String, FetchError> {
    let abort = AbortController::new().ok();
    let answer = pin!(request(url, abort.as_ref()));
    let timeout = pin!(TimeoutFuture::new(TIMEOUT_MILLIS));
    match select(answer, timeout).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => {
            if let Some(abort) = &abort {
                abort.abort();
            }
            Err(FetchError::TimedOut)
        }
    }
}

async fn request(url: &str, abort: Option<&AbortController>) -> Result<String, FetchError> {
    // the browser's own words name no cause, and differ from one to the next
    let unreachable = |_unnamed: gloo_net::Error| FetchError::Unreachable("no answer came".to_owned());
    let signal = abort.map(AbortController::signal);
    let response = Request::get(url)
        .credentials(RequestCredentials::Omit)
        .abort_signal(signal.as_ref())
        .send()
        .await
        .map_err(unreachable)?;
    let body = response.text().await.map_err(unreachable)?;
    if response.ok() {
        Ok(body)
    } else {
        Err(FetchError::Status { code: response.status(), body: body.chars().take(REFUSAL_SHOWN).collect() })
    }
}
