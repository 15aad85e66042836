//! The header of a `.npy` file: a magic number, a version, a length and one Python dictionary literal.
//!
//! Format: NEP 1 of the NumPy enhancement proposals, versions 1.0 to 3.0. The bytes come from anywhere, so the reader
//! believes no length that the file claims before it has compared it with a limit.

use std::io::{self, Read};

/// Size of every header that this crate writes, so that the shape can be patched in place when the row count is known.
pub const HEADER_BYTES: usize = 128;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// Far above what any plain array needs; a longer header is a claim made to exhaust memory.
const LONGEST_HEADER: usize = 1 << 16;
/// NumPy allows 64 axes at most.
const MOST_AXES: usize = 64;

/// What a `.npy` file says about its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Element type in NumPy's spelling, such as `<f4` (little-endian float32) or `<i2` (little-endian int16).
    pub dtype: String,
    /// Whether the first axis varies fastest; the arrays of this project have it vary slowest (C order).
    pub fortran_order: bool,
    /// Length of each axis.
    pub shape: Vec<u64>,
    /// Where the data begins, in bytes from the start of the file.
    pub data_offset: u64,
}

/// Why bytes are not a readable `.npy` header.
#[derive(Debug)]
pub enum HeaderFault {
    /// The file could not be read.
    Io(io::Error),
    /// The bytes break the format; the text says where.
    Malformed(&'static str),
}

impl From<io::Error> for HeaderFault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Malformed("the file ends inside its header")
        } else {
            Self::Io(error)
        }
    }
}

impl Header {
    /// Reads a header from the start of a file and leaves the reader at the first byte of the data.
    ///
    /// # Errors
    /// Bytes that are no `.npy` header, and whatever the reader returns.
    pub fn read(reader: &mut impl Read) -> Result<Self, HeaderFault> {
        let mut start = [0u8; 8];
        reader.read_exact(&mut start)?;
        if !start.starts_with(MAGIC) {
            return Err(HeaderFault::Malformed("it does not start with the magic number of .npy files"));
        }
        let (length, prefix) = read_length(reader, start[6])?;
        if length > LONGEST_HEADER {
            return Err(HeaderFault::Malformed("its header claims to be longer than 64 KiB"));
        }
        let mut text = vec![0u8; length];
        reader.read_exact(&mut text)?;
        let data_offset = (prefix + length) as u64;
        parse_dictionary(&text, data_offset)
            .ok_or(HeaderFault::Malformed("its header is not a dictionary of descr, fortran_order and shape"))
    }

    /// Number of elements, `None` where the product of the axes does not fit 64 bits.
    pub fn elements(&self) -> Option<u64> {
        self.shape.iter().try_fold(1u64, |product, axis| product.checked_mul(*axis))
    }
}

/// The length field's value and the number of bytes before the dictionary.
fn read_length(reader: &mut impl Read, version: u8) -> Result<(usize, usize), HeaderFault> {
    match version {
        1 => {
            let mut length = [0u8; 2];
            reader.read_exact(&mut length)?;
            Ok((usize::from(u16::from_le_bytes(length)), 10))
        }
        2 | 3 => {
            let mut length = [0u8; 4];
            reader.read_exact(&mut length)?;
            Ok((u32::from_le_bytes(length) as usize, 12))
        }
        _ => Err(HeaderFault::Malformed("its format version is none of 1, 2 and 3")),
    }
}

/// A C-order header of exactly [`HEADER_BYTES`] bytes, `None` where the shape's text does not fit (more than some five
/// axes of the longest lengths).
pub fn encode(dtype: &str, shape: &[usize]) -> Option<[u8; HEADER_BYTES]> {
    let dictionary = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {}, }}", shape_text(shape));
    let mut header = [b' '; HEADER_BYTES];
    header[..6].copy_from_slice(MAGIC);
    header[6..8].copy_from_slice(&[1, 0]);
    header[8..10].copy_from_slice(&((HEADER_BYTES - 10) as u16).to_le_bytes());
    header.get_mut(10..10 + dictionary.len())?.copy_from_slice(dictionary.as_bytes());
    // The last byte is the line feed that ends the header; the dictionary must not reach it.
    if dictionary.len() > HEADER_BYTES - 11 {
        return None;
    }
    header[HEADER_BYTES - 1] = b'\n';
    Some(header)
}

/// A shape as Python writes a tuple: `(256, 256, 4)`, `(7,)`, `()`.
pub fn shape_text<T: ToString>(shape: &[T]) -> String {
    let axes: Vec<String> = shape.iter().map(T::to_string).collect();
    if let [axis] = axes.as_slice() { format!("({axis},)") } else { format!("({})", axes.join(", ")) }
}

fn parse_dictionary(text: &[u8], data_offset: u64) -> Option<Header> {
    let mut literal = Literal { rest: std::str::from_utf8(text).ok()? };
    let (mut dtype, mut fortran_order, mut shape) = (None, None, None);
    literal.require("{")?;
    while !literal.take("}") {
        let key = literal.string()?;
        literal.require(":")?;
        match key {
            "descr" => dtype = Some(literal.dtype()?),
            "fortran_order" => fortran_order = Some(literal.boolean()?),
            "shape" => shape = Some(literal.tuple()?),
            _ => return None,
        }
        if !literal.take(",") {
            literal.require("}")?;
            break;
        }
    }
    literal.rest.trim().is_empty().then_some(())?;
    Some(Header { dtype: dtype?, fortran_order: fortran_order?, shape: shape?, data_offset })
}

/// The little of Python's literal syntax that NumPy writes into headers.
struct Literal<'a> {
    rest: &'a str,
}

