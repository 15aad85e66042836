'use strict';
// WAV files of 16 bits, decoded here: what browsers decode, and how exactly, differs.

/** An error whose words are `key`'s, said of the sound `name`. */
adm.Unheard = class extends Error {
  constructor(key, name) { super(`${key}: ${name}`); Object.assign(this, { key, name }); }
};

/** Base64 as bytes. */
adm.bytes = text => {
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
};

/** A WAV file's samples, [-1, 1), as an AudioBuffer at the file's own rate. Throws where it is none of 16-bit PCM. */
adm.wav = bytes => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = at => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let format = null, data = null;
  for (let at = 12; at + 8 <= bytes.length && !data;) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > bytes.length) throw new Error('truncated');
    if (tag(at) === 'fmt ') {
      const [code, channels, bits] = [8, 10, 22].map(field => view.getUint16(at + field, true));
      format = { code, channels, bits, rate: view.getUint32(at + 12, true) };
    }
    if (tag(at) === 'data') data = { at: at + 8, size };
    at += 8 + size + (size & 1);
  }
  if (!data || format?.code !== 1 || format.bits !== 16) throw new Error('not 16-bit PCM');
  const { channels, rate } = format, length = data.size / 2 / channels;
  const buffer = new AudioBuffer({ length, numberOfChannels: channels, sampleRate: rate });
  for (let side = 0; side < channels; side++) {
    const samples = buffer.getChannelData(side);
    for (let i = 0, at = data.at + 2 * side; i < length; i++, at += 2 * channels) samples[i] = view.getInt16(at, true) / 32768;
  }
  return buffer;
};
