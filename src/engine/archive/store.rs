//! The seam to the store: a browser's database, a simulated one, or none.

/// Bytes under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// See [`key`](super::key).
    pub key: String,
    /// See [`record`](super::record).
    pub bytes: Vec<u8>,
}

/// A step of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Put this record, replacing the one with its name if there is one.
    Put(Record),
    /// Delete the record with this name if there is one.
    Delete(String),
    /// Delete all records whose names start with this.
    DeleteAll(String),
}

/// Which records to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Prefix of their names.
    pub prefix: String,
    /// Most records; those with the last names are returned.
    pub newest: usize,
}

/// A request to the store. It may take its time, but keeps the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Open the store.
    Open,
    /// Make all these changes, or none of them.
    Write {
        /// Comes back with the answer.
        id: u64,
        /// To be made in this order.
        changes: Vec<Change>,
    },
    /// Read these records.
    Load {
        /// Comes back with the answer.
        id: u64,
        /// Answered one by one, in order.
        queries: Vec<Query>,
    },
    /// List the names that start with any of these prefixes.
    List {
        /// Comes back with the answer.
        id: u64,
        /// Prefixes of the names.
        prefixes: Vec<String>,
    },
    /// Estimate the space used and available.
    Estimate,
}

/// The answer to a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The store is open, or is not. It may come unasked: a store can be taken away and given back.
    Opened(Result<(), StoreError>),
    /// The transaction is complete, or nothing of it was done.
    Written {
        /// The request.
        id: u64,
        /// Whether it succeeded.
        result: Result<(), StoreError>,
    },
    /// Records; those of each query in the order of their names.
    Loaded {
        /// The request.
        id: u64,
        /// The records, or why there are none.
        result: Result<Vec<Record>, StoreError>,
    },
    /// Names, in order.
    Listed {
        /// The request.
        id: u64,
        /// The names, or why there are none.
        result: Result<Vec<String>, StoreError>,
    },
    /// Space used and available.
    Estimated(Result<Estimate, StoreError>),
}

/// The browser's figures for the storage of this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes used, all kinds of storage together.
    pub usage_bytes: u64,
    /// Bytes available in total.
    pub quota_bytes: u64,
    /// Whether the browser has promised to keep the data when space gets short.
    pub persistent: bool,
}

/// Why the store could not carry out a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is none: the browser has none, or not in this mode.
    #[error("this browser keeps no data for the page, as in a private window ({0})")]
    Unavailable(String),
    /// Another tab has an older version of it open.
    #[error("another tab runs an older version of this page and holds the stored data: close or reload it")]
    Blocked,
    /// It was written by a newer build.
    #[error("the stored data is from a newer version of this page: reload to get that version")]
    Newer,
    /// It was taken away while in use.
    #[error("a newer version of this page in another tab has taken over the stored data: reload this tab")]
    TakenOver,
    /// It does not answer; it may do so later.
    #[error("the browser's database has not opened for {secs} s")]
    Hung {
        /// For how long.
        secs: i64,
    },
    /// No room is left.
    #[error("no room is left for this page's data")]
    QuotaExceeded,
    /// Anything else, in the browser's words.
    #[error("the browser's database failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Whether a later attempt may succeed.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::QuotaExceeded)
    }
}
