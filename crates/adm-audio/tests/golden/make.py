#!/usr/bin/env python3
"""Makes the golden files of this folder: one second of a stereo chirp, through real encoders.

The tests synthesise the same chirp and compare. Run it in this folder; it needs ffmpeg, lame, oggenc and flac on the
path and writes the versions it used to VERSIONS.
"""

import math
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

RATE = 44100
# Start and end of the sweeps in Hz, left and right. They start at full amplitude, so that a shift by one sample shows.
SWEEPS = ((200.0, 4000.0), (300.0, 6000.0))
AMPLITUDE = 0.5


def sample(sweep, n):
    low, high = sweep
    t = n / RATE
    return AMPLITUDE * math.cos(2.0 * math.pi * (low * t + (high - low) * t * t / 2.0))


def write_wav(path):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for n in range(RATE):
            file.writeframes(struct.pack("<2h", *(round(32768 * sample(sweep, n)) for sweep in SWEEPS)))


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def version(*command):
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    return (shown.stdout or shown.stderr).splitlines()[0]


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chirp.wav"
        write_wav(source)
        ffmpeg = ("ffmpeg", "-y", "-v", "error", "-i", source, "-bitexact", "-map_metadata", "-1")
        run("flac", "-f", "-s", "-8", "--until=22050", "-o", "chirp.flac", source)
        run("lame", "--silent", "-b", "128", source, "lame.mp3")
        run(*ffmpeg, "-c:a", "libmp3lame", "-b:a", "128k", "-id3v2_version", "3", "ffmpeg.mp3")
        run("oggenc", "-Q", "-q", "5", "--serial", "1", "-o", "chirp.ogg", source)
        run(*ffmpeg, "-c:a", "libvorbis", "-q:a", "5", "-page_duration", "100000", "paged.ogg")
        run(*ffmpeg, "-c:a", "aac", "-b:a", "160k", "chirp.m4a")
        run(*ffmpeg, "-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", "faststart.m4a")
        run(*ffmpeg, "-c:a", "aac", "-b:a", "160k", "-movflags", "+frag_keyframe+delay_moov", "fragmented.m4a")
    versions = [version("ffmpeg", "-version"), version("lame", "--version"), version("oggenc", "--version")]
    Path("VERSIONS").write_text("\n".join([*versions, version("flac", "--version")]) + "\n")


if __name__ == "__main__":
    main()
