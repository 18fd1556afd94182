//! Files in and out: tables, import plans, backups.

pub mod backup;
pub mod export;
pub mod import;
pub mod table;
