//! What a first visit downloads, as sent by a host that compresses.

use crate::browser::Trouble;
use brotli::enc::BrotliEncoderParams;
use std::collections::BTreeMap;
use std::path::Path;

/// The kind of the module that contains page and engine.
pub const MODULE: &str = "wasm of page and engine";

/// Returns the brotli bytes of each kind of file that a first visit loads.
///
/// # Errors
/// A sentence that says what went wrong.
pub fn brotli_bytes(dist: &Path) -> Result<BTreeMap<&'static str, usize>, Trouble> {
    let mut bytes = BTreeMap::new();
    for entry in std::fs::read_dir(dist)?.chain(std::fs::read_dir(dist.join("icons"))?) {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some(kind) = kind(&name) else { continue };
        *bytes.entry(kind).or_insert(0) += compressed(&path)?.len();
    }
    Ok(bytes)
}

/// Writes a brotli version beside each file that compression makes smaller, for a server that offers it.
///
/// # Errors
/// A sentence that says what went wrong.
pub fn compress_beside(dist: &Path) -> Result<(), Trouble> {
    for entry in std::fs::read_dir(dist)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if ["html", "css", "js", "wasm"].contains(&extension) {
            std::fs::write(path.with_extension(format!("{extension}.br")), compressed(&path)?)?;
        }
    }
    Ok(())
}

fn compressed(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = BrotliEncoderParams { quality: 11, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut std::fs::File::open(path)?, &mut compressed, &best)?;
    Ok(compressed)
}

/// Returns the kind of a file; `None` for files that a first visit does not load, such as a licence or a part
/// of the page that is fetched when it is opened.
pub fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')? {
        (stem, "wasm") if stem.ends_with("_bg") => Some(MODULE),
        (stem, "js") if stem.starts_with("plotly") => Some("plotly.js"),
        (_, "js") => Some("JS"),
        (_, "css") => Some("CSS"),
        (_, "html") => Some("HTML"),
        (_, "svg" | "webmanifest") => Some("icon and manifest"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_kind_and_a_licence_none() {
        let names = [
            "app-1_bg.wasm",
            "app-1-split_forms.wasm",
            "plotly-lines.min.js",
            "boot.js",
            "plotly.LICENSE.txt",
            "icon.svg",
            "icon-512.png",
        ];
        let small = Some("icon and manifest");
        let kinds = [Some(MODULE), None, Some("plotly.js"), Some("JS"), None, small, None];
        assert_eq!(names.map(kind), kinds);
    }
}
