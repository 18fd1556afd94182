//! Large tables of the part that reads files: encodings and zones lie in it alone, and in no visit without a file.

use crate::failure::{Explain as _, Failure, Outcome};
use std::fs;
use std::path::{Path, PathBuf};

/// What a table is of, and bytes that stand in it and in nothing else.
const TABLES: [(&str, &[u8]); 3] = [
    // the first signs of GB 2312 in the order of their codes, as 16-bit numbers
    ("the Chinese encoding", b"\x4A\x55\x3F\x96\xC3\x57\x28\x63\xCE\x54\x09\x55"),
    ("the zones' rules", b"TZif"),
    ("the zones' names", b"America/Argentina/"),
];

/// Checks that each table is in one of `parts` and not in the page's own module, `main`.
///
/// # Errors
/// A table is in the page's module, in several parts or in none.
pub(super) fn keep_apart(main: &Path, parts: &[PathBuf]) -> Outcome<()> {
    let read = |path: &Path| fs::read(path).explain(|| format!("read {}", path.display()));
    let main = read(main)?;
    let parts = parts.iter().map(|part| read(part)).collect::<Outcome<Vec<_>>>()?;
    TABLES.iter().try_for_each(|(name, bytes)| {
        let of_parts = parts.iter().filter(|part| holds(part, bytes)).count();
        match (holds(&main, bytes), of_parts) {
            (false, 1) => Ok(()),
            (true, _) => Err(Failure::new(format!(
                "the table of {name} is in the page's module, which every visit fetches"
            ))),
            (false, count) => {
                Err(Failure::new(format!("the table of {name} is in {count} parts of the page, not in one")))
            }
        }
    })
}

fn holds(module: &[u8], bytes: &[u8]) -> bool {
    module.windows(bytes.len()).any(|window| window == bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_in_the_page_or_in_two_parts_is_refused() {
        let folder = std::env::temp_dir().join(format!("spreadscope-tables-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let all: Vec<u8> = TABLES.iter().flat_map(|(_, bytes)| [b"..", *bytes].concat()).collect();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let (empty, full, again) = (file("main", b"code"), file("part", &all), file("other", &all));
        let said =
            |main: &Path, parts: &[PathBuf]| keep_apart(main, parts).map_err(|failure| failure.to_string());
        assert!(said(&empty, &[empty.clone(), full.clone()]).is_ok());
        let main = said(&full, core::slice::from_ref(&full)).unwrap_err();
        assert!(main.contains("is in the page's module"), "{main}");
        let twice = said(&empty, &[full.clone(), again]).unwrap_err();
        assert!(twice.contains("is in 2 parts"), "{twice}");
        assert!(said(&empty, core::slice::from_ref(&empty)).unwrap_err().contains("is in 0 parts"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
