//! Whole numbers as sentences write them: their digits in threes.

/// The digits of a whole number in threes, `86,400`.
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count, its digits in threes.
pub fn counted(count: u64) -> String {
    grouped(&count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes_from_the_right() {
        let told = [0, 12, 999, 1_000, 86_400, 1_234_567].map(counted);
        assert_eq!(told, ["0", "12", "999", "1,000", "86,400", "1,234,567"]);
    }
}
