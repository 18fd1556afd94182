//! Prices from comma-separated text; every error names its line and column.

use spreadscope_stats::Prices;

/// A header and rows of fields, as written.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    /// Line in the file, from 1.
    line: usize,
    fields: Vec<String>,
}

impl Table {
    /// Fields may be in double quotes, with quotes inside doubled; empty lines are skipped.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut rows = Vec::new();
        for (at, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let number = at + 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = core::str::from_utf8(line).map_err(|error| {
                let column = line[..error.valid_up_to()].split(|&byte| byte == b',').count();
                format!("line {number}, column {column}: the text is not UTF-8")
            })?;
            if !text.trim().is_empty() {
                rows.push(Row { line: number, fields: fields(text, number)? });
            }
        }
        if rows.is_empty() {
            return Err("line 1, column 1: a header is needed, the file is empty".to_owned());
        }
        let Row { line, fields: header } = rows.remove(0);
        for (at, name) in header.iter().enumerate() {
            if name.parse::<f64>().is_ok() {
                let column = at + 1;
                return Err(format!(
                    "line {line}, column {column}: a header is needed, found the number {name}"
                ));
            }
        }
        Ok(Self { header, rows })
    }

    /// The column with this name or at this position from 1, as finite numbers or their logarithms.
    pub(crate) fn prices(&self, wanted: &str, prices: Prices) -> Result<Vec<f64>, String> {
        let at = self.place(wanted)?;
        self.rows.iter().map(|row| self.price(row, at, prices)).collect()
    }

    fn price(&self, row: &Row, at: usize, prices: Prices) -> Result<f64, String> {
        let place = format!("line {}, column {} ({})", row.line, at + 1, self.header[at]);
        let Some(field) = row.fields.get(at) else {
            return Err(format!("{place}: a number is missing, the line has {} fields", row.fields.len()));
        };
        let value: f64 = field.parse().map_err(|_ignored| format!("{place}: {field:?} is not a number"))?;
        if !value.is_finite() {
            return Err(format!("{place}: {field:?} is not a finite number"));
        }
        match prices {
            Prices::Levels => Ok(value),
            Prices::Logs if value > 0.0 => Ok(value.ln()),
            Prices::Logs => Err(format!("{place}: {field} has no logarithm")),
        }
    }

    fn place(&self, wanted: &str) -> Result<usize, String> {
        let named: Vec<usize> = (0..self.header.len()).filter(|&at| self.header[at] == wanted).collect();
        match (named.as_slice(), wanted.parse::<usize>()) {
            ([at], _) => Ok(*at),
            ([_, second, ..], _) => {
                Err(format!("line 1, column {}: a second column is named {wanted:?}", second + 1))
            }
            ([], Ok(place)) if (1..=self.header.len()).contains(&place) => Ok(place - 1),
            ([], Ok(place)) => Err(format!(
                "line 1, column {place}: there is no such column, there are {}",
                self.header.len()
            )),
            ([], Err(_)) => Err(format!(
                "line 1, column 1: no column is named {wanted:?}, there are {}",
                self.header.join(", ")
            )),
        }
    }
}

fn fields(text: &str, line: usize) -> Result<Vec<String>, String> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let column = fields.len() + 1;
        let trimmed = rest.trim_start();
        let after = if let Some(quoted) = trimmed.strip_prefix('"') {
            let (field, after) = unquoted(quoted)
                .ok_or_else(|| format!("line {line}, column {column}: a quote is not closed"))?;
            fields.push(field);
            let after = after.trim_start();
            if !after.is_empty() && !after.starts_with(',') {
                return Err(format!("line {line}, column {column}: there is text after the closing quote"));
            }
            after
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            fields.push(rest[..end].trim().to_owned());
            &rest[end..]
        };
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

/// The field up to the closing quote, and the text after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Some((field, rest)),
        }
    }
}
