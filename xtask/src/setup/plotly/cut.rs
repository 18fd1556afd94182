//! plotly.js cut down to what the charts draw: still lines, marks and shapes over axes of numbers.
//!
//! The smallest distribution carries bars, pies, seventeen calendars, legends, hover labels, toolbars, selections, dates
//! and the styles of a map, none of which a chart here can show: three quarters of its compressed bytes. They are cut
//! feature by feature ([`table`]), what nobody mentions any more is left out ([`shake`]), and what cannot
//! be reached any more goes when the script is made small. The paths and names are those of the one script that is
//! known by its hash, and every cut must find its place, so another version cannot be cut by mistake.

use super::script::Script;
use super::table::{self, Cut};
use super::{edit, shake};
use crate::failure::Outcome;

/// What the charts need of the script, still to be made small, and the notice of its licence.
///
/// # Errors
/// The script is not made as the one that is known.
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
