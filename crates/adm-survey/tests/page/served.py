"""The same folder behind a server: one that collects answers, and one that only has files."""

import functools
import http.server
import json
import tempfile
import threading

import checks
import fixture
from participant import Participant


class Collector(http.server.SimpleHTTPRequestHandler):
    """Hands out sheets and takes answers, the first time not."""

    collects, got, refuse = True, [], 1

    def do_GET(self):
        if self.path != "/collect" or not self.collects:
            return super().do_GET()
        self.reply(200, b'{"sheet": 3}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.collects or self.refuse > 0:
            type(self).refuse -= 1
            return self.reply(503 if self.collects else 405, b"{}")
        self.got.append(json.loads(body))
        self.reply(201, b"{}")

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def visit(make, bundle, collects, pictures):
    """Consent, then straight to the end."""
    handler = type("Handler", (Collector,), dict(collects=collects, got=[], refuse=1))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(bundle)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    with tempfile.TemporaryDirectory() as profile:
        browser = make(profile)
        participant = Participant(browser.open())
        page = participant.page
        page.goto(home)
        participant.agree()
        sheet = page.evaluate("adm.store.state.sheet")
        assert sheet == 3 if collects else 0 <= sheet < 6
        page.evaluate("() => { Object.assign(adm.store.state, { page: adm.manifest.pages.length - 1, position: 0 }); adm.app.show(); }")
        participant.until("a failure is said", "document.querySelector('.sending').innerText.includes(adm.say('not_sent'))")
        pictures.take(page, "not-sent")
        if collects:
            participant.tab_to(page.evaluate("adm.say('retry')"))
            participant.press("Enter")
            participant.until("received", "document.querySelector('.sending').innerText === adm.say('sent')")
            pictures.take(page, "sent")
            page.reload()
            participant.until("and not sent twice", "document.querySelector('.sending')?.innerText === adm.say('sent')")
            assert len(handler.got) == 1 and handler.got[0]["checksum"] == checks.checksum(handler.got[0])
            assert handler.got[0]["bundle"] == fixture.read(bundle)[1]
        participant.tab_to(page.evaluate("adm.say('forget')"))
        participant.press("Enter", "Enter")
        participant.until("forgotten", "localStorage.length === 0 && adm.app.at === null")
        strangers = [url for url in browser.strangers if not url.startswith(home)]
        browser.strangers, browser.faults = strangers, [fault for fault in browser.faults if "Failed to load resource" not in fault]
        browser.close()
    server.shutdown()


def all_of_it(make, bundle, pictures):
    visit(make, bundle, True, pictures)
    print("ok: a server's sheet, a refused and a taken submission, nothing sent twice", flush=True)
    visit(make, bundle, False, pictures)
    print("ok: a host that only has files", flush=True)
