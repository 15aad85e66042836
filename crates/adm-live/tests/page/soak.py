#!/usr/bin/env python3
"""Changes the controls of a live stream at random for some time, and counts late bars.

    adm live --run GAN --run SEQUENCER --serve
    python3 crates/adm-live/tests/page/soak.py URL [SECONDS]

Standard library alone. Prints one line of JSON, and fails where a bar was late or the stream stood still.
"""

import json
import random
import sys
import threading
import time
import urllib.parse
import urllib.request



def address(url, path):
    """The same address and token with another path."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def change(ranges, draw):
    """One control, anywhere in its range."""
    name = draw.choice([*ranges, "seed", "hold", "playing", "next_section"])
    if name in ranges:
        return {name: draw.uniform(*ranges[name])}
    if name == "seed":
        return {"seed": draw.randrange(1000)}
    if name == "next_section":
        return {"next_section": True}
    # Mostly off: what is tested is music.
    return {name: draw.random() < (0.2 if name == "hold" else 0.9)}


def listen(url, until, heard):
    """Reads the stream as a listener does, and notes how long it ever waited."""
    with urllib.request.urlopen(address(url, "/stream.wav"), timeout=20) as stream:
        last = time.monotonic()
        while time.monotonic() < until:
            heard["bytes"] += len(stream.read(8192))
            now = time.monotonic()
            heard["longest_wait"] = max(heard["longest_wait"], now - last)
            last = now


def watch(url, until, seen):
    """Counts what the server tells of bars."""
    with urllib.request.urlopen(address(url, "/events"), timeout=20) as events:
        for line in events:
            if line.startswith(b"data:"):
                kind = json.loads(line[5:])["type"]
                seen[kind] = seen.get(kind, 0) + 1
            if time.monotonic() > until:
                return


def main():
    url = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 300.0
    until, draw = time.monotonic() + seconds, random.Random(0)
    heard, seen, changes = {"bytes": 0, "longest_wait": 0.0}, {}, 0
    for work in (lambda: listen(url, until, heard), lambda: watch(url, until, seen)):
        threading.Thread(target=work, daemon=True).start()
    controls = json.load(urllib.request.urlopen(address(url, "/controls")))
    ranges = {name: bounds for name, bounds in controls["ranges"].items() if name != "seed" and bounds[0] < bounds[1]}
    while time.monotonic() < until:
        body = json.dumps(change(ranges, draw)).encode()
        request = urllib.request.Request(address(url, "/controls"), body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()
        changes += 1
        time.sleep(draw.uniform(0.05, 1.0))
    late = seen.get("late", 0)
    print(json.dumps({"seconds": seconds, "changes": changes, "late": late, **seen, **heard}))
    sys.exit(1 if late or heard["bytes"] < seconds * 40_000 * 4 * 0.9 else 0)


if __name__ == "__main__":
    main()
