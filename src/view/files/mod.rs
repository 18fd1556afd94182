//! Files in and out: tables, plans of an import, backups.

pub mod backup;
pub mod export;
pub mod import;
pub mod table;
