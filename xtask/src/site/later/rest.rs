//! The module of the functions that have gone. It has no memory and no state of its own: to have it twice does no harm.

use super::anatomy::Anatomy;
use super::plan::{Plan, number};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, FunctionSection, ImportSection,
    Instruction, Module, TypeSection,
};
use wasmparser::{FunctionBody, Operator};

/// What the functions need of the first module beside its functions, in the order of its mention.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    memories: Vec<u32>,
    tables: Vec<u32>,
    globals: Vec<u32>,
}

impl Wanted {
    /// The names under which the one module exports it and the other imports it.
    pub(super) fn names(&self) -> impl Iterator<Item = (String, ExportKind, u32)> {
        let kinds = [
            (ExportKind::Memory, &self.memories),
            (ExportKind::Table, &self.tables),
            (ExportKind::Global, &self.globals),
        ];
        let all = kinds.into_iter().flat_map(|(kind, all)| all.iter().map(move |index| (kind, *index)));
        (1..).zip(all).map(|(number, (kind, index)): (u32, _)| (format!("~{number}"), kind, index))
    }
}

/// The module of what goes by `plan`, and what it needs of the first one.
pub(super) fn write(anatomy: &Anatomy<'_>, plan: &Plan) -> Result<(Vec<u8>, Wanted), Error> {
    let mut rest = Rest { anatomy, plan, types: Vec::new(), wanted: Wanted::default() };
    let mut code = CodeSection::new();
    let mut functions = FunctionSection::new();
    for index in &plan.gone {
        let Some(function) = anatomy.defined(*index) else { continue };
        functions.function(rest.type_index(anatomy.types[*index as usize])?);
        rest.parse_function_body(&mut code, function.body.clone())?;
    }
    let imports = rest.imports()?;
    let mut types = TypeSection::new();
    for index in rest.types.clone() {
        let signature = rest.func_type(anatomy.signatures[index as usize].clone())?;
        types.ty().func_type(&signature);
    }
    let mut elements = ElementSection::new();
    let stubs = plan
        .stubs
        .iter()
        .map(|index| rest.own(*index).expect("Invariant: a stub is of a function that goes"));
    let stubs: Vec<u32> = stubs.collect();
    elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(stubs.into()));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
    Ok((module.finish(), rest.wanted))
}

struct Rest<'a> {
    anatomy: &'a Anatomy<'a>,
    plan: &'a Plan,
    /// The signatures that are used, by their old index.
    types: Vec<u32>,
    wanted: Wanted,
}

impl Rest<'_> {
    /// The index here of a function that goes.
    fn own(&self, index: u32) -> Option<u32> {
        self.plan.gone.binary_search(&index).ok().map(number)
    }

    fn imports(&mut self) -> Result<ImportSection, Error> {
        let mut imports = ImportSection::new();
        imports.import("", &self.plan.slots_name, EntityType::Table(super::slots(self.plan)));
        let names: Vec<_> = self.wanted.names().collect();
        for (name, kind, index) in names {
            let index = index as usize;
            let kind = match kind {
                ExportKind::Memory => EntityType::Memory(self.anatomy.memories[index].into()),
                ExportKind::Table => EntityType::Table(self.table_type(self.anatomy.tables[index])?),
                _ => EntityType::Global(self.global_type(self.anatomy.globals[index])?),
            };
            imports.import("", &name, kind);
        }
        Ok(imports)
    }
}

/// The place of `index` in `all`, at the end where it has none yet.
fn place(all: &mut Vec<u32>, index: u32) -> u32 {
    let known = all.iter().position(|known| *known == index);
    number(known.unwrap_or_else(|| {
        all.push(index);
        all.len() - 1
    }))
}

impl Reencode for Rest<'_> {
    type Error = std::convert::Infallible;

    fn type_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(place(&mut self.types, index))
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(place(&mut self.wanted.memories, index))
    }

    fn table_index(&mut self, index: u32) -> Result<u32, Error> {
        // behind the slots
        Ok(1 + place(&mut self.wanted.tables, index))
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(place(&mut self.wanted.globals, index))
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            let Operator::Call { function_index } = operator else {
                function.instruction(&self.instruction(operator)?);
                continue;
            };
            if let Some(own) = self.own(function_index) {
                function.instruction(&Instruction::Call(own));
                continue;
            }
            let slot = self.plan.slot(function_index);
            let slot = slot.expect("Invariant: what is called and does not go is shared");
            function.instruction(&Instruction::I32Const(slot.cast_signed()));
            let type_index = self.type_index(self.anatomy.types[function_index as usize])?;
            function.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
        }
        code.function(&function);
        Ok(())
    }
}
