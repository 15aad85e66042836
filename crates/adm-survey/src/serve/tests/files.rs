//! The bundle's files, and nothing else.

use super::client::{ask, get, raw};
use super::{Place, SOUND_BYTES};
use std::fs;

#[test]
fn every_file_of_the_bundle_is_served_with_its_kind() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    for (path, file, kind) in [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/index.html", "index.html", "text/html; charset=utf-8"),
        ("/study.js", "study.js", "text/javascript; charset=utf-8"),
        ("/page/main.js", "page/main.js", "text/javascript; charset=utf-8"),
        ("/page/style.css", "page/style.css", "text/css; charset=utf-8"),
        ("/audio/s1.js?again", "audio/s1.js", "text/javascript; charset=utf-8"),
    ] {
        let (reply, bytes) = (get(address, path), fs::read(place.bundle().join(file)).unwrap());
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{path}");
        assert!(reply.body == bytes, "{path}: {} bytes of {}", reply.body.len(), bytes.len());
        for (name, value) in [
            ("content-length", &*bytes.len().to_string()),
            ("cache-control", "no-cache"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path}");
        }
        let head = ask(address, "HEAD", path, "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        for name in ["content-length", "content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), reply.header(name), "{path}");
        }
        let refused = ask(address, "DELETE", path, "");
        assert_eq!((refused.status, refused.header("allow")), (405, Some("get, head")), "{path}");
    }
    assert!(get(address, "/audio/s2.js").body.len() > SOUND_BYTES);
}

#[test]
fn the_page_may_load_nothing_from_elsewhere_nor_be_framed() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let page = get(collector.address(), "/");
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn what_a_browser_has_is_not_sent_again_until_it_changes() {
    let place = Place::new();
    let tag = {
        let collector = place.start().unwrap();
        let address = collector.address();
        let tag = get(address, "/audio/s1.js").header("etag").unwrap().to_owned();
        for given in [&*tag, "*", &format!("W/{tag}"), &format!("\"other\", {tag}")] {
            let reply = ask(address, "GET", "/audio/s1.js", &format!("If-None-Match: {given}\r\n"));
            assert_eq!((reply.status, reply.body.len()), (304, 0), "{given}");
            assert_eq!(reply.header("etag"), Some(&*tag));
            assert_ne!(reply.header("content-length"), Some("0"), "that would be the length of the file");
        }
        for given in ["\"other\"", &tag[1..tag.len() - 1], ""] {
            let reply = ask(address, "GET", "/audio/s1.js", &format!("If-None-Match: {given}\r\n"));
            assert!(reply.status == 200 && reply.body.len() > SOUND_BYTES, "{given}");
        }
        tag
    };
    fs::write(place.bundle().join("audio/s1.js"), "adm.sound(\"s1\",\"changed\");").unwrap();
    let collector = place.start().unwrap();
    let reply = ask(collector.address(), "GET", "/audio/s1.js", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(reply.status, 200);
}

#[test]
fn no_spelling_of_a_path_leads_out_of_the_bundle() {
    let place = Place::new();
    fs::write(place.folder.path().join("secret.js"), "secret").unwrap();
    fs::write(place.bundle().join("secret.js"), "secret").unwrap();
    fs::write(place.bundle().join("page/.secret.js"), "secret").unwrap();
    fs::create_dir_all(place.bundle().join("page/deep")).unwrap();
    fs::write(place.bundle().join("page/deep/secret.js"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.folder.path().join("secret.js"), place.bundle().join("page/link.js")).unwrap();
    let collector = place.start().unwrap();
    fs::write(place.bundle().join("page/later.js"), "secret").unwrap();
    for path in [
        "/../secret.js",
        "/page/../../secret.js",
        "/page/..%2f..%2fsecret.js",
        "/page/%2e%2e/%2e%2e/secret.js",
        "/page/%2e%2e%2fstudy.js",
        "/page/..\\..\\secret.js",
        "/page%5c..%5c..%5csecret.js",
        "/page/..%5cstudy.js",
        "/page/main.js%00.html",
        "/page/main.js%00",
        "//study.js",
        "/./study.js",
        "/page//main.js",
        "/page/",
        "/page",
        "/audio/",
        "/study.js/",
        "/STUDY.JS",
        "/%73tudy.js",
        "/secret.js",
        "/page/.secret.js",
        "/page/deep/secret.js",
        "/page/link.js",
        "/page/later.js",
        "/answers/",
        "/.collector",
        "/collect/",
        "/etc/passwd",
        "/C:/Windows/win.ini",
        "/\u{202e}study.js",
    ] {
        let reply = get(collector.address(), path);
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(matches!(reply.status, 404 | 400), "{path}: {}", reply.status);
        assert!(!body.contains("secret") && !body.contains("adm.study"), "{path}: {body}");
    }
    let nul = raw(collector.address(), b"GET /page/main.js\0.html HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(matches!(nul.status, 400 | 0), "{}", nul.status);
    // A proxy's form of a request names the server, and is no way around either.
    let address = collector.address();
    let absolute = ask(address, "GET", &format!("http://{address}/page/../study.js"), "");
    assert_eq!(absolute.status, 404);
    assert_eq!(ask(address, "GET", &format!("http://{address}/study.js"), "").status, 200);
}
