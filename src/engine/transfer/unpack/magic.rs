//! Files that hold no text, by how they begin: each is refused by its name, with the way out.

/// What a file is called that begins in this way.
const KNOWN: [(&[u8], &str); 13] = [
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
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"%PDF", "PDF"),
];

/// Refuses a file that begins as one of another form does.
///
/// # Errors
/// The form, and what to do.
pub(super) fn check(start: &[u8]) -> Result<(), String> {
    let begin: Vec<u8> = start.trim_ascii_start().iter().take(16).map(u8::to_ascii_lowercase).collect();
    if [&b"<!doctype html"[..], b"<html"].iter().any(|html| begin.starts_with(html)) {
        return Err("it is a web page and no table: the server may have answered with an error".to_owned());
    }
    let found = KNOWN.iter().find(|(magic, _)| start.starts_with(magic));
    found.map_or(Ok(()), |(_, name)| {
        Err(format!(
            "its form is {name}, which is not read here: write it as CSV or JSON, plain or as zip or gzip"
        ))
    })
}

/// Refuses a tar archive, packed or not, by what stands in the header of its first file.
///
/// # Errors
/// What it is, and what to do.
pub(crate) fn check_unpacked(start: &[u8]) -> Result<(), String> {
    match start.get(257..262) {
        Some(b"ustar") => {
            Err("it is a tar archive, which is not read here: take its files out and choose them".to_owned())
        }
        _ => Ok(()),
    }
}

/// Refuses a file of an archive that begins as one of another form does, or that is packed once more.
///
/// # Errors
/// The form, and what to do.
pub(super) fn check_inside(name: &str, start: &[u8]) -> Result<(), String> {
    const PACKED: [&[u8]; 2] = [b"\x1F\x8B", b"PK\x03\x04"];
    if PACKED.iter().any(|magic| start.starts_with(magic)) {
        return Err(format!(
            "{name} is packed once more inside the zip archive: take it out and choose it by itself"
        ));
    }
    check(start)
}

/// What is said of a workbook, which is a zip archive.
pub(super) const WORKBOOK: &str = "it is a workbook, which is not read here: save its sheet as CSV";
