//! A client that is as rude as a test needs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A whole answer; of status 0 where the server just hung up.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// In lower case.
    pub headers: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    // Far more than anything takes on a busy machine: only a server that holds somebody up lets it pass.
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Sends `request` as it is and reads all that comes until the server hangs up.
pub fn raw(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = connect(address);
    // A server that has heard enough may hang up before all is sent.
    let _ = stream.write_all(request);
    read(stream)
}

pub fn read(mut stream: TcpStream) -> Reply {
    let mut bytes = Vec::new();
    // What came before the connection was reset counts.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let headers = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Reply { status, headers, body: bytes.split_off(end) }
}

/// A request with further header lines, each ended by CR LF.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &str) -> Reply {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    raw(address, head.as_bytes())
}

pub fn get(address: SocketAddr, path: &str) -> Reply {
    ask(address, "GET", path, "")
}

/// The head of a request that sends JSON.
pub fn post_head(address: SocketAddr, path: &str, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n{more}\r\n"
    )
}

pub fn post_to(address: SocketAddr, path: &str, body: &str) -> Reply {
    let head = post_head(address, path, &format!("Content-Length: {}\r\n", body.len()));
    raw(address, (head + body).as_bytes())
}

pub fn post(address: SocketAddr, body: &str) -> Reply {
    post_to(address, "/collect", body)
}
