//! A client that is as rude as a test needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection that has been asked for something.
pub struct Reply {
    pub status: u16,
    pub headers: String,
    pub stream: BufReader<TcpStream>,
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Sends `request` as it is and reads the head of the answer.
pub fn raw(address: SocketAddr, request: &[u8]) -> io::Result<Reply> {
    let mut stream = connect(address);
    stream.write_all(request)?;
    head(stream)
}

pub fn head(stream: TcpStream) -> io::Result<Reply> {
    let mut stream = BufReader::new(stream);
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") {
        if stream.read_line(&mut headers)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Reply { status, headers: headers.to_ascii_lowercase(), stream })
}

pub fn get(address: SocketAddr, path: &str) -> Reply {
    raw(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap()
}

pub fn post(address: SocketAddr, body: &str) -> Reply {
    let head = format!("POST /controls HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
    raw(address, format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap()
}

impl Reply {
    /// The body of an answer that says its length.
    pub fn text(&mut self) -> String {
        let length = self.headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut bytes = vec![0; length.unwrap().trim().parse().unwrap()];
        self.stream.read_exact(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    pub fn json(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    /// The next bytes of a body in chunks; `None` at its end.
    pub fn chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let mut bytes = vec![0; size + 2];
        self.stream.read_exact(&mut bytes)?;
        bytes.truncate(size);
        Ok((size > 0).then_some(bytes))
    }

    /// The next `count` bytes of a body in chunks, and perhaps some more.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            bytes.extend(self.chunk().unwrap().unwrap());
        }
        bytes
    }
}
