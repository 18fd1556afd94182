//! Leaves out what is no longer mentioned.
//!
//! A function, method or export whose name occurs only where it is defined cannot be called, except by a name
//! assembled from parts; that would fail as loudly as what is cut by name. Only definitions without side
//! effects are left out: functions, literals, and aliases.

use super::script::{Module, Script, indentation, is_of_name, words};
use std::collections::HashMap;

/// Names that the browser or the language calls.
const CALLED_FROM_OUTSIDE: [&str; 5] = ["toString", "toJSON", "valueOf", "then", "handleEvent"];

/// How often each word occurs in a text.
type Counts = HashMap<String, usize>;

/// Leaves out modules that are never required and definitions that are never mentioned, until none are left.
pub(super) fn shake(script: &mut Script) {
    loop {
        script.keep_wanted();
        let mut counts = Counts::new();
        script.modules.iter().for_each(|module| count(&mut counts, &module.text));
        let left_out: usize = script.modules.iter_mut().map(|module| shake_module(module, &mut counts)).sum();
        if left_out == 0 {
            return;
        }
    }
}

fn count(counts: &mut Counts, text: &str) {
    for word in words(text) {
        match counts.get_mut(word) {
            Some(count) => *count += 1,
            None => drop(counts.insert(word.to_owned(), 1)),
        }
    }
}

fn discount(counts: &mut Counts, text: &str) {
    for word in words(text) {
        if let Some(count) = counts.get_mut(word) {
            *count -= 1;
        }
    }
}

/// Leaves out definitions of a module; returns how many.
fn shake_module(module: &mut Module, everywhere: &mut Counts) -> usize {
    let mut own = Counts::new();
    count(&mut own, &module.text);
    let mut left_out = 0;
    loop {
        let lines: Vec<&str> = module.text.lines().collect();
        let mut kept = Vec::with_capacity(lines.len());
        let mut at = 0;
        while let Some(&line) = lines.get(at) {
            let end = definition(line)
                .filter(|definition| !definition.is_mentioned(line, &own, everywhere))
                .and_then(|definition| definition.end(&lines, at));
            if let Some(end) = end {
                for line in &lines[at..end] {
                    discount(&mut own, line);
                    discount(everywhere, line);
                }
                at = end;
            } else {
                kept.push(line);
                at += 1;
            }
        }
        let fewer = lines.len() - kept.len();
        if fewer == 0 {
            return left_out;
        }
        left_out += fewer;
        module.text = kept.join("\n");
    }
}

/// The beginning of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Definition<'a> {
    name: &'a str,
    reach: Reach,
    closing: Closing,
}

/// From where a name can be mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// A property: from anywhere.
    Everywhere,
    /// A variable or a function: from the same module.
    Module,
}

/// How the last line of a definition ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// The definition is one line.
    SameLine,
    /// With exactly this text.
    Exactly(&'static str),
    /// With the bracket that closes the statement.
    Statement,
}

impl Definition<'_> {
    fn is_mentioned(&self, line: &str, own: &Counts, everywhere: &Counts) -> bool {
        let here = words(line).filter(|word| *word == self.name).count();
        let all = match self.reach {
            Reach::Everywhere => everywhere.get(self.name),
            Reach::Module => own.get(self.name),
        };
        all.is_some_and(|all| *all > here)
    }

    /// Returns the line after the definition's last, if that ends as it should.
    fn end(&self, lines: &[&str], begin: usize) -> Option<usize> {
        let depth = indentation(lines[begin]);
        let closes = |line: &str| indentation(line) == depth && line[depth..].starts_with(['}', ']', ')']);
        let last = || (begin + 1..lines.len()).find(|&at| closes(lines[at]));
        match self.closing {
            Closing::SameLine => Some(begin + 1),
            Closing::Exactly(text) => last().filter(|&at| &lines[at][depth..] == text).map(|at| at + 1),
            Closing::Statement => last().filter(|&at| lines[at].ends_with(';')).map(|at| at + 1),
        }
    }
}

