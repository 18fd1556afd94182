//! GET without headers or credentials, the only kind that Binance's CORS rules allow.
//!
//! To a page, an error without a CORS header looks like a missing network. A second request, whose response the
//! page may not read, tells the two apart: it fails only if the host cannot be reached.

use futures_util::future::{Either, select};
use gloo_net::http::{Request, Response};
use gloo_timers::future::TimeoutFuture;
use spreadscope_engine::binance::FetchError;
use std::pin::pin;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode};

/// Longest wait for a response to begin.
const TIMEOUT_MILLIS: u32 = 15_000;
/// Longest wait for the body after that: the list of all markets is megabytes, and a phone's network is slow.
const BODY_MILLIS: u32 = 40_000;
/// Characters of a refusal's body that are kept.
const REFUSAL_SHOWN: usize = 400;

/// Fetches `url` as text.
///
/// # Errors
/// [`FetchError`]: a status other than 2xx, no response in time, or none that the browser reveals.
pub async fn get(url: &str) -> Result<String, FetchError> {
    let abort = AbortController::new().ok();
    let response = within(TIMEOUT_MILLIS, abort.as_ref(), request(url, abort.as_ref())).await??;
    within(BODY_MILLIS, abort.as_ref(), read(response)).await?
}

/// Waits for `response` up to `millis`, then aborts the request.
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

/// Returns whether the host of `url` answers at all.
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
