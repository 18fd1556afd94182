//! Opaque records in `IndexedDB`: put, read, listed and deleted by name.
//!
//! One database with one store; the name is the key, the bytes are the value. A transaction counts once the
//! browser reports it complete. A connection that is dead (`WebKit` loses its server now and then) or hangs is
//! closed, and the failed work is repeated once on a new one.

use super::{deployment, reason};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use idb::{
    Database as Connection, DatabaseEvent as _, Error, Factory, KeyRange, ObjectStoreParams, Query as Range,
    Transaction, TransactionMode,
};
use js_sys::{Promise, Reflect, Uint8Array};
use spreadscope_engine::archive::StoreError;
use spreadscope_engine::archive::store::{Answer, Change, Estimate, Query, Record, Request};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DomException, StorageEstimate, StorageManager};

/// Raised whenever the stores change. It began at 2 so that the upgrade from an older version can be tested.
const VERSION: u32 = 2;
const RECORDS: &str = "records";
/// A request that takes longer than this counts as hung.
const HANGS_MILLIS: u32 = 30_000;

/// A database that answers requests in their order.
#[derive(Clone)]
pub struct Database {
    connection: Rc<RefCell<Option<Open>>>,
    on_answer: Rc<dyn Fn(Answer)>,
}

/// A connection in use; dropping it closes it once its transactions are done, so that nobody has to wait for
/// it.
struct Open(Connection);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl core::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Returns a database that is not open yet. It sends answers to `on_answer`, never from within
    /// [`Self::request`].
    pub fn new(on_answer: impl Fn(Answer) + 'static) -> Self {
        Self { connection: Rc::default(), on_answer: Rc::new(on_answer) }
    }

    /// Performs `request`.
    pub fn request(&self, request: Request) {
        let database = self.clone();
        spawn_local(async move {
            let answer = match request {
                Request::Open => Answer::Opened(database.open().await),
                Request::Write { id, changes } => Answer::Written {
                    id,
                    result: database.surely(async || database.write(&changes).await).await,
                },
                Request::Load { id, queries } => Answer::Loaded {
                    id,
                    result: database.surely(async || database.load(&queries).await).await,
                },
                Request::List { id, prefixes } => Answer::Listed {
                    id,
                    result: database.surely(async || database.list(&prefixes).await).await,
                },
                Request::Estimate => Answer::Estimated(estimate().await),
            };
            (database.on_answer)(answer);
        });
    }

    /// Does `work`, and repeats it once on a new connection if it fails or hangs on an open one.
    async fn surely<T>(&self, work: impl AsyncFn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let first = in_time(work()).await;
        // a connection that was given up to another tab is not opened again
        if !matches!(first, Err(StoreError::Failed(_))) || self.connection.borrow_mut().take().is_none() {
            return first;
        }
        in_time(self.open()).await?;
        in_time(work()).await
    }

    async fn open(&self) -> Result<(), StoreError> {
        if self.connection.borrow().is_some() {
            return Ok(());
        }
        let mut request = Factory::new()
            .and_then(|factory| factory.open(&deployment::names().database(), Some(VERSION)))
            .map_err(|error| opening_error(&error))?;
        request.on_upgrade_needed(|event| {
            // a store that cannot be made aborts the upgrade, and so the opening fails
            if let Ok(database) = event.database()
                && !database.store_names().iter().any(|name| name == RECORDS)
            {
                drop(database.create_object_store(RECORDS, ObjectStoreParams::new()));
            }
        });
        let on_answer = Rc::clone(&self.on_answer);
        request.on_blocked(move |_| on_answer(Answer::Opened(Err(StoreError::Blocked))));
        let mut connection = request.await.map_err(|error| opening_error(&error))?;
        let taken = self.clone();
        connection.on_version_change(move |_| taken.leave(StoreError::TakenOver));
        let closed = self.clone();
        connection.on_close(move |_| {
            closed.leave(StoreError::Failed("the browser deleted the stored data".to_owned()));
        });
        *self.connection.borrow_mut() = Some(Open(connection));
        Ok(())
    }

    /// Closes the connection because another tab needs the database or the browser has closed it.
    fn leave(&self, reason: StoreError) {
        let connection = self.connection.borrow_mut().take();
        let on_answer = Rc::clone(&self.on_answer);
        // this runs in a handler of the connection, which must return before the connection is dropped
        spawn_local(async move {
            drop(connection);
            on_answer(Answer::Opened(Err(reason)));
        });
    }

    fn transaction(&self, mode: TransactionMode) -> Result<Transaction, StoreError> {
        let connection = self.connection.borrow();
        let Open(connection) =
            connection.as_ref().ok_or_else(|| StoreError::Failed("it is not open".to_owned()))?;
        connection.transaction(&[RECORDS], mode).map_err(|error| store_error(&error))
    }

    async fn write(&self, changes: &[Change]) -> Result<(), StoreError> {
        let mut transaction = self.transaction(TransactionMode::ReadWrite)?;
        let requested = request_changes(&transaction, changes);
        let done = Promise::new(&mut |resolve, _| {
            let aborted = resolve.clone();
            transaction.on_complete(move |_| drop(resolve.call0(&JsValue::NULL)));
            transaction.on_abort(move |_| drop(aborted.call0(&JsValue::NULL)));
        });
        if let Err(error) = requested {
            // the requests made so far must not be committed without the rest
            drop(transaction.abort());
            return Err(store_error(&error));
        }
        // both events resolve the promise; it is never rejected
        drop(JsFuture::from(done).await);
        match transaction.error() {
            None => Ok(()),
            Some(error) => Err(exception_error(&error)),
        }
    }

    async fn load(&self, queries: &[Query]) -> Result<Vec<Record>, StoreError> {
        let transaction = self.transaction(TransactionMode::ReadOnly)?;
        load(&transaction, queries).await.map_err(|error| store_error(&error))
    }

    async fn list(&self, prefixes: &[String]) -> Result<Vec<String>, StoreError> {
        let transaction = self.transaction(TransactionMode::ReadOnly)?;
        let mut names = Vec::new();
        for prefix in prefixes {
            names.extend(keys(&transaction, prefix).await.map_err(|error| store_error(&error))?);
        }
        Ok(names)
    }
}

