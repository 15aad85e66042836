//! Lines of CSV, however long the file.

use super::limits::MOST_BYTES;
use super::listed::Reason;
use super::piece::Fault;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, BufRead};

/// Most fields of a line that are looked at.
const MOST_FIELDS: usize = 256;

/// A line, which may have line breaks within quotes.
pub(super) struct Record {
    /// Where it begins, from 1.
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
    /// Whether it was not UTF-8; then what could not be read was replaced.
    pub(super) damaged: bool,
    /// What is wrong with it as a whole; its fields are not all there then.
    pub(super) fault: Option<Fault>,
}

/// The lines of a file.
pub(super) struct Records<R> {
    input: R,
    reader: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: BufRead> Records<R> {
    /// Looks at the first line for what separates its columns: a comma, or what spreadsheets put there in countries whose
    /// numbers have commas.
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let start = input.fill_buf()?;
        let first = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |byte: u8| first.iter().filter(|&&other| other == byte).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|&byte| count(byte)).unwrap_or(b',');
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Ok(Self { input, reader, output: vec![0; 1 << 14], ends: vec![0; MOST_FIELDS] })
    }

    /// The next line; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        let (mut written, mut ended, mut fault) = (0, 0, None);
        let line = self.skip_empty_lines()?;
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, wrote, fields) =
                self.reader.read_record(input, &mut self.output[written..], &mut self.ends[ended..]);
            self.input.consume(read);
            (written, ended) = (written + wrote, ended + fields);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => return Ok(Some(self.record(line, ended, fault))),
                ReadRecordResult::OutputFull if self.output.len() < MOST_BYTES => {
                    self.output.resize(2 * self.output.len(), 0);
                }
                // From here on the line is only read to find its end.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    fault = Some(Fault::new(Reason::TooLarge, too_large()));
                    (written, ended) = (0, 0);
                }
            }
        }
    }

    /// The line on which the next record begins. The reader would leave out empty lines too, but count them as the record's, and
    /// what follows the first byte of a line end as well.
    fn skip_empty_lines(&mut self) -> io::Result<u64> {
        while let Some(&byte @ (b'\r' | b'\n')) = self.input.fill_buf()?.first() {
            self.input.consume(1);
            self.reader.set_line(self.reader.line() + u64::from(byte == b'\n'));
        }
        Ok(self.reader.line())
    }

    fn record(&self, line: u64, ended: usize, fault: Option<Fault>) -> Record {
        if fault.is_some() {
            return Record { line, fields: Vec::new(), damaged: false, fault };
        }
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let fields =
            starts.zip(&self.ends[..ended]).map(|(start, &end)| self.output.get(start..end).unwrap_or_default());
        let damaged = fields.clone().any(|field| std::str::from_utf8(field).is_err());
        let fields = fields.map(|field| String::from_utf8_lossy(field).into_owned()).collect();
        Record { line, fields, damaged, fault: None }
    }
}

fn too_large() -> String {
    format!("a line of more than {} MiB or {MOST_FIELDS} fields: is a quotation mark missing?", MOST_BYTES >> 20)
}
