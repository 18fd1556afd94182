//! Files that hold no text, by how they begin: each is refused by its name, with the way out.

/// What a file is called that begins in this way.
const KNOWN: [(&[u8], &str); 10] = [
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow or Feather"),
    (b"\x89HDF", "HDF5"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"7z\xBC\xAF", "7z"),
    (b"\xFD7zXZ", "xz"),
    (b"\x28\xB5\x2F\xFD", "Zstandard"),
    (b"BZh", "bzip2"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
];

/// Refuses a file that begins as one of another form does.
///
/// # Errors
/// The form, and what to do.
pub(super) fn check(start: &[u8]) -> Result<(), String> {
    let found = KNOWN.iter().find(|(magic, _)| start.starts_with(magic));
    found.map_or(Ok(()), |(_, name)| {
        Err(format!(
            "its form is {name}, which is not read here: write it as CSV or JSON, plain or as zip or gzip"
        ))
    })
}

/// What is said of a workbook, which is a zip archive.
pub(super) const WORKBOOK: &str = "it is a workbook, which is not read here: save its sheet as CSV";