impl<'a> Literal<'a> {
    fn take(&mut self, token: &str) -> bool {
        let trimmed = self.rest.trim_start();
        let found = trimmed.strip_prefix(token);
        self.rest = found.unwrap_or(trimmed);
        found.is_some()
    }

    fn require(&mut self, token: &str) -> Option<()> {
        self.take(token).then_some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let quote = if self.take("'") { '\'' } else { self.require("\"").map(|()| '"')? };
        let (text, rest) = self.rest.split_once(quote)?;
        self.rest = rest;
        Some(text)
    }

    /// A type name, or the list that describes a structured type, which is kept as text for the error message.
    fn dtype(&mut self) -> Option<String> {
        if !self.take("[") {
            return self.string().map(str::to_owned);
        }
        let (fields, rest) = self.rest.split_once(']')?;
        self.rest = rest;
        Some(format!("[{fields}]"))
    }

    fn boolean(&mut self) -> Option<bool> {
        if self.take("True") { Some(true) } else { self.require("False").map(|()| false) }
    }

    fn tuple(&mut self) -> Option<Vec<u64>> {
        let mut axes = Vec::new();
        self.require("(")?;
        while !self.take(")") {
            (axes.len() < MOST_AXES).then_some(())?;
            axes.push(self.integer()?);
            if !self.take(",") {
                self.require(")")?;
                break;
            }
        }
        Some(axes)
    }

    fn integer(&mut self) -> Option<u64> {
        let trimmed = self.rest.trim_start();
        let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
        let (digits, rest) = trimmed.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    fn with_dictionary(dictionary: &str) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((dictionary.len() as u16).to_le_bytes());
        bytes.extend(dictionary.as_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Header, String> {
        Header::read(&mut &bytes[..]).map_err(|fault| match fault {
            HeaderFault::Io(error) => error.to_string(),
            HeaderFault::Malformed(why) => why.to_owned(),
        })
    }

    #[test]
    fn what_is_encoded_reads_back() {
        for shape in [vec![], vec![7], vec![256, 256, 4], vec![usize::MAX, 20_354, 2]] {
            let bytes = encode("<i2", &shape).unwrap();
            let header = read(&bytes).unwrap();
            assert_eq!(header.shape, shape.iter().map(|axis| *axis as u64).collect::<Vec<_>>());
            assert_eq!((header.dtype.as_str(), header.fortran_order, header.data_offset), ("<i2", false, 128));
        }
        assert!(encode("<i2", &[usize::MAX; 5]).is_none(), "a shape that does not fit is refused, not cut");
    }

    /// The first bytes that numpy 2.3 writes for `np.save(f, np.zeros((2, 3), np.float32))`; after them come spaces up
    /// to byte 127 and a line feed.
    const NUMPY: &[u8] = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

    #[test]
    fn headers_are_numpy_s_to_the_byte() {
        let bytes = encode("<f4", &[2, 3]).unwrap();
        let (text, padding) = bytes.split_at(NUMPY.len());
        assert_eq!(text, NUMPY);
        assert!(padding.strip_suffix(b"\n").unwrap().iter().all(|&byte| byte == b' '));
    }

    #[test]
    fn other_spellings_of_the_same_dictionary_are_read() {
        for dictionary in [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)}\n",
            "{\"shape\":(3,4,),\"descr\":\"<f4\",\"fortran_order\":False}",
            " { 'fortran_order' : False , 'shape' : ( 3 , 4 ) , 'descr' : '<f4' , } \n",
        ] {
            let header = read(&with_dictionary(dictionary)).unwrap();
            assert_eq!((header.dtype.as_str(), header.shape.as_slice()), ("<f4", &[3, 4][..]));
        }
        let structured =
            read(&with_dictionary("{'descr': [('a', '<f4')], 'fortran_order': True, 'shape': (1,)}")).unwrap();
        assert_eq!((structured.dtype.as_str(), structured.fortran_order), ("[('a', '<f4')]", true));
    }

    #[test]
    fn broken_headers_say_what_is_broken() {
        let not_a_dictionary = "its header is not a dictionary of descr, fortran_order and shape";
        let mut huge = MAGIC.to_vec();
        huge.extend([2, 0, 0xff, 0xff, 0xff, 0xff]);
        for (bytes, expected) in [
            (b"\x93NUM".to_vec(), "the file ends inside its header"),
            (b"RIFF....WAVE".to_vec(), "it does not start with the magic number of .npy files"),
            (b"\x93NUMPY\x07\x00\x10\x00".to_vec(), "its format version is none of 1, 2 and 3"),
            (huge, "its header claims to be longer than 64 KiB"),
            (with_dictionary("{}"), not_a_dictionary),
            (with_dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), not_a_dictionary),
            (
                with_dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
                not_a_dictionary,
            ),
            (with_dictionary("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}"), not_a_dictionary),
            (with_dictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + 1"), not_a_dictionary),
        ] {
            assert_eq!(read(&bytes).unwrap_err(), expected);
        }
    }

    #[test]
    fn damaged_bytes_never_panic() {
        let whole = encode("<f4", &[256, 256, 4]).unwrap();
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "cut to {length} bytes");
        }
        let mut random = Seeds::new(1).stream("damage", 0);
        let mut still_readable = 0;
        for _ in 0..20_000 {
            let mut bytes = whole;
            for _ in 0..random.random_range(1..6) {
                bytes[random.random_range(0..HEADER_BYTES)] = random.random();
            }
            still_readable += usize::from(read(&bytes).is_ok_and(|header| header.elements().is_some()));
        }
        assert!(still_readable > 0 && still_readable < 20_000, "{still_readable}");
    }
}
