//! The shape of a type as `serde` sees it: a deserializer that makes values up and records what was requested.

use serde::de::value::Error;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use spreadscope_engine::messages::protocol::{decode, encode};
use std::collections::{BTreeMap, BTreeSet};

/// Longer messages are shown by their length and a hash.
const BYTES_SHOWN: usize = 64;
/// No message has this many variants, nested ones included.
const ROUNDS_MOST: usize = 200_000;

/// The types found so far.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    structs: BTreeSet<String>,
    /// By name and variants, so that two of the same name are told apart.
    enums: BTreeMap<(&'static str, &'static [&'static str]), Variants>,
    /// The type of the last value made up.
    last: String,
    /// The variants within the value being made up.
    touched: Vec<((&'static str, &'static [&'static str]), usize)>,
}

#[derive(Debug, Default)]
struct Variants {
    visits: usize,
    /// Shape and bytes of each variant.
    found: BTreeMap<usize, (String, Option<String>)>,
}

impl Shapes {
    /// Explores all of `T`.
    pub(super) fn of<T: Serialize + for<'a> Deserialize<'a>>() -> Self {
        Self::default().and::<T>()
    }

    /// Explores all of `T` as well.
    pub(super) fn and<T: Serialize + for<'a> Deserialize<'a>>(mut self) -> Self {
        self.explore::<T>();
        self
    }

    /// Makes up values of `T` until every variant within it has been seen.
    pub(super) fn explore<T: Serialize + for<'a> Deserialize<'a>>(&mut self) {
        for _ in 0..ROUNDS_MOST {
            self.touched.clear();
            let value = T::deserialize(Probe(self)).unwrap_or_else(|error| panic!("{error}"));
            let bytes = encode(&value);
            let back: T = decode(&bytes).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(encode(&back), bytes, "a message does not come back as it went");
            for (name, variant) in std::mem::take(&mut self.touched) {
                let found = self.enums.get_mut(&name).and_then(|seen| seen.found.get_mut(&variant));
                if let Some((_, kept)) = found {
                    kept.get_or_insert_with(|| shown(&bytes));
                }
            }
            if self.enums.iter().all(|((_, variants), seen)| seen.found.len() == variants.len()) {
                return;
            }
        }
        let missing = self.enums.iter().find(|((_, variants), seen)| seen.found.len() < variants.len());
        panic!("not every variant was seen: {missing:?}");
    }

    /// Returns what was found, one line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.structs.iter().cloned().collect();
        for ((name, variants), seen) in &self.enums {
            let shape =
                |place: usize| seen.found.get(&place).map(|(shape, _)| shape.as_str()).unwrap_or_default();
            let variants: Vec<String> = variants
                .iter()
                .enumerate()
                .map(|(place, variant)| format!("{variant}{}", shape(place)))
                .collect();
            lines.push(format!("enum {name} = {}", variants.join(" | ")));
        }
        for ((name, variants), seen) in &self.enums {
            for (place, (_, bytes)) in &seen.found {
                lines.extend(
                    bytes.iter().map(|bytes| format!("bytes {name}::{} = {bytes}", variants[*place])),
                );
            }
        }
        lines
    }
}

fn shown(bytes: &[u8]) -> String {
    if bytes.len() <= BYTES_SHOWN {
        let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
        return bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    }
    // FNV-1a
    let sum = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{} bytes, sum {sum:016x}", bytes.len())
}

/// Makes up one value.
struct Probe<'a>(&'a mut Shapes);

macro_rules! made_up {
    ($($deserialize:ident, $visit:ident, $name:literal, $value:expr;)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            $name.clone_into(&mut self.0.last);
            visitor.$visit($value)
        })*
    };
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    // far from zero, so that a narrower or wider type has other bytes
    made_up! {
        deserialize_bool, visit_bool, "bool", true;
        deserialize_u8, visit_u8, "u8", 200;
        deserialize_u16, visit_u16, "u16", 60_000;
        deserialize_u32, visit_u32, "u32", 4_000_000_000;
        deserialize_u64, visit_u64, "u64", 18_000_000_000_000_000_000;
        deserialize_u128, visit_u128, "u128", 1 << 126;
        deserialize_i8, visit_i8, "i8", -100;
        deserialize_i16, visit_i16, "i16", -30_000;
        deserialize_i32, visit_i32, "i32", -2_000_000_000;
        deserialize_i64, visit_i64, "i64", -9_000_000_000_000_000_000;
        deserialize_i128, visit_i128, "i128", -(1 << 126);
        deserialize_f32, visit_f32, "f32", 1.5;
        deserialize_f64, visit_f64, "f64", -2.75;
        deserialize_char, visit_char, "char", 'c';
        deserialize_str, visit_borrowed_str, "str", "BTCUSDT";
        deserialize_string, visit_borrowed_str, "str", "BTCUSDT";
        deserialize_bytes, visit_borrowed_bytes, "bytes", &[1, 255];
        deserialize_byte_buf, visit_borrowed_bytes, "bytes", &[1, 255];
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("a message must know what it reads"))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        "()".clone_into(&mut self.0.last);
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        name.clone_into(&mut self.0.last);
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_some(Probe(self.0))?;
        self.0.last.push('?');
        Ok(value)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = visitor.visit_newtype_struct(Probe(self.0))?;
        self.0.structs.insert(format!("struct {name}({})", self.0.last));
        name.clone_into(&mut self.0.last);
        Ok(value)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut types = Vec::new();
        let value = visitor.visit_seq(Elements { shapes: self.0, left: 1, types: &mut types })?;
        self.0.last = format!("[{}]", types.join(", "));
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        let mut types = Vec::new();
        let value = visitor.visit_seq(Elements { shapes: self.0, left: length, types: &mut types })?;
        self.0.last = format!("({})", types.join(", "));
        Ok(value)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut types = Vec::new();
        let value = visitor.visit_seq(Elements { shapes: self.0, left: length, types: &mut types })?;
        self.0.structs.insert(format!("struct {name}({})", types.join(", ")));
        name.clone_into(&mut self.0.last);
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut types = Vec::new();
        let value = visitor.visit_map(Elements { shapes: self.0, left: 1, types: &mut types })?;
        self.0.last = format!("{{{}}}", types.join(": "));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (value, shape) = named(self.0, fields, visitor)?;
        self.0.structs.insert(format!("struct {name}{shape}"));
        name.clone_into(&mut self.0.last);
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let seen = self.0.enums.entry((name, variants)).or_default();
        let place = seen.visits % variants.len();
        seen.visits += 1;
        self.0.touched.push(((name, variants), place));
        let mut shape = String::new();
        let value = visitor.visit_enum(Variant { shapes: self.0, place, shape: &mut shape })?;
        if let Some(seen) = self.0.enums.get_mut(&(name, variants)) {
            seen.found.entry(place).or_insert((shape, None));
        }
        name.clone_into(&mut self.0.last);
        Ok(value)
    }
}

