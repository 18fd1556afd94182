//! Both halves of a small module.

use super::*;
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction, MemArg, MemorySection,
    MemoryType, Module, NameMap, NameSection, TableSection, TypeSection, ValType,
};
use wasmparser::{Operator, Parser, Payload, Validator};

/// The functions by their index; the first is imported.
const NAMES: [&str; 7] = [
    "ask",
    "run",
    "repair::h0123456789abcdef",
    "inner",
    "twin::h0123456789abcdef",
    "twin::hfedcba9876543210",
    "std::panicking::begin",
];
const RUN: u32 = 1;
const REPAIR: u32 = 2;
const INNER: u32 = 3;
const PANIC: u32 = 6;

/// A module in which `run` calls `repair`, a twin and what reports a panic, `repair` calls `inner` and `run`, and
/// `inner` reads memory, a global and a table, asks what is imported, and is large.
fn module() -> Vec<u8> {
    use Instruction as I;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I64], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("env", "ask", EntityType::Function(1));
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let load = I::I32Load(MemArg { offset: 8, align: 2, memory_index: 0 });
    let indirect = I::CallIndirect { type_index: 1, table_index: 0 };
    let bodies = [
        vec![I::Call(REPAIR), I::Call(4), I::Call(PANIC)],
        vec![I::Call(INNER), I::Call(RUN)],
        [vec![load, I::GlobalGet(0), I::I32Add, I::Call(0), I::I32Const(0), indirect], vec![I::Nop; 64]]
            .concat(),
        vec![I::I32Const(4), I::I32Add],
        vec![I::I32Const(5), I::I32Add],
        vec![I::I32Const(6), I::I32Add],
    ];
    for body in bodies {
        functions.function(1);
        let mut function = Function::new([]);
        function.instruction(&I::LocalGet(0));
        for instruction in body {
            function.instruction(&instruction);
        }
        function.instruction(&I::End);
        code.function(&function);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: None,
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    globals.global(
        GlobalType { val_type: ValType::I32, mutable: true, shared: false },
        &ConstExpr::i32_const(7),
    );
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, RUN).export("repair", ExportKind::Func, REPAIR);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([REPAIR, 5][..].into()));
    let mut names = NameMap::new();
    (0..).zip(NAMES).for_each(|(index, name)| names.append(index, name));
    let mut section = NameSection::new();
    section.functions(&names);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
    module.section(&globals).section(&exports).section(&elements).section(&code).section(&section);
    module.finish()
}

fn cut_by(list: &str) -> (Vec<u8>, Vec<u8>) {
    let (first, rest) = halves(&module(), list, "./parts.js").unwrap();
    for half in [&first, &rest] {
        Validator::new().validate_all(half).unwrap();
    }
    (first, rest)
}

/// The bodies of a module's functions, an instruction a word.
fn bodies(module: &[u8]) -> Vec<String> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
        let words = body.get_operators_reader().unwrap().into_iter().filter_map(|operator| {
            Some(match operator.unwrap() {
                Operator::Call { function_index } => format!("call:{function_index}"),
                Operator::CallIndirect { type_index, table_index } => {
                    format!("slot:{type_index}:{table_index}")
                }
                Operator::I32Const { value } => value.to_string(),
                Operator::LocalGet { local_index } => format!("local:{local_index}"),
                Operator::GlobalGet { global_index } => format!("global:{global_index}"),
                Operator::TableGet { table } => format!("table:{table}"),
                Operator::I32Load { .. } => "load".to_owned(),
                Operator::I32Add => "add".to_owned(),
                Operator::RefIsNull => "null?".to_owned(),
                Operator::If { .. } => "if".to_owned(),
                Operator::End => "end".to_owned(),
                Operator::Nop => return None,
                other => panic!("{other:?}"),
            })
        });
        bodies.push(words.collect::<Vec<_>>().join(" "));
    }
    bodies
}

