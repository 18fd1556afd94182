//! plotly.js cut down to what the charts draw: still lines, marks and shapes over numeric axes.
//!
//! The smallest distribution contains bars, pies, seventeen calendars, legends, hover labels, toolbars,
//! selections, dates and map styles, none of which a chart here can show: three quarters of its compressed
//! bytes. They are cut feature by feature ([`table`]), definitions no longer mentioned are left out
//! ([`shake`]), and minifying removes what has become unreachable. The paths and names are those of the one
//! script with the known hash, and every cut must find its place, so no other version can be cut by mistake.

use super::script::Script;
use super::table::{self, Cut};
use super::{edit, shake};
use crate::failure::Outcome;

/// Returns the part of the script that the charts need, not yet minified, and its licence notice.
///
/// # Errors
/// The script does not have the expected structure.
pub(super) fn cut(script: &str) -> Outcome<(String, String)> {
    make(script, &table::cuts())
}

fn make(script: &str, cuts: &[Cut<'_>]) -> Outcome<(String, String)> {
    let mut script = Script::parse(script)?;
    for cut in cuts {
        edit::make(cut, script.module(cut.path)?)?;
    }
    shake::shake(&mut script);
    Ok((script.text(), script.licence().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::script::tests::script;
    use super::*;
    use crate::setup::plotly::table::Change;

    #[test]
    fn what_is_cut_refuses_where_it_is_mentioned_and_is_gone_elsewhere() {
        let text = script(&[
            ("hover", "      module.exports = function hover() {\n        require_labels();\n      };"),
            ("labels", "      module.exports = 1;"),
            (
                "index_basic",
                "      exports.draw = function() {\n        require_hover()();\n      };\n      module.exports.draw();",
            ),
        ]);
        let cut = Cut { feature: "hovering", path: "src/hover.js", change: Change::Refuse };
        let (text, licence) = make(&text, &[cut]).unwrap();
        assert!(text.contains("module.exports = __cut(\"hovering\");"), "{text}");
        assert!(text.contains("require_hover()()") && !text.contains("require_labels"), "{text}");
        assert!(licence.contains("a licence"));
    }

    #[test]
    fn another_script_is_not_cut() {
        let other = script(&[("index_basic", "      module.exports = 1;")]);
        let failure = cut(&other).unwrap_err().to_string();
        assert!(failure.contains("lib/index-basic.js is not as expected"), "{failure}");
    }
}
