//! Applies a cut to the text of a module.

use super::script::{Module, indentation, unknown};
use super::table::{Change, Cut};
use crate::failure::Outcome;
use std::ops::Range;

/// Applies `cut` to `module`.
///
/// # Errors
/// The place is missing, or not unique.
pub(super) fn make(cut: &Cut<'_>, module: &mut Module) -> Outcome<()> {
    let Cut { feature, path, change } = cut;
    let refusal = format!("__cut(\"{feature}\")");
    let missing = |place: &str| unknown(&format!("{path}: {place}"));
    match *change {
        Change::Refuse => module.replace(format!("      module.exports = {refusal};")),
        Change::Export(exports) => module.replace(format!("      module.exports = {exports};")),
        Change::RefuseFunctions(names) => {
            for name in names.split(' ') {
                let lines: Vec<&str> = module.text.lines().collect();
                let body = function(&lines, name).ok_or_else(|| missing(name))?;
                module.text = refused(&lines, body, &format!("return {refusal}();"));
            }
        }
        Change::RefuseBehind { within, line } => {
            let lines: Vec<&str> = module.text.lines().collect();
            let place = within.map_or(Some(0..lines.len()), |name| function(&lines, name));
            let behind = place.and_then(|place| behind(&lines, place, line)).ok_or_else(|| missing(line))?;
            module.text = refused(&lines, behind, &format!("{refusal}();"));
        }
        Change::Remove { from, behind } => {
            let [from, behind] = [from, behind].map(|text| text.replace("\\n", "\n"));
            let start = only(&module.text, &from).ok_or_else(|| missing(&from))?;
            let length = module.text[start..].find(&behind).ok_or_else(|| missing(&behind))?;
            module.text.replace_range(start..start + length, "");
        }
        Change::Replace { text, by } => {
            let start = only(&module.text, text).ok_or_else(|| missing(text))?;
            module.text.replace_range(start..start + text.len(), by);
        }
    }
    Ok(())
}

/// Returns the place of `part` if it occurs exactly once.
fn only(text: &str, part: &str) -> Option<usize> {
    let start = text.find(part)?;
    (text.rfind(part) == Some(start)).then_some(start)
}

/// Returns the lines with `place` replaced by a refusal.
fn refused(lines: &[&str], place: Range<usize>, refusal: &str) -> String {
    let depth = indentation(lines[place.start - 1]) + 2;
    let refusal = format!("{:depth$}{refusal}", "");
    let kept = lines[..place.start].iter().copied().chain([refusal.as_str()]);
    kept.chain(lines[place.end..].iter().copied()).collect::<Vec<_>>().join("\n")
}

/// Returns the lines within the only function of this name; `a/b` is `b` within `a`.
fn function(lines: &[&str], name: &str) -> Option<Range<usize>> {
    name.split('/').try_fold(0..lines.len(), |within, name| {
        let mut begins = within.filter(|&at| begins_function(lines[at], name));
        let begin = begins.next()?;
        begins.next().is_none().then(|| begin + 1..end(lines, begin))
    })
}

/// Returns whether a function of this name begins here, in any notation.
fn begins_function(line: &str, name: &str) -> bool {
    if !(line.ends_with(") {") || line.ends_with("=> {")) {
        return false;
    }
    let line = line.trim_start();
    let follows = |text: &str| text.strip_prefix(name).is_some_and(|rest| rest.starts_with('('));
    let is_declared = line
        .match_indices("function ")
        .any(|(at, keyword)| follows(&line[at + keyword.len()..]) && (at == 0 || line[..at].ends_with("= ")));
    let is_assigned = line.split_once(" = ").is_some_and(|(target, value)| {
        let target = target.trim_start_matches("var ");
        let is_it =
            target.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        is_it && value.contains("function")
    });
    let is_property = line.strip_prefix(name).is_some_and(|rest| rest.starts_with(": function"));
    is_declared || is_assigned || is_property || follows(line)
}

/// Returns the line that closes what the line at `begin` opens.
fn end(lines: &[&str], begin: usize) -> usize {
    let depth = indentation(lines[begin]);
    let closes = |line: &str| indentation(line) == depth && line[depth..].starts_with('}');
    (begin + 1..lines.len()).find(|&at| closes(lines[at])).unwrap_or(lines.len())
}

