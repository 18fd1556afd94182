//! Files in and out: recordings as a source of the same engine, and everything in one file.
//!
//! A file is read in slices that the host is asked for, so that one of any size takes a bounded room and no
//! step takes long. Its form is made out from its first lines ([`sniff`]), its rows are checked one by one
//! ([`row`]) and against each other ([`staging`]), and only when the last one has been read does any of it
//! become a recording ([`recorded`]) that the desk can show.

mod apart;
mod autumn;
pub mod backup;
mod bar_columns;
mod billionths;
pub mod calendar;
mod closes;
pub mod columns;
pub mod common;
mod continuity;
mod contracts;
mod contrary;
pub mod crc32;
pub mod csv;
mod date_text;
mod dialect;
pub mod document;
mod ending;
pub mod file_name;
mod file_words;
mod finer;
mod foreign_names;
pub mod frames;
mod half_days;
pub mod head;
mod heading;
pub mod import;
pub mod imports;
mod indicators;
pub mod json;
mod json_layout;
mod json_rows;
mod layout;
pub mod limits;
pub mod lines;
mod listed_names;
pub mod market_name;
pub mod members;
mod months;
mod named;
mod names;
pub mod news;
mod notes;
pub mod number;
pub mod opening;
pub mod order;
mod orders;
mod parts;
pub mod plan;
mod quantities;
mod quotes;
pub mod reader;
pub mod recorded;
pub mod refusal;
pub mod role;
pub mod row;
mod rows;
mod said_zone;
mod signs;
pub mod sniff;
pub mod spans;
pub mod staging;
mod step;
pub mod text;
mod ticks;
pub mod times;
pub mod timestamp;
mod traded;
mod transpose;
mod turned;
mod units;
pub mod unpack;
mod volumes;
mod wide;
mod yahoo;
pub mod zone;

pub use import::Import;
pub use imports::Imports;
pub use limits::Limits;
pub use news::{ImportCommand, News};
pub use sniff::{Preview, ReadRow, Sample};
