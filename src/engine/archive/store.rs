//! The seam to whatever keeps records: a browser's database, a simulated one, or none.

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
    /// Keep this record in place of the one of its name, if there is one.
    Put(Record),
    /// Forget the record of this name, if there is one.
    Delete(String),
    /// Forget all records whose names begin so.
    DeleteAll(String),
}

/// Which records are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What their names begin with.
    pub prefix: String,
    /// At most so many, those with the last names.
    pub newest: usize,
}

/// Something that the store is to do; it may take its time, but keeps the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Open it, or say why that cannot be.
    Open,
    /// Make all these changes, or none of them.
    Write {
        /// Comes back with the answer.
        id: u64,
        /// In their order.
        changes: Vec<Change>,
    },
    /// Read these records.
    Load {
        /// Comes back with the answer.
        id: u64,
        /// Each for itself.
        queries: Vec<Query>,
    },
    /// Name all records whose names begin so.
    List {
        /// Comes back with the answer.
        id: u64,
        /// What the names begin with.
        prefixes: Vec<String>,
    },
    /// Say how much room there is.
    Estimate,
}

/// What came of a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is open, or is not. It may also come unasked: a store can be taken away, and be given back.
    Opened(Result<(), StoreError>),
    /// The transaction is complete, or nothing of it was done.
    Written {
        /// The request.
        id: u64,
        /// Whether it was done.
        result: Result<(), StoreError>,
    },
    /// Records, those of each query in the order of their names.
    Loaded {
        /// The request.
        id: u64,
        /// The records, or why there are none.
        result: Result<Vec<Record>, StoreError>,
    },
    /// Names in their order.
    Listed {
        /// The request.
        id: u64,
        /// The names, or why there are none.
        result: Result<Vec<String>, StoreError>,
    },
    /// Room taken and given.
    Estimated(Result<Estimate, StoreError>),
}

/// How much the browser says is stored for this page, and how much may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes taken, all kinds of storage together.
    pub usage_bytes: u64,
    /// Bytes there may be.
    pub quota_bytes: u64,
    /// Whether the browser has promised to keep them when room gets short.
    pub persistent: bool,
}

/// Why the store could not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is none: the browser has none, or not in this mode.
    #[error("this browser keeps no data for the page, as in a private window ({0})")]
    Unavailable(String),
    /// Another tab holds an older form of it open.
    #[error("another tab runs an older version of this page and holds the stored data: close or reload it")]
    Blocked,
    /// It was written by a newer build.
    #[error("the stored data is from a newer version of this page: reload to get that version")]
    Newer,
    /// It was taken away while in use.
    #[error("a newer version of this page in another tab has taken over the stored data: reload this tab")]
    TakenOver,
    /// No room is left.
    #[error("no room is left for this page's data")]
    QuotaExceeded,
    /// Anything else, in the browser's words.
    #[error("the browser's database failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Whether asking again later may help.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::QuotaExceeded)
    }
}
