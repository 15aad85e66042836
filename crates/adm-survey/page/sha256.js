'use strict';
// SHA-256 (FIPS 180-4). The browser's own is only there on https; this page also opens from disk.
{
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every(p => n % p)) primes.push(n);
  const fraction = value => Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;
  const START = primes.slice(0, 8).map(p => fraction(Math.sqrt(p)));
  const ROUNDS = Int32Array.from(primes, p => fraction(Math.cbrt(p)));
  const words = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  const fill = (view, at) => {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15], b = words[i - 2];
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3), s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
  };

  const round = state => {
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25), choice = (e & f) ^ (~e & g);
      const first = (h + s1 + choice + ROUNDS[i] + words[i]) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22), majority = (a & b) ^ (a & c) ^ (b & c);
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + s0 + majority) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
  };

  /** The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
  adm.sha256 = text => {
    const bytes = new TextEncoder().encode(text);
    const padded = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer), state = [...START];
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
    for (let at = 0; at < padded.length; at += 64) {
      fill(view, at);
      round(state);
    }
    return state.map(value => (value >>> 0).toString(16).padStart(8, '0')).join('');
  };
}
