//! Vectors that follow one another in time, as lines of CSV (document 004, section 4.1): line `i` is the vector at time `i`.
//!
//! ```text
//! 1,0,0          [rows, columns] = [2, 3]
//! 0,1,0
//! ```
//!
//! Lines of names before the first row are passed over. Columns are parted by commas, or by semicolons or tabs where the first row has
//! more of those.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::DatasetError;

/// Most values of a file: a gigabyte of them.
const MOST_VALUES: usize = 1 << 28;

/// Longest line in bytes.
const LONGEST_LINE: u64 = 1 << 22;

/// Vectors of one length, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    columns: usize,
    /// `[rows, columns]`, the last axis fastest.
    values: Vec<f32>,
}

impl Vectors {
    /// Vectors of `columns` values; `None` where the values do not make whole ones, or there are none.
    pub fn new(columns: usize, values: Vec<f32>) -> Option<Self> {
        (columns > 0 && !values.is_empty() && values.len().is_multiple_of(columns)).then_some(Self { columns, values })
    }

    /// Reads a file of them.
    ///
    /// # Errors
    /// A file that cannot be read, one without rows, rows of different lengths, what is no finite number; the line is named.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let fault = |line: u64, reason: String| DatasetError::NotVectors { path: path.to_owned(), line, reason };
        let unread = |source| DatasetError::Read { path: path.to_owned(), source };
        let mut input = BufReader::new(File::open(path).map_err(unread)?);
        let (mut vectors, mut delimiter) = (Self { columns: 0, values: Vec::new() }, ',');
        let mut text = Vec::new();
        for line in 1.. {
            if read_line(&mut input, &mut text).map_err(unread)? == 0 {
                break;
            }
            let row = std::str::from_utf8(&text).map_err(|_| fault(line, "is no text, or too long".to_owned()))?;
            let row = row.trim_start_matches('\u{feff}').trim();
            if vectors.values.is_empty() {
                delimiter = delimiter_of(row);
            }
            let names = vectors.values.is_empty() && is_header(row, delimiter);
            if !row.is_empty() && !names {
                vectors.push(row, delimiter).map_err(|reason| fault(line, reason))?;
            }
        }
        if vectors.values.is_empty() { Err(fault(1, "has no row of numbers".to_owned())) } else { Ok(vectors) }
    }

    /// Appends a row, or says why not.
    fn push(&mut self, row: &str, delimiter: char) -> Result<(), String> {
        let before = self.values.len();
        for (column, field) in row.split(delimiter).enumerate() {
            let value = number(field).ok_or_else(|| format!("has no finite number in column {}", column + 1))?;
            self.values.push(value);
        }
        let columns = self.values.len() - before;
        if self.columns == 0 {
            self.columns = columns;
        }
        if columns != self.columns {
            return Err(format!("has {columns} values, the lines before have {}", self.columns));
        }
        if self.values.len() > MOST_VALUES {
            return Err(format!("is beyond the {MOST_VALUES} values that one file may have"));
        }
        Ok(())
    }

    /// Writes them as lines of comma-separated values, each as short as it can be without becoming another number.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        let text = self.to_csv();
        adm_core::persist::write_bytes(path, text.as_bytes())
            .map_err(|source| DatasetError::Write { path: path.to_owned(), source })
    }

    fn to_csv(&self) -> String {
        let line = |row: &[f32]| row.iter().map(f32::to_string).collect::<Vec<_>>().join(",") + "\n";
        self.rows().map(line).collect()
    }

    /// Values in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    #[expect(clippy::len_without_is_empty, reason = "vectors without rows do not exist")]
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// All rows in their order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> + Clone {
        self.values.chunks_exact(self.columns)
    }

    /// `[rows, columns]`, the last axis fastest.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// What they are recognised by: a hash of their values.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(self.columns as u64).to_le_bytes());
        self.values.iter().for_each(|value| {
            hasher.update(&value.to_le_bytes());
        });
        hasher.finalize().to_hex().to_string()
    }
}

/// Reads a line into `text`, and gives the bytes read: 0 at the end.
fn read_line(input: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<usize> {
    text.clear();
    let read = input.take(LONGEST_LINE).read_until(b'\n', text)?;
    if read as u64 == LONGEST_LINE && text.last() != Some(&b'\n') {
        // No text has this byte, so that the line is refused.
        text.push(0xff);
    }
    Ok(read)
}

fn delimiter_of(first: &str) -> char {
    let count = |delimiter: char| first.matches(delimiter).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(',')
}

/// Whether no field is a number, so that they are names.
fn is_header(row: &str, delimiter: char) -> bool {
    row.split(delimiter).all(|field| unquoted(field).parse::<f64>().is_err())
}

fn unquoted(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field)
}

fn number(field: &str) -> Option<f32> {
    unquoted(field).parse::<f32>().ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    fn read(text: impl AsRef<[u8]>) -> Result<Vectors, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, text).unwrap();
        Vectors::read(&path).map_err(|error| {
            assert!(error.hint().is_some());
            error.to_string().replace(&path.display().to_string(), "rows.csv")
        })
    }

    #[test]
    fn lines_become_rows_whatever_parts_them() {
        let expected = Vectors::new(3, vec![1.0, -0.5, 2e3, 0.0, 1.0, 0.25]).unwrap();
        for text in [
            "1,-0.5,2e3\n0,1,0.25\n",
            "1;-0.5;2e3\r\n0;1;0.25",
            "\u{feff}kick\tsnare\that\n1\t-0.5\t2000\n\n0\t1\t.25\n",
            "\"1\", \"-0.5\" ,2000\n0,1,0.25",
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text:?}");
        }
        assert_eq!(read("7").unwrap(), Vectors::new(1, vec![7.0]).unwrap());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let vectors = Vectors::new(2, vec![0.1, -1e-30, f32::MAX, 3.0]).unwrap();
        vectors.write(&path).unwrap();
        let again = Vectors::read(&path).unwrap();
        assert_eq!(again, vectors);
        assert_eq!(again.fingerprint(), vectors.fingerprint());
        assert_ne!(Vectors::new(4, again.values.clone()).unwrap().fingerprint(), vectors.fingerprint());
    }

    #[test]
    fn what_are_no_vectors_is_refused_with_its_line() {
        for (text, said) in [
            ("", "rows.csv, line 1: has no row of numbers"),
            ("a,b\n\n", "rows.csv, line 1: has no row of numbers"),
            ("1,2\n\n3\n", "rows.csv, line 3: has 1 values, the lines before have 2"),
            ("1,2\n3,4,\n", "rows.csv, line 2: has no finite number in column 3"),
            ("1,2\n3,x\n", "rows.csv, line 2: has no finite number in column 2"),
            ("a,2\n", "rows.csv, line 1: has no finite number in column 1"),
            ("1,inf\n", "rows.csv, line 1: has no finite number in column 2"),
            ("1,1e99\n", "rows.csv, line 1: has no finite number in column 2"),
        ] {
            assert_eq!(read(text).unwrap_err(), said, "{text:?}");
        }
        assert!(read([b"1,2\n".as_slice(), &[0x80, b'\n']].concat()).unwrap_err().contains("is no text"));
        let long = "1,".repeat(LONGEST_LINE as usize);
        assert!(read(long).unwrap_err().contains("too long"));
    }

    #[test]
    fn there_are_no_vectors_without_values() {
        assert_eq!(Vectors::new(0, vec![]), None);
        assert_eq!(Vectors::new(2, vec![]), None);
        assert_eq!(Vectors::new(2, vec![1.0; 3]), None);
    }
}
