"""What the page's own player gives, rendered offline, against what it should give, reckoned here from the files."""

import base64
import io
import re
import wave

import numpy

RATE = 44_100
FADE = 221 / RATE  # 5 ms in whole frames
BRINK = 0.1  # seconds before the end where a seek to the end goes
# Gains and products are float32 in browsers: an ulp at 1 is 1.2e-7, and a ramp of 221 frames gathers a few of them.
TOLERANCE = 1e-6

# Runs actions `[name, ...arguments, frame]` on a Player over an offline context; returns its samples, channels one after the other.
RENDER = """async ([names, looped, actions, frames]) => {
  const buffers = await Promise.all(names.map(name => adm.sounds.load(name)));
  const rate = buffers[0].sampleRate, context = new OfflineAudioContext(2, frames, rate);
  const heard = [], player = new adm.Player(context, buffers, { looped, fade: 0.005, heard: (...what) => heard.push(what) });
  for (const [name, ...rest] of actions) player[name](...rest.slice(0, -1), rest.at(-1) / rate);
  player.advance(frames / rate);
  const out = await context.startRendering();
  const bytes = new Uint8Array(Float32Array.from([...out.getChannelData(0), ...out.getChannelData(1)]).buffer);
  let text = '';
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return { text: btoa(text), heard };
}"""

SECOND = RATE
CASES = {
    "switches": [["play", 100], ["choose", 1, 5000], ["choose", 2, 20_000], ["choose", 0, 40_001]],
    "a switch amid a fade": [["play", 0], ["choose", 1, 10_000], ["choose", 2, 10_070], ["choose", 0, 10_113], ["choose", 1, 10_333]],
    "a switch in the frame of another": [["play", 0], ["choose", 1, 9000], ["choose", 2, 9000], ["choose", 1, 9001]],
    "a switch at a fade's end": [["play", 0], ["choose", 1, 8820], ["choose", 2, 8820 + 441], ["choose", 0, 8820 + 882]],
    "a switch at the seam": [["play", 0], ["choose", 1, 2 * SECOND - 60], ["choose", 2, 2 * SECOND + 80]],
    "pause, play on": [["play", 0], ["choose", 1, 9000], ["pause", 20_000], ["play", 30_000], ["choose", 0, 30_050], ["pause", 50_000]],
    "pause amid a fade-in": [["play", 4410], ["pause", 4500], ["play", 4700]],
    "seek": [["play", 0], ["seek", 1.5, 22_050], ["choose", 1, 22_100], ["seek", 0.25, 22_150]],
    "seeks to the end and beyond": [["play", 0], ["seek", 2.0, 22_050], ["seek", 7.0, 44_100]],
    "seeks outside a loop": [["play", 0], ["loop", [0.4, 1.0], 8820], ["seek", 1.7, 30_000], ["seek", 0.1, 60_000]],
    "a loop": [["play", 0], ["loop", [0.4, 1.0], 8820], ["choose", 1, 60_000]],
    "switches across a loop's seam": [["play", 0], ["loop", [0.4, 1.0], 4410], ["choose", 1, 44_060], ["choose", 2, 44_150], ["choose", 0, 70_500]],
    "a loop from the start, moved, taken away": [["play", 0], ["loop", [0.0, 0.7], 8820], ["loop", [0.5, 1.3], 50_000], ["choose", 2, 60_000], ["loop", None, 90_000]],
    "too short a loop is made longer": [["play", 0], ["loop", [1.9, 2.0], 8820]],
}


def samples(folder, name):
    """A stimulus, decoded without the page: `[frame, channel]`."""
    data = base64.b64decode(re.search(r',\s*"([^"]*)"\)', (folder / "audio" / f"{name}.js").read_text()).group(1))
    with wave.open(io.BytesIO(data)) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels()) / 32768


