//! Columns of whole numbers in few bytes: small numbers are short, and runs of zeros shorter still.

use super::record::RecordError;

/// Writes the bytes of a record.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// Seven bits per byte, lowest first; the top bit is set if more follow.
    pub(super) fn unsigned(&mut self, mut number: u128) {
        while number >= 0x80 {
            self.0.push(low_bits(number) | 0x80);
            number >>= 7;
        }
        self.0.push(low_bits(number));
    }

    /// Numbers near zero are short, whatever their sign.
    pub(super) fn signed(&mut self, number: i128) {
        self.unsigned(zigzag(number));
    }

    /// A column in the shorter of two forms: each number by itself, or with runs of zeros.
    pub(super) fn column(&mut self, numbers: &[i128]) {
        let (mut plain, mut runs) = (Self::default(), Self::default());
        let mut zeros: u128 = 0;
        for &number in numbers {
            plain.signed(number);
            if number == 0 {
                zeros += 1;
                continue;
            }
            runs.end_run(&mut zeros);
            runs.signed(number);
        }
        runs.end_run(&mut zeros);
        let (form, bytes) = if runs.0.len() < plain.0.len() { (1, runs.0) } else { (0, plain.0) };
        self.0.push(form);
        self.0.extend(bytes);
    }

    fn end_run(&mut self, zeros: &mut u128) {
        if *zeros > 0 {
            self.unsigned(0);
            self.unsigned(*zeros);
            *zeros = 0;
        }
    }
}

/// Reads the bytes of a record.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// One byte of `part`.
    pub(super) fn byte(&mut self, part: &str) -> Result<u8, RecordError> {
        let (&byte, rest) =
            self.bytes.split_first().ok_or_else(|| RecordError::content(format!("{part} is cut short")))?;
        self.bytes = rest;
        Ok(byte)
    }

    /// What [`Writer::unsigned`] wrote.
    pub(super) fn unsigned(&mut self, part: &str) -> Result<u128, RecordError> {
        let mut number: u128 = 0;
        for shift in (0..128).step_by(7) {
            let byte = self.byte(part)?;
            let bits = u128::from(byte & 0x7f);
            if shift == 126 && bits > 3 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(RecordError::content(format!("{part} holds a number of more than 128 bits")))
    }

    /// What [`Writer::signed`] wrote.
    pub(super) fn signed(&mut self, part: &str) -> Result<i128, RecordError> {
        Ok(unzigzag(self.unsigned(part)?))
    }

    /// A count, at most `most`.
    pub(super) fn count(&mut self, part: &str, most: usize) -> Result<usize, RecordError> {
        let number = self.unsigned(part)?;
        usize::try_from(number)
            .ok()
            .filter(|&count| count <= most)
            .ok_or_else(|| RecordError::content(format!("{part} must be at most {most}, was {number}")))
    }

    /// A column of `length` numbers that [`Writer::column`] wrote.
    pub(super) fn column(&mut self, part: &str, length: usize) -> Result<Vec<i128>, RecordError> {
        let form = self.byte(part)?;
        let mut numbers = Vec::with_capacity(length);
        while numbers.len() < length {
            let number = self.signed(part)?;
            match (form, number) {
                (1, 0) => {
                    let run = self.count(part, length - numbers.len())?;
                    numbers.resize(numbers.len() + run, 0);
                    if run == 0 {
                        return Err(RecordError::content(format!("{part} has a run of no zeros")));
                    }
                }
                (0 | 1, number) => numbers.push(number),
                (form, _) => {
                    return Err(RecordError::content(format!("{part} has the unknown form {form}")));
                }
            }
        }
        Ok(numbers)
    }

    /// Checks that nothing is left.
    pub(super) fn end(&self) -> Result<(), RecordError> {
        match self.bytes.len() {
            0 => Ok(()),
            left => Err(RecordError::content(format!("end is followed by {left} bytes more"))),
        }
    }
}

const fn low_bits(number: u128) -> u8 {
    (number & 0x7f) as u8
}

/// Maps small numbers of either sign to small numbers: 0, -1, 1, -2 and so on become 0, 1, 2, 3 and so on.
#[expect(clippy::cast_sign_loss, reason = "the sign goes into the lowest bit")]
pub(super) const fn zigzag(number: i128) -> u128 {
    ((number << 1) ^ (number >> 127)) as u128
}

/// The inverse of [`zigzag`].
#[expect(clippy::cast_possible_wrap, reason = "the lowest bit is the sign")]
pub(super) const fn unzigzag(number: u128) -> i128 {
    (number >> 1) as i128 ^ -((number & 1) as i128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zeros_cost_a_few_bytes_however_many_they_are() {
        let mut writer = Writer::default();
        let mut numbers = vec![0; 3_600];
        numbers[1_800] = -7;
        writer.column(&numbers);
        assert!(writer.0.len() < 12, "{}", writer.0.len());
        assert_eq!(Reader::new(&writer.0).column("ids", 3_600), Ok(numbers));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let refused = |bytes: &[u8]| Reader::new(bytes).column("low", 3).unwrap_err().to_string();
        assert_eq!(refused(&[]), "its low is cut short");
        assert_eq!(refused(&[0, 2, 2]), "its low is cut short");
        assert_eq!(refused(&[1, 0, 4]), "its low must be at most 3, was 4");
        assert_eq!(refused(&[1, 0, 0]), "its low has a run of no zeros");
        assert_eq!(refused(&[2, 1]), "its low has the unknown form 2");
        assert_eq!(refused(&[0xff; 30]), "its low holds a number of more than 128 bits");
    }

    proptest! {
        #[test]
        fn every_column_comes_back(numbers in proptest::collection::vec(
            prop_oneof![Just(0_i128), -300_i128..300, any::<i128>()], 0..200,
        )) {
            let mut writer = Writer::default();
            writer.column(&numbers);
            let mut reader = Reader::new(&writer.0);
            prop_assert_eq!(reader.column("numbers", numbers.len()), Ok(numbers));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn any_bytes_give_numbers_or_an_error(bytes: Vec<u8>, length in 0_usize..500) {
            if let Ok(numbers) = Reader::new(&bytes).column("numbers", length) {
                prop_assert_eq!(numbers.len(), length);
            }
        }
    }
}