/// Returns the definition that this line begins, if it is one that can be left out.
fn definition(line: &str) -> Option<Definition<'_>> {
    let text = line.trim_start();
    let begins_function = |text: &str| text.starts_with("function") && text.ends_with('{');
    if let Some(rest) = text.strip_prefix("function ") {
        let name = rest.split('(').next().filter(|name| is_name(name) && text.ends_with('{'))?;
        return Some(Definition { name, reach: Reach::Module, closing: Closing::Exactly("}") });
    }
    if let Some((name, value)) = text.split_once(": ")
        && is_name(name)
    {
        let definition = Definition { name, reach: Reach::Everywhere, closing: Closing::Exactly("},") };
        return (begins_function(value) && is_called_by_name(name)).then_some(definition);
    }
    let (target, value) = text.split_once(" = ")?;
    if let Some(name) = target.strip_prefix("var ") {
        let definition = Definition { name, reach: Reach::Module, closing: Closing::SameLine };
        return (is_name(name) && is_reference(value)).then_some(definition);
    }
    let (on, name) = target.rsplit_once('.')?;
    if !is_path(on) || !is_name(name) || on == "this" || !is_called_by_name(name) {
        return None;
    }
    let of_exports = ["exports", "module.exports", "lib"].contains(&on);
    let closing = match value {
        _ if on.starts_with("module") && !of_exports => return None,
        _ if begins_function(value) => Closing::Exactly("};"),
        _ if is_reference(value) => Closing::SameLine,
        _ if of_exports && value.ends_with(['{', '[', '(']) => Closing::Statement,
        _ => return None,
    };
    Some(Definition { name, reach: Reach::Everywhere, closing })
}

/// Returns whether a property of this name is called only by code that mentions it.
fn is_called_by_name(name: &str) -> bool {
    !name.starts_with("on") && !CALLED_FROM_OUTSIDE.contains(&name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_of_name)
}

/// Returns whether the text is names separated by dots.
fn is_path(text: &str) -> bool {
    text.split('.').all(is_name)
}

/// Returns whether a value is an alias of something or a module: `a.b;` or `require_a().b;`.
fn is_reference(value: &str) -> bool {
    value.strip_suffix(';').is_some_and(|value| match value.split_once("()") {
        Some((name, rest)) => {
            name.starts_with("require_")
                && is_name(name)
                && (rest.is_empty() || rest.strip_prefix('.').is_some_and(is_path))
        }
        None => is_path(value),
    })
}

#[cfg(test)]
mod tests {
    use super::super::script::tests::script;
    use super::*;

    const LIB: &str = "\
      var noop = require_noop();
      var unused = require_noop().called;
      var table = exports.table = {};
      exports.dead = function(x) {
        return helper(x);
      };
      exports.used = function(x) {
        return noop(x);
      };
      exports.list = [
        \"a\"
      ];
      function helper(x) {
        return deeper(x);
      }
      function deeper(x) {
        return x;
      }
      image.onload = function() {
        done();
      };
      exports.made = make();
      var methods = {
        never: function() {
          return 1;
        },
        used: function() {
          return 2;
        },
        last: function() {
          return 3;
        }
      };
      window.methods = methods;";

    #[test]
    fn what_nobody_mentions_is_left_out_with_all_that_only_it_mentions() {
        let text = script(&[
            ("noop", "      module.exports = () => {};"),
            ("lib", LIB),
            ("index_basic", "      module.exports = require_lib().used;"),
        ]);
        let mut script = Script::parse(&text).unwrap();
        shake(&mut script);
        let lib = script.module("src/lib.js").unwrap();
        assert_eq!(
            lib.text.lines().map(str::trim).collect::<Vec<_>>(),
            [
                "var noop = require_noop();",
                "var table = exports.table = {};",
                "exports.used = function(x) {",
                "return noop(x);",
                "};",
                "image.onload = function() {",
                "done();",
                "};",
                "exports.made = make();",
                "var methods = {",
                "used: function() {",
                "return 2;",
                "},",
                "last: function() {",
                "return 3;",
                "}",
                "};",
                "window.methods = methods;",
            ]
        );
    }

    #[test]
    fn only_what_does_nothing_by_itself_is_a_definition() {
        for line in [
            "exports.a = make();",
            "this.a = function() {",
            "module.paths = function() {",
            "a[b] = function() {",
            "img.onerror = function() {",
            "var a = b + c;",
            "if (a) {",
            "return function() {",
            "a: 1,",
            "exports.a = b ? c : d;",
        ] {
            assert_eq!(definition(line), None, "{line}");
        }
        assert_eq!(definition("  d3.a.b = function() {").map(|definition| definition.name), Some("b"));
    }
}