/// Makes up named fields, and returns their shape as well.
fn named<'de, V: Visitor<'de>>(
    shapes: &mut Shapes,
    fields: &'static [&'static str],
    visitor: V,
) -> Result<(V::Value, String), Error> {
    let mut types = Vec::new();
    let value = visitor.visit_seq(Elements { shapes, left: fields.len(), types: &mut types })?;
    let named: Vec<String> =
        fields.iter().zip(types).map(|(field, kind)| format!("{field}: {kind}")).collect();
    Ok((value, format!(" {{ {} }}", named.join(", "))))
}

/// Values one after the other.
struct Elements<'a, 't> {
    shapes: &'a mut Shapes,
    left: usize,
    types: &'t mut Vec<String>,
}

impl<'de> Elements<'_, '_> {
    fn make<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value = seed.deserialize(Probe(self.shapes))?;
        self.types.push(self.shapes.last.clone());
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.make(seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> MapAccess<'de> for Elements<'_, '_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.make(seed)
    }
}

/// One variant of an enum.
struct Variant<'a, 's> {
    shapes: &'a mut Shapes,
    place: usize,
    shape: &'s mut String,
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let place = u32::try_from(self.place).unwrap_or(u32::MAX);
        let value = seed.deserialize(IntoDeserializer::<Error>::into_deserializer(place))?;
        Ok((value, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        let value = seed.deserialize(Probe(self.shapes))?;
        *self.shape = format!("({})", self.shapes.last);
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        let value = Probe(self.shapes).deserialize_tuple(length, visitor)?;
        self.shape.clone_from(&self.shapes.last);
        Ok(value)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (value, shape) = named(self.shapes, fields, visitor)?;
        *self.shape = shape;
        Ok(value)
    }
}
