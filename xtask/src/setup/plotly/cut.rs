//! plotly.js cut down to what the charts draw: still lines, marks and shapes.
//!
//! The smallest distribution carries bars, pies, seventeen calendars, legends, hover labels, toolbars, selections
//! and the styles of a map, none of which a chart here can show: two fifths of its compressed bytes. The script is
//! one list of modules, `var NAME=K((exports,module)=>{…});`, each of which asks for another by `NAME()`. What is
//! never shown is taken out of the lists of parts, what is asked for and never used is left hollow, what nobody
//! asks for any more is left out, and so are passages of large modules that nothing calls. The names are those of the one script that is known by its hash, and every edit
//! must find its place, so another version cannot be cut by mistake.

use crate::failure::{Failure, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Between two modules, and what a name is followed by where a module begins.
const BEGINS: &str = "var ";
const WRAPPED: &str = "=K(";
/// The module that the script returns, and how it does.
const ENTRY: &str = "Fie";
const RETURNED: &str = "return Fie();";

/// What stands round the list for loaders of modules, of which the page has none. Within it a browser takes the
/// list for something to be looked at when it is called; without it, for something to be compiled while it loads.
const LOADER: (&str, &str) = (
    "(\n function(root, factory) {\n  if (typeof module === \"object\" && module.exports) {\n   module.exports = \
     factory();\n  } else {\n   root.moduleName = factory();\n  }\n} (typeof self !== \"undefined\" ? self : \
     this, () => {\n",
    "\nwindow.Plotly = Plotly;\nreturn Plotly;\n}));",
);

/// Parts that are not taken up: text of a module, and what stands there instead.
const NOT_TAKEN_UP: [(&str, &str, &str); 4] = [
    // bars, pies and calendars
    ("Fie", "vN.register([YR(),Pz(),cN()]);", ""),
    // of sixteen components: shapes, the defaults of hovering, the defaults of the toolbar
    (
        "PP",
        "Rc([yq(),Dq(),vu(),Kq(),uD(),DD(),QD(),mE(),RE(),OE(),nP(),gm(),pP(),yP(),ni(),Qy()]);",
        "Rc([Kq(),ni(),Qy()]);",
    ),
    // icons, and what describes plotly.js to its users
    ("PP", ";il.Snapshot=DP();il.PlotSchema=Hs()", ""),
    (
        "RC",
        "yt.validate=TC();yt.downloadImage=Vg();var PC=EC();yt.makeTemplate=PC.makeTemplate;yt.validateTemplate=PC.validateTemplate",
        "",
    ),
];

/// Modules that are asked for and never used by a still chart, and what they export instead.
const HOLLOW: [(&str, &str); 12] = [
    // boxes to drag, the labels of hovering, selections: a still chart has none
    ("zk", "{makeDragBox(){}}"),
    ("Dy", "{hover(){},loneHover(){}}"),
    ("vu", "{clearOutline(){}}"),
    // the toolbar, its buttons and their icons
    ("CM", "()=>{}"),
    ("Wy", "{}"),
    ("uh", "{}"),
    // handles and labels of a shape
    ("bh", "()=>{}"),
    ("Fy", "()=>{}"),
    // the styles of maps, and plotly.js' own, which are a file of the page
    ("t4", "{}"),
    ("f6", "{}"),
    // promises for browsers without
    ("_b", "{}"),
    // the commands of buttons and sliders
    ("B6", "{}"),
];

/// Passages of modules that nothing calls: the module, where the passage begins, and what stands behind it.
const UNCALLED: [(&str, &str, &str); 18] = [
    // D3: dragging, mouse and touch; zooming; requests and tables of text; hulls, cells, trees of points; graphs and
    // charts in other shapes; scales but the linear one, and their shapes; axes and brushes
    ("zr", "function ar(c){var p=\".dragsuppr", "var oe=1e-6"),
    ("zr", "function Jr(c){return c>0?1", "e.color=Xr"),
    ("zr", "function Rr(c){return typeof c==\"functio", "var Jc,Kc,Qc,$c,t5="),
    ("zr", "e.geom={};", "e.interpolateRgb=q1"),
    ("zr", "e.layout={},", "e.scale={};"),
    ("zr", "function U5(c){", "ge.transition=function"),
    ("zr", "e.svg.axis=function(){", "typeof xv==\"object\"&&xv.exports"),
    // changes of a plot that is there but to draw it anew: restyle, relayout, react, animate, and their names
    ("Ig", "function ed(e,r){", "function el("),
    ("Ig", "function uC(e,r,t){", "function oQ(e){"),
    ("Ig", "Ur.animate=nQ;", "Ur.newPlot=VK;"),
    ("Ig", "Ur.react=rQ;", "Ur.redraw=UK;"),
    ("Ig", "Ur.relayout=cc;", "Ur._storeDirectGUIEdit=ZK"),
    // transitions and frames of animations
    ("It", "Qe.transitionFromReact=function", "function j6(e,r,t)"),
    ("It", "Qe.supplyAnimationDefaults=function", "Qe.supplyFrameDefaults="),
    ("It", "Qe.computeFrame=function", "Qe.extendObjectWithContainers"),
    // bins of histograms, and what was selected
    ("pt", "Be.autoBin=function", "Be.prepMinorTicks="),
    ("Fe", "fe.selIndices2selPoints=function", "var pB=/Version"),
    // marks behind the seventh: circle, square, diamond, cross, x and two triangles are left
    ("q9", "\"triangle-left\":{n:7", "};function kr(e)"),
];

/// The script without what the charts never show.
///
/// # Errors
/// The script is not made as the one that is known.
pub(super) fn cut(script: &str) -> Outcome<String> {
    let (head, mut modules, tail) = modules(script)?;
    for (name, taken, instead) in NOT_TAKEN_UP {
        let module = modules.iter_mut().find(|module| module.name == name && module.text.contains(taken));
        let module = module.ok_or_else(|| unknown(name))?;
        module.text = module.text.replacen(taken, instead, 1);
    }
    for (name, exports) in HOLLOW {
        let module = modules.iter_mut().find(|module| module.name == name).ok_or_else(|| unknown(name))?;
        module.text = format!("var {name}=K((e,t)=>{{t.exports={exports}}});");
    }
    for (name, begin, behind) in UNCALLED {
        let module = modules.iter_mut().find(|module| module.name == name).ok_or_else(|| unknown(name))?;
        let passage = passage(&module.text, begin, behind).ok_or_else(|| unknown(begin))?;
        module.text.replace_range(passage, "");
    }
    let (head, tail) = match (head.split_once(LOADER.0), tail.trim_end().strip_suffix(LOADER.1)) {
        (Some((licence, head)), Some(tail)) => (licence.to_owned() + head, tail),
        _ => return Err(unknown("what stands round its modules")),
    };
    let wanted = wanted(&modules);
    let kept = modules.iter().filter(|module| wanted.contains(module.name.as_str()));
    Ok(kept.fold(head, |script, module| script + &module.text) + tail)
}

/// From the one place where it begins up to what stands behind it.
fn passage(text: &str, begin: &str, behind: &str) -> Option<Range<usize>> {
    let start = text.find(begin)?;
    let is_only_one = text.rfind(begin) == Some(start);
    let end = start + text[start..].find(behind)?;
    is_only_one.then_some(start..end)
}

fn unknown(place: &str) -> Failure {
    Failure::new(format!("this plotly.js is not made as the one that is known: {place} is not as expected"))
}

struct Module {
    name: String,
    text: String,
}

/// What stands before the modules, the modules, and what stands behind them.
fn modules(script: &str) -> Outcome<(&str, Vec<Module>, &str)> {
    let end = script.rfind(RETURNED).ok_or_else(|| unknown("its end"))?;
    let begins: Vec<(usize, &str)> = script[..end]
        .match_indices(BEGINS)
        .filter(|&(at, _)| script[..at].ends_with([';', '}', '\n']))
        .filter_map(|(at, _)| Some((at, name(&script[at + BEGINS.len()..])?)))
        .collect();
    let (first, _) = *begins.first().ok_or_else(|| unknown("its beginning"))?;
    let ends = begins.iter().skip(1).map(|&(at, _)| at).chain([end]);
    let modules = begins
        .iter()
        .zip(ends)
        .map(|(&(at, name), end)| Module { name: name.to_owned(), text: script[at..end].to_owned() });
    Ok((&script[..first], modules.collect(), &script[end..]))
}

/// The name of the module that begins here, if one does.
fn name(text: &str) -> Option<&str> {
    let name = &text[..text.find(|letter| !is_of_name(letter))?];
    text[name.len()..].starts_with(WRAPPED).then_some(name)
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$')
}

/// The modules that are asked for, by the one that the script returns or by another that is.
fn wanted(modules: &[Module]) -> BTreeSet<&str> {
    let by_name: BTreeMap<&str, &str> =
        modules.iter().map(|module| (module.name.as_str(), module.text.as_str())).collect();
    let mut wanted = BTreeSet::new();
    let mut open = vec![ENTRY];
    while let Some(name) = open.pop() {
        let Some((&name, text)) = by_name.get_key_value(name) else { continue };
        if wanted.insert(name) {
            open.extend(asked_for(text));
        }
    }
    wanted
}

/// Whatever a module calls without an argument: a call of its own may bear a module's name, which then is kept.
fn asked_for(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("()").map(|(at, _)| {
        let before = &text[..at];
        let begin = before.rfind(|letter| !is_of_name(letter)).map_or(0, |found| found + 1);
        &before[begin..]
    })
}

#[cfg(test)]
mod tests {
    use super::{cut, modules, passage, wanted};

    const SCRIPT: &str = "\"use strict\";var K=1;var a=K((e,t)=>{t.exports=1});var b=K(()=>{a();d.c()});\
        var c=K(()=>{});var Fie=K((e,t)=>{var x=b();t.exports=x});return Fie();})();";

    #[test]
    fn what_nobody_asks_for_is_not_wanted() {
        let (head, modules, tail) = modules(SCRIPT).unwrap();
        assert_eq!(head, "\"use strict\";var K=1;");
        assert_eq!(tail, "return Fie();})();");
        assert_eq!(
            modules.iter().map(|module| module.name.as_str()).collect::<Vec<_>>(),
            ["a", "b", "c", "Fie"]
        );
        // `d.c()` looks like a call of the module c, which is kept rather than missed
        assert_eq!(wanted(&modules).into_iter().collect::<Vec<_>>(), ["Fie", "a", "b", "c"]);
        let without = SCRIPT.replace("d.c()", "d()");
        let (_, modules, _) = super::modules(&without).unwrap();
        assert_eq!(wanted(&modules).into_iter().collect::<Vec<_>>(), ["Fie", "a", "b"]);
    }

    #[test]
    fn a_passage_begins_at_one_place_alone() {
        assert_eq!(passage("a;b;c;d", "b", "d"), Some(2..6));
        assert_eq!(passage("a;b;c;b;d", "b", "d"), None);
        assert_eq!(passage("d;b;c", "b", "d"), None);
    }

    #[test]
    fn a_script_that_is_not_known_is_not_cut() {
        let failure = cut(SCRIPT).unwrap_err().to_string();
        assert!(failure.contains("Fie is not as expected"), "{failure}");
        assert!(cut("").unwrap_err().to_string().contains("its end"));
    }
}