/// What a module gives, takes, and has in its tables: names and indexes.
fn seams(module: &[u8]) -> [Vec<String>; 3] {
    let mut seams = [const { Vec::new() }; 3];
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::ExportSection(section) => seams[0].extend(section.into_iter().map(|export| {
                let export = export.unwrap();
                format!("{} {:?} {}", export.name, export.kind, export.index)
            })),
            Payload::ImportSection(section) => seams[1].extend(section.into_imports().map(|import| {
                let import = import.unwrap();
                format!("{}/{}", import.module, import.name)
            })),
            Payload::ElementSection(section) => {
                for element in section {
                    let wasmparser::ElementItems::Functions(functions) = element.unwrap().items else {
                        continue;
                    };
                    seams[2].push(
                        functions
                            .into_iter()
                            .map(|index| index.unwrap().to_string())
                            .collect::<Vec<_>>()
                            .join(" "),
                    );
                }
            }
            Payload::CustomSection(section) => panic!("{} is still there", section.name()),
            _ => {}
        }
    }
    seams
}

#[test]
fn what_is_listed_goes_with_what_it_alone_leads_to_and_leaves_a_stub() {
    let (first, rest) = cut_by("# a remark\nrepair\n");
    // imported are `ask` and the loader; `run`, the stub, the twins, the panic and what makes sure follow
    let stub = "call:7 local:0 0 slot:1:1 end";
    let make_sure = "0 table:1 null? if call:1 end end";
    let run = "local:0 call:3 call:4 call:6 end";
    let [twin, other, panic] = [4, 5, 6].map(|number| format!("local:0 {number} add end"));
    assert_eq!(bodies(&first), [run, stub, &twin, &other, &panic, make_sure]);
    // the slots behind the stub's are `ask` and `run`
    let repair = "local:0 call:1 2 slot:0:0 end";
    let inner = "local:0 load global:0 add 1 slot:0:0 0 slot:0:1 end";
    assert_eq!(bodies(&rest), [repair, inner]);
}

#[test]
fn who_refers_to_what_has_gone_refers_to_its_stub() {
    let (first, rest) = cut_by("repair");
    let [exports, imports, elements] = seams(&first);
    let key = exports[2].split(' ').next().unwrap().to_owned();
    assert_eq!(
        exports,
        [
            "run Func 2",
            "repair Func 3",
            &format!("{key} Table 1"),
            "~1 Memory 0",
            "~2 Table 0",
            "~3 Global 0"
        ]
    );
    assert_eq!(imports, ["env/ask", "./parts.js/later"]);
    assert_eq!(elements, ["3 5", "0 2"]);
    let [exports, imports, elements] = seams(&rest);
    assert!(exports.is_empty());
    assert_eq!(imports, [format!("/{key}"), "/~1".to_owned(), "/~2".to_owned(), "/~3".to_owned()]);
    assert_eq!(elements, ["0"]);
}

#[test]
fn what_is_not_known_has_a_namesake_that_is_needed_or_tells_of_a_panic_stays() {
    let (first, rest) = cut_by("");
    assert!(bodies(&rest).is_empty() && bodies(&first).len() == NAMES.len());
    let (_, rest) = cut_by("inner\ntwin\nstd::panicking::begin\n");
    // both twins went, for both are listed by one name
    assert_eq!(bodies(&rest).len(), 3);
    let module = module();
    let anatomy = Anatomy::read(&module).unwrap();
    // one twin runs: neither is listed; and `repair` is, with which the large one goes
    let ran = [RUN, 4, PANIC].map(|index| index as usize - 1);
    let names = cold::names(&anatomy, &ran.into_iter().collect());
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["repair"]);
}

#[test]
fn halves_of_two_cuts_do_not_fit_together() {
    let key = |list| seams(&cut_by(list).1)[1][0].clone();
    assert_ne!(key("repair"), key("repair\ninner"));
    assert_eq!(key("repair"), key("repair"));
}

#[test]
fn a_recording_counts_what_runs_and_changes_nothing_else() {
    let recording = recorder::recording(&module()).unwrap();
    Validator::new().validate_all(&recording).unwrap();
    assert_eq!(bodies_with_sets(&recording), [1, 2, 3, 4, 5, 6]);
}

/// The global that each function counts with.
fn bodies_with_sets(module: &[u8]) -> Vec<u32> {
    let mut counted = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
        let mut operators = body.get_operators_reader().unwrap().into_iter().map(Result::unwrap);
        let set = operators.find_map(|operator| match operator {
            Operator::GlobalSet { global_index } => Some(global_index),
            _ => None,
        });
        counted.extend(set);
    }
    counted
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(halves(b"\0asm", "", "").is_err() && recorder::recording(b"\0asm").is_err());
}
