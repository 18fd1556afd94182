//! Makes texts go faster from JavaScript into a module.
//!
//! Every frame of the exchange crosses into the engine as a text, and most of what a frame costs is this crossing:
//! wasm-bindgen's script copies it character by character, with a check and a store for each. Four at a time are
//! copied in four fifths of that time. `TextEncoder.encodeInto` takes longer than either for texts this short.

use crate::failure::{Explain as _, Failure, Outcome};
use std::fs;
use std::path::Path;

/// The loop of `passStringToWasm0`.
const LOOP: &str = "
    for (; offset < len; offset++) {
        const code = arg.charCodeAt(offset);
        if (code > 0x7F) break;
        mem[ptr + offset] = code;
    }
";

/// What comes before it: it is left the last characters, and whatever is not ASCII.
const FOUR_AT_A_TIME: &str = "
    for (; offset + 3 < len; offset += 4) {
        const a = arg.charCodeAt(offset), b = arg.charCodeAt(offset + 1);
        const c = arg.charCodeAt(offset + 2), d = arg.charCodeAt(offset + 3);
        if ((a | b | c | d) > 0x7F) break;
        const at = ptr + offset;
        mem[at] = a, mem[at + 1] = b, mem[at + 2] = c, mem[at + 3] = d;
    }
";

/// Changes a script that wasm-bindgen has written.
///
/// # Errors
/// The script cannot be read or written, or is not as wasm-bindgen wrote it when this was made.
pub(crate) fn quicken(script: &Path) -> Outcome<()> {
    let text = fs::read_to_string(script).explain(|| format!("read {}", script.display()))?;
    fs::write(script, quickened(&text)?).explain(|| format!("write {}", script.display()))
}

fn quickened(text: &str) -> Outcome<String> {
    match text.split(LOOP).collect::<Vec<_>>()[..] {
        [before, after] => Ok([before, FOUR_AT_A_TIME, LOOP, after].concat()),
        _ => Err(Failure::new(
            "wasm-bindgen copies texts in another way than before: look at passStringToWasm0 in its script, and at \
             xtask/src/glue.rs",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_is_found_once_or_not_touched() {
        let script = format!("let offset = 0;\n{LOOP}    if (offset !== len) {{");
        let quick = quickened(&script).unwrap();
        assert!(quick.contains(FOUR_AT_A_TIME) && quick.contains(LOOP));
        assert!(quickened("").is_err() && quickened(&script.repeat(2)).is_err());
    }
}