class Model:
    """The slow, obvious player: one gain a frame and track, one position a frame."""

    def __init__(self, tracks, looped, frames):
        self.tracks, self.looped, self.frames = tracks, looped, frames
        self.time = numpy.arange(frames) / RATE
        self.gains = [numpy.full(frames, 1.0 if k == 0 else 0.0) for k in range(len(tracks))]
        self.length, self.region, self.rest, self.deck = len(tracks[0]), None, 0, None
        self.out = numpy.zeros((frames, 2))
        self.decks = []

    def ramp(self, gain, value, frame, fade=FADE):
        """From `frame` on, straight to `value`."""
        begin = gain[frame]
        gain[frame:] = begin + (value - begin) * numpy.clip((self.time[frame:] - frame / RATE) / fade, 0, 1)

    def choose(self, index, frame):
        for k, gain in enumerate(self.gains):
            self.ramp(gain, 1.0 if k == index else 0.0, frame)

    def play(self, frame):
        self.begin(frame, self.rest)

    def pause(self, frame):
        self.rest = self.position(frame)
        self.end(frame)

    def seek(self, seconds, frame):
        low, high = self.bounds()
        self.move(frame, max(low, min(round(seconds * RATE), high - round(BRINK * RATE))))

    def loop(self, range_, frame):
        here = self.position(frame)
        self.region = None
        if range_:
            low = min(round(range_[0] * RATE), self.length - RATE // 2)
            self.region = (low, max(low + RATE // 2, round(range_[1] * RATE)))
        self.move(frame, here)

    def bounds(self):
        return self.region or (0, self.length)

    def move(self, frame, target):
        low, high = self.bounds()
        self.end(frame)
        self.begin(frame, target if low <= target < high else low)

    def position(self, frame):
        return self.positions(self.deck)[frame]

    def positions(self, deck):
        passed = numpy.arange(self.frames) - deck["begun"] + deck["offset"]
        low, high = deck["bounds"]
        return low + (passed - low) % (high - low)

    def begin(self, frame, offset):
        envelope = numpy.zeros(self.frames)
        self.ramp(envelope, 1.0, frame)
        self.deck = dict(begun=frame, offset=offset, bounds=self.bounds(), envelope=envelope, region=self.region)
        self.decks.append(self.deck)

    def end(self, frame):
        self.ramp(self.deck["envelope"], 0.0, frame)

    def seam(self, track, deck):
        """The track with the end of a loop faded into what comes before its start."""
        if not deck["region"]:
            return track
        low, high = deck["region"]
        fade, track = round(FADE * RATE), track.copy()
        for k in range(fade):
            weight = (k + 1) / (fade + 1)
            track[high - fade + k] = (1 - weight) * track[high - fade + k] + weight * track[(low - fade + k) % self.length]
        return track

    def render(self):
        for deck in self.decks:
            positions = self.positions(deck)
            for gain, track in zip(self.gains, self.tracks):
                self.out += (gain * deck["envelope"])[:, None] * self.seam(track, deck)[positions]
        return self.out


def switching(page, folder, names):
    """Every case; prints the largest error of each."""
    tracks = [samples(folder, name) for name in names]
    frames = 3 * SECOND
    for case, actions in CASES.items():
        model = Model(tracks, True, frames)
        for action, *rest in actions:
            getattr(model, action)(*rest)
        wanted = model.render()
        given = page.evaluate(RENDER, [names, True, actions, frames])
        got = numpy.frombuffer(base64.b64decode(given["text"]), "<f4").reshape(2, -1).T
        error = numpy.abs(got - wanted)
        worst = int(error.max(axis=1).argmax())
        assert error.max() <= TOLERANCE, f"{case}: {error.max():.2g} at frame {worst}: {got[worst]} for {wanted[worst]}"
        print(f"ok: {case}: largest error {error.max():.2g}", flush=True)


def ends(page, names):
    """Without looping, a sample ends, and what was heard adds up."""
    given = page.evaluate(RENDER, [names, False, [["play", 0], ["choose", 1, SECOND]], 3 * SECOND])
    got = numpy.frombuffer(base64.b64decode(given["text"]), "<f4").reshape(2, -1).T
    assert numpy.abs(got[2 * SECOND:]).max() == 0 and numpy.abs(got[SECOND:2 * SECOND]).max() > 0.01
    assert numpy.allclose(given["heard"], [[0, 0, 1], [1, 1, 2]]), given["heard"]
    given = page.evaluate(RENDER, [names, True, [["play", 0], ["choose", 1, SECOND]], 3 * SECOND])
    assert numpy.allclose(given["heard"], [[0, 0, 1], [1, 1, 2], [1, 0, 1]]), given["heard"]
    print("ok: what is heard adds up, looped and not", flush=True)
