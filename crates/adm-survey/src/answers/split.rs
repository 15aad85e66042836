//! A JSON file cut into its objects, without holding more than one of them.

use super::limits::MOST_BYTES;
use std::io::{self, BufRead};

/// What comes next in a file.
#[derive(Debug, PartialEq)]
pub(super) enum Cut {
    /// A whole object, which begins on a line.
    Object(u64, Vec<u8>),
    /// An object that is too large to be held. What follows it can be read.
    TooLarge(u64),
    /// The file breaks off within an object that begins on a line.
    Broken(u64, Place, Vec<u8>),
    /// The file breaks off between objects.
    Unclosed(Place),
    /// A byte that is no part of a list of objects. What follows it is not read.
    Stray(u64, u8),
}

/// The last byte before a file breaks off: line, from 1, and column in bytes.
pub(super) type Place = (u64, u64);

/// Finds objects: alone, in a list, or one after the other.
pub(super) struct Splitter<R> {
    input: R,
    line: u64,
    column: u64,
    listed: bool,
    ended: bool,
}

/// How far an object has been read.
#[derive(Default)]
struct Object {
    bytes: Vec<u8>,
    size: usize,
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Object {
    /// Takes a byte; true where it was the object's last.
    fn take(&mut self, byte: u8) -> bool {
        self.size += 1;
        if self.size <= MOST_BYTES {
            self.bytes.push(byte);
        }
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            b'{' | b'[' if !self.quoted => self.depth += 1,
            b'}' | b']' if !self.quoted => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: 1, column: 0, listed: false, ended: false }
    }

    /// What comes next; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Cut>> {
        while let Some(byte) = self.byte()? {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                b'[' if !self.listed => self.listed = true,
                b']' if self.listed => self.listed = false,
                b'{' => return self.object().map(Some),
                stray => return Ok(self.end(Cut::Stray(self.line, stray))),
            }
        }
        match self.listed {
            true => Ok(self.end(Cut::Unclosed((self.line, self.column)))),
            false => Ok(None),
        }
    }

    fn object(&mut self) -> io::Result<Cut> {
        let line = self.line;
        let mut object = Object::default();
        let mut whole = object.take(b'{');
        while !whole {
            let Some(byte) = self.byte()? else {
                self.listed = false;
                if object.size > MOST_BYTES {
                    return Ok(Cut::TooLarge(line));
                }
                return Ok(Cut::Broken(line, (self.line, self.column), object.bytes));
            };
            whole = object.take(byte);
        }
        Ok(if object.size > MOST_BYTES { Cut::TooLarge(line) } else { Cut::Object(line, object.bytes) })
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let next = if self.ended { None } else { self.input.fill_buf()?.first().copied() };
        if let Some(byte) = next {
            self.input.consume(1);
            let ends = byte == b'\n';
            (self.line, self.column) = if ends { (self.line + 1, 0) } else { (self.line, self.column + 1) };
        }
        Ok(next)
    }

    fn end(&mut self, cut: Cut) -> Option<Cut> {
        (self.listed, self.ended) = (false, true);
        Some(cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str) -> Vec<Cut> {
        let mut splitter = Splitter::new(text.as_bytes());
        std::iter::from_fn(|| splitter.next().unwrap()).collect()
    }

    fn object(line: u64, text: &str) -> Cut {
        Cut::Object(line, text.as_bytes().to_vec())
    }

    #[test]
    fn objects_are_found_alone_listed_and_one_after_the_other() {
        let tricky = r#"{"a":"}\"]\\","b":[{}]}"#;
        assert_eq!(cuts(tricky), [object(1, tricky)]);
        assert_eq!(cuts(&format!("[\n{tricky},\n{{}}\n]\n")), [object(2, tricky), object(3, "{}")]);
        assert_eq!(cuts("{}\r\n{}\r\n"), [object(1, "{}"), object(2, "{}")]);
        assert_eq!(cuts(" [ ] "), []);
        assert_eq!(cuts(""), []);
    }

    #[test]
    fn what_breaks_off_or_strays_says_where() {
        assert_eq!(cuts("[{},\n{\"a\":"), [object(1, "{}"), Cut::Broken(2, (2, 5), b"{\"a\":".to_vec())]);
        assert_eq!(cuts("[{}\n,"), [object(1, "{}"), Cut::Unclosed((2, 1))]);
        assert_eq!(cuts("[{}\n]]"), [object(1, "{}"), Cut::Stray(2, b']')]);
        assert_eq!(cuts("{}\nnull{}"), [object(1, "{}"), Cut::Stray(2, b'n')]);
    }

    #[test]
    fn an_endless_object_is_not_held_and_the_next_is_found() {
        let text = format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(MOST_BYTES));
        assert_eq!(cuts(&text), [Cut::TooLarge(1), object(1, "{}")]);
    }
}
