//! `adm devices`.

use crate::support::Sandbox;

#[test]
fn the_cpu_is_always_there() {
    let sandbox = Sandbox::new();
    let text = sandbox.adm("devices --device cpu").done();
    assert!(text.contains("--device cpu "), "{text}");
    assert!(text.contains("\npicked  CPU, "), "{text}");
    let json = sandbox.adm("devices --device cpu --json").json();
    let last = json["devices"].as_array().unwrap().last().unwrap();
    assert_eq!((last["flag"].as_str(), last["kind"].as_str()), (Some("cpu"), Some("CPU")));
    assert!(json["picked"].as_str().unwrap().starts_with("CPU, "));
    assert!(json["because"].is_null());
}

#[test]
fn auto_says_why_it_falls_back() {
    let sandbox = Sandbox::new();
    let json = sandbox.adm("devices --json").json();
    let kinds = json["devices"].as_array().unwrap().iter().map(|device| device["kind"].as_str().unwrap().to_owned());
    let has_gpu = kinds.into_iter().any(|kind| kind.ends_with("GPU"));
    let picked = json["picked"].as_str().unwrap();
    assert_eq!(picked.starts_with("CPU, "), !has_gpu, "{json}");
    assert_eq!(json["because"].is_null(), has_gpu, "{json}");
}

#[test]
fn a_gpu_that_is_not_there_is_an_error() {
    let ran = Sandbox::new().adm("devices --device gpu:99");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.starts_with("error: there is no gpu:99 on this machine ("), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with(")\n\nhint: use --device auto, cpu, gpu or gpu:N; `adm devices` lists what there is\n")
    );
}
