//! `adm live` to a pipe and a file, and what it refuses.

use crate::support::{Ran, Sandbox};
use crate::trained::{CPU, trained};
use std::io::Read;
use std::net::TcpListener;
use std::process::Stdio;

/// Runs `live` with these flags and reads all that it pipes.
fn piped(sandbox: &Sandbox, flags: &str) -> (Ran, Vec<u8>) {
    let mut child = sandbox.command();
    child.args(format!("live {CPU} --out - {flags}").split_whitespace());
    let output = child.output().unwrap();
    let bytes = output.stdout.clone();
    (Ran::from(std::process::Output { stdout: Vec::new(), ..output }), bytes)
}

#[test]
fn live_music_goes_to_a_pipe_and_a_file() {
    let sandbox = trained();
    let (ran, bytes) = piped(&sandbox, "--run gan --run seq --seconds 3 --pipe s16le --record r.wav");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(bytes.len(), 3 * 44_100 * 4);
    let samples = bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    assert!(samples.map(i16::unsigned_abs).max() > Some(300), "it sounds");
    let reader = hound::WavReader::open(sandbox.path("r.wav")).unwrap();
    assert_eq!(reader.duration(), 3 * 44_100);
    let (ran, alone) = piped(&sandbox, "--run gan --seconds 1 --pipe f32le");
    assert_eq!((ran.code, alone.len()), (Some(0), 44_100 * 8));
    let (ran, ordered) = piped(&sandbox, "--run seq --seconds 1");
    assert_eq!((ran.code, &ordered[..4]), (Some(0), &b"RIFF"[..]));
}

#[test]
fn live_ends_quietly_when_its_reader_leaves() {
    let sandbox = trained();
    let mut command = sandbox.command();
    command.args(format!("live {CPU} --run gan --run seq --out - -q").split_whitespace());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 4_096];
    let mut music = child.stdout.take().unwrap();
    music.read_exact(&mut some).unwrap();
    drop(music);
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn live_refuses_what_it_cannot_serve() {
    let sandbox = trained();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let busy = sandbox.adm(&format!("live {CPU} --run seq --serve {address}"));
    assert_eq!(busy.code, Some(1));
    assert!(busy.stderr.contains(&address.to_string()) && busy.stderr.contains("hint: "), "{busy:?}");
    let remote = sandbox.adm(&format!("live {CPU} --run seq --serve 0.0.0.0:0"));
    assert!(remote.stderr.contains("--allow-remote"), "{remote:?}");
    let nowhere = sandbox.adm(&format!("live {CPU} --run seq"));
    nowhere.failed(2, "error: there is nowhere to play to\n\nhint: give --serve, --out - or --record FILE.wav\n");
    assert_eq!(sandbox.adm(&format!("live {CPU} --run seq --out - --bpm 300")).code, Some(1));
    let seed = sandbox.adm(&format!("live {CPU} --run seq --out - --seed 18446744073709551615"));
    assert_eq!(seed.code, Some(2), "{seed:?}");
}