/// Returns the result of `work`, or an error if it hangs.
async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match select(pin!(work), TimeoutFuture::new(HANGS_MILLIS)).await {
        Either::Left((done, _)) => done,
        Either::Right(((), _)) => Err(StoreError::Failed(format!(
            "the browser's database did not answer for {} s",
            HANGS_MILLIS / 1_000
        ))),
    }
}

fn request_changes(transaction: &Transaction, changes: &[Change]) -> Result<(), Error> {
    let store = transaction.object_store(RECORDS)?;
    for change in changes {
        match change {
            Change::Put(Record { key, bytes }) => {
                store.put(&Uint8Array::from(bytes.as_slice()), Some(&key.into())).map(drop)?;
            }
            Change::Delete(key) => store.delete(JsValue::from(key)).map(drop)?,
            Change::DeleteAll(prefix) => store.delete(beginning_with(prefix)?).map(drop)?,
        }
    }
    Ok(())
}

async fn load(transaction: &Transaction, queries: &[Query]) -> Result<Vec<Record>, Error> {
    let store = transaction.object_store(RECORDS)?;
    let mut records = Vec::new();
    for Query { prefix, newest } in queries {
        let keys = keys(transaction, prefix).await?;
        for key in &keys[keys.len().saturating_sub(*newest)..] {
            if let Some(value) = store.get(JsValue::from(key))?.await? {
                let bytes = Uint8Array::new(&value).to_vec();
                records.push(Record { key: key.clone(), bytes });
            }
        }
    }
    Ok(records)
}

async fn keys(transaction: &Transaction, prefix: &str) -> Result<Vec<String>, Error> {
    let store = transaction.object_store(RECORDS)?;
    let keys = store.get_all_keys(Some(Range::KeyRange(beginning_with(prefix)?)), None)?.await?;
    Ok(keys.iter().filter_map(JsValue::as_string).collect())
}

fn beginning_with(prefix: &str) -> Result<KeyRange, Error> {
    KeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into(), Some(false), Some(false))
}

fn opening_error(error: &Error) -> StoreError {
    match error {
        Error::IndexedDbNotFound(_) => StoreError::Unavailable("no IndexedDB".to_owned()),
        Error::IndexedDbOpenFailed(reason) => StoreError::Unavailable(reason::clause(reason)),
        Error::DomException(exception) => match exception.name().as_str() {
            "VersionError" => StoreError::Newer,
            // browsers raise these in private modes and when storage is switched off
            "SecurityError" | "InvalidStateError" => StoreError::Unavailable(reason::clause(exception)),
            _ => exception_error(exception),
        },
        other => store_error(other),
    }
}

fn store_error(error: &Error) -> StoreError {
    match error {
        Error::DomException(exception) => exception_error(exception),
        Error::UpdateFailed(reason) | Error::TransactionOpenFailed(reason)
            if reason.is_instance_of::<DomException>() =>
        {
            exception_error(reason.unchecked_ref())
        }
        other => StoreError::Failed(reason::clause(&js_sys::Error::new(&other.to_string()))),
    }
}

fn exception_error(exception: &DomException) -> StoreError {
    match exception.name().as_str() {
        "QuotaExceededError" => StoreError::QuotaExceeded,
        _ => StoreError::Failed(reason::clause(exception)),
    }
}

/// Returns how much storage this page uses and may use, as the browser estimates it.
async fn estimate() -> Result<Estimate, StoreError> {
    room().await.map_err(|error| StoreError::Unavailable(reason::clause(&error)))
}

async fn room() -> Result<Estimate, JsValue> {
    let manager = manager()?;
    let estimate: StorageEstimate = JsFuture::from(manager.estimate()?).await?.unchecked_into();
    let persistent = JsFuture::from(manager.persisted()?).await?.as_bool().unwrap_or(false);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes, far below 2^53")]
    let bytes = |number: Option<f64>| number.unwrap_or(0.0) as u64;
    Ok(Estimate {
        usage_bytes: bytes(estimate.get_usage()),
        quota_bytes: bytes(estimate.get_quota()),
        persistent,
    })
}

/// Returns the storage manager of the page or the worker; it exists only at a secure address.
fn manager() -> Result<StorageManager, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    Reflect::get(&navigator, &"storage".into())?
        .dyn_into()
        .map_err(|_absent| JsValue::from("no storage manager: the address is not secure"))
}

/// Asks the browser to keep this page's data even when storage runs short, and returns whether it will. Only a
/// page may ask, on a user's gesture.
///
/// # Errors
/// A clause with the reason when the browser cannot be asked.
pub async fn persist() -> Result<bool, String> {
    let answer = async { JsFuture::from(manager()?.persist()?).await };
    answer.await.map(|granted| granted.as_bool().unwrap_or(false)).map_err(|error| reason::clause(&error))
}