/// Returns the block opened by the only such line; if it opens none, the rest of the block that contains it.
fn behind(lines: &[&str], within: Range<usize>, line: &str) -> Option<Range<usize>> {
    let mut places = within.filter(|&at| lines[at].trim_start() == line);
    let place = places.next()?;
    if places.next().is_some() {
        return None;
    }
    let depth = indentation(lines[place]);
    let end = if line.ends_with('{') {
        end(lines, place)
    } else {
        let leaves = |at: &usize| !lines[*at].is_empty() && indentation(lines[*at]) < depth;
        (place + 1..lines.len()).find(leaves).unwrap_or(lines.len())
    };
    Some(place + 1..end)
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::super::script::tests::script;
    use super::*;

    const TEXT: &str = "\
      var axes = exports;
      function draw(gd) {
        function inner(x) {
          return x;
        }
        if (gd.mirror) {
          mirror(gd);
        } else if (gd.other) {
          other(gd);
        }
        if (!gd.more) return;
        more(gd);
      }
      axes.tick = function(x) {
        draw(x, {
          y: 1
        });
      };
      module.exports = {
        clear: function() {
          return 1;
        }
      };";

    fn after(change: Change<'_>) -> Result<String, String> {
        let script = script(&[("a", TEXT), ("index_basic", "      require_a();")]);
        let mut script = Script::parse(&script).unwrap();
        let module = script.module("src/a.js").unwrap();
        let cut = Cut { feature: "ticks", path: "src/a.js", change };
        make(&cut, module).map_err(|failure| failure.to_string())?;
        Ok(module.text.clone())
    }

    /// Returns the text that a change replaces, from the first line that differs to the last.
    fn changed(change: Change<'_>) -> Vec<String> {
        let text = after(change).unwrap();
        let (old, new): (Vec<&str>, Vec<&str>) = (TEXT.lines().collect(), text.lines().collect());
        let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
        new[before..new.len().saturating_sub(behind).max(before)]
            .iter()
            .map(|&line| line.to_owned())
            .collect()
    }

    #[test]
    fn a_function_refuses_however_it_is_written() {
        let refusal = "return __cut(\"ticks\")();";
        for (name, depth) in [("draw", 8), ("draw/inner", 10), ("axes.tick", 8), ("clear", 10)] {
            assert_eq!(changed(Change::RefuseFunctions(name)), [format!("{:depth$}{refusal}", "")], "{name}");
        }
    }

    #[test]
    fn what_stands_behind_a_line_refuses() {
        let refusal = |depth: usize| [format!("{:depth$}__cut(\"ticks\")();", "")];
        for (within, line, depth) in [
            (None, "if (gd.mirror) {", 10),
            (Some("draw"), "} else if (gd.other) {", 10),
            (None, "if (!gd.more) return;", 10),
        ] {
            assert_eq!(changed(Change::RefuseBehind { within, line }), refusal(depth), "{line}");
        }
        assert!(!after(Change::RefuseFunctions("draw")).unwrap().contains("mirror"));
    }

    #[test]
    fn a_module_a_passage_and_a_text_are_replaced() {
        assert_eq!(after(Change::Refuse).unwrap(), "      module.exports = __cut(\"ticks\");");
        assert_eq!(after(Change::Export("{}")).unwrap(), "      module.exports = {};");
        let text = after(Change::Remove { from: "axes.tick", behind: "};\\n      module" }).unwrap();
        assert!(text.contains("      }\n      };\n      module.exports"), "{text}");
        let text = after(Change::Replace { text: "more(gd);", by: "" }).unwrap();
        assert!(text.contains("return;\n        \n      }"), "{text}");
    }

    #[test]
    fn a_place_that_is_missing_or_not_the_only_one_is_refused() {
        for (change, place) in [
            (Change::RefuseFunctions("nothing"), "src/a.js: nothing"),
            (Change::RefuseFunctions("draw/tick"), "src/a.js: draw/tick"),
            (Change::RefuseBehind { within: None, line: "}" }, "src/a.js: }"),
            (Change::RefuseBehind { within: Some("clear"), line: "more(gd);" }, "src/a.js: more(gd);"),
            (Change::Remove { from: "(gd);", behind: "}" }, "src/a.js: (gd);"),
            (Change::Remove { from: "clear", behind: "draw" }, "src/a.js: draw"),
            (Change::Replace { text: "gd", by: "" }, "src/a.js: gd"),
        ] {
            let failure = after(change).unwrap_err();
            assert!(failure.contains(place), "{failure}");
        }
    }
}
