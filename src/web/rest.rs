//! GET without headers or credentials, the only kind that Binance's CORS rules let through.
//!
//! To a page, an error without a CORS header looks as if there were no network. One more request, whose answer the page
//! may not read, tells the two apart: it fails only where the host is not reached.

use futures_util::future::{Either, select};
use gloo_net::http::{Request, Response};
use gloo_timers::future::TimeoutFuture;
use spreadscope_engine::binance::FetchError;
use std::pin::pin;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode};

/// No response after this long counts as none.
const TIMEOUT_MILLIS: u32 = 15_000;
/// Once it has begun it may take this much longer: the list of all markets is megabytes, and a phone's network slow.
const BODY_MILLIS: u32 = 40_000;
/// As much of a refusal's body as is worth keeping.
const REFUSAL_SHOWN: usize = 400;

/// Fetches `url` as text.
///
/// # Errors
/// [`FetchError`]: a status other than 2xx, no response in time, or none that the browser would show.
pub async fn get(url: &str) -> Result<String, FetchError> {
    let abort = AbortController::new().ok();
    let response = within(TIMEOUT_MILLIS, abort.as_ref(), request(url, abort.as_ref())).await??;
    within(BODY_MILLIS, abort.as_ref(), read(response)).await?
}

/// Waits for `answer`, and gives it up after `millis`.
async fn within<T>(
    millis: u32,
    abort: Option<&AbortController>,
    response: impl Future<Output = T>,
) -> Result<T, FetchError> {
    match select(pin!(response), pin!(TimeoutFuture::new(millis))).await {
        Either::Left((response, _)) => Ok(response),
        Either::Right(((), _)) => {
            if let Some(abort) = abort {
                abort.abort();
            }
            Err(FetchError::TimedOut)
        }
    }
}

async fn request(url: &str, abort: Option<&AbortController>) -> Result<Response, FetchError> {
    let signal = abort.map(AbortController::signal);
    let sent =
        Request::get(url).credentials(RequestCredentials::Omit).abort_signal(signal.as_ref()).send().await;
    match sent {
        Ok(response) => Ok(response),
        Err(_) if is_reached(url).await => Err(FetchError::Hidden),
        Err(_) => Err(FetchError::Unreached),
    }
}

async fn read(response: Response) -> Result<String, FetchError> {
    let Ok(body) = response.text().await else { return Err(FetchError::Unreached) };
    if response.ok() {
        Ok(body)
    } else {
        Err(FetchError::Status { code: response.status(), body: body.chars().take(REFUSAL_SHOWN).collect() })
    }
}

/// Whether the host of `url` answers at all.
async fn is_reached(url: &str) -> bool {
    let origin: String = url.split_inclusive('/').take(3).collect();
    Request::get(&format!("{origin}api/v3/ping"))
        .mode(RequestMode::NoCors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .send()
        .await
        .is_ok()
}
