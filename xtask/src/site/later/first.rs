//! The module that a first visit loads: as it was, but that a function which has gone calls the one in its slot.

use super::anatomy::Anatomy;
use super::plan::{Plan, number};
use super::rest::Wanted;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Instruction, Module, TableSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, ElementSectionReader, ExportSectionReader, FunctionSectionReader,
    ImportSectionReader, Parser, TableSectionReader, TypeSectionReader,
};

/// Writes `module` without what goes by `plan`. It imports the function `loader`, a module's and its name, which must
/// fill the slots, and exports what the other module has `wanted`.
pub(super) fn write(
    module: &[u8],
    anatomy: &Anatomy<'_>,
    plan: &Plan,
    wanted: &Wanted,
    loader: (&str, &str),
) -> Result<Vec<u8>, Error> {
    let mut out = Module::new();
    First { anatomy, plan, wanted, loader }.parse_core_module(&mut out, Parser::new(0), module)?;
    Ok(out.finish())
}

struct First<'a> {
    anatomy: &'a Anatomy<'a>,
    plan: &'a Plan,
    wanted: &'a Wanted,
    loader: (&'a str, &'a str),
}

impl First<'_> {
    /// The table of slots, behind all others.
    fn slots(&self) -> u32 {
        number(self.anatomy.tables.len())
    }

    /// The signature of the loader and of what calls it: nothing in, nothing out.
    fn bare_signature(&self) -> u32 {
        let known = self
            .anatomy
            .signatures
            .iter()
            .position(|signature| signature.params().is_empty() && signature.results().is_empty());
        number(known.unwrap_or(self.anatomy.signatures.len()))
    }

    /// The imported function that loads the other module.
    fn loader(&self) -> u32 {
        self.anatomy.imported
    }

    /// The function that has the other module loaded where it is not there.
    fn make_sure(&self) -> u32 {
        self.anatomy.imported + 1 + number(self.plan.kept.len())
    }

    fn stub(&self, index: u32, slot: u32) -> Function {
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::Call(self.make_sure()));
        for parameter in 0..number(self.anatomy.signature(index).params().len()) {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(slot.cast_signed()));
        let type_index = self.anatomy.types[index as usize];
        stub.instruction(&Instruction::CallIndirect { type_index, table_index: self.slots() });
        stub.instruction(&Instruction::End);
        stub
    }

    fn body_of_make_sure(&self) -> Function {
        let mut function = Function::new([]);
        function.instruction(&Instruction::I32Const(0));
        function.instruction(&Instruction::TableGet(self.slots()));
        function.instruction(&Instruction::RefIsNull);
        function.instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
        function.instruction(&Instruction::Call(self.loader()));
        function.instruction(&Instruction::End).instruction(&Instruction::End);
        function
    }
}

impl Reencode for First<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        if function < self.anatomy.imported {
            return Ok(function);
        }
        let place = self.plan.kept.binary_search(&function);
        let place = place.expect("Invariant: what has gone without a stub is called by nothing that stays");
        Ok(self.anatomy.imported + 1 + number(place))
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_type_section(self, types, section)?;
        if self.bare_signature() == types.len() {
            types.ty().function([], []);
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_import_section(self, imports, section)?;
        imports.import(self.loader.0, self.loader.1, EntityType::Function(self.bare_signature()));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for index in &self.plan.kept {
            functions.function(self.anatomy.types[*index as usize]);
        }
        functions.function(self.bare_signature());
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_table_section(self, tables, section)?;
        tables.table(super::slots(self.plan));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(&self.plan.slots_name, ExportKind::Table, self.slots());
        for (name, kind, index) in self.wanted.names() {
            exports.export(&name, kind, index);
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_element_section(self, elements, section)?;
        let shared = self.plan.shared.clone();
        let shared =
            shared.into_iter().map(|index| self.function_index(index)).collect::<Result<Vec<_>, _>>()?;
        let behind_stubs = ConstExpr::i32_const(number(self.plan.stubs.len()).cast_signed());
        elements.active(Some(self.slots()), &behind_stubs, Elements::Functions(shared.into()));
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for index in &self.plan.kept {
            if let Ok(slot) = self.plan.stubs.binary_search(index) {
                code.function(&self.stub(*index, number(slot)));
            } else if let Some(function) = self.anatomy.defined(*index) {
                utils::parse_function_body(self, code, function.body.clone())?;
            }
        }
        code.function(&self.body_of_make_sure());
        Ok(())
    }

    /// Names, which nobody reads any more, and what else stands beside the module.
    fn parse_custom_section(
        &mut self,
        _module: &mut Module,
        _section: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}
