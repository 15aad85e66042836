'use strict';
// Sounds come as scripts, audio/NAME.js, because a page from disk may load nothing else. They are loaded when they are near, and
// dropped when they are past, so that memory does not grow with the study.
{
  const arrived = new Map();                // base64 between a script's run and its load event
  const held = new Map();                   // promises of AudioBuffers, by name

  adm.sound = (name, text) => { arrived.set(name, text); };

  const script = name => new Promise((resolve, reject) => {
    if (!/^[\w-]+$/.test(name)) return reject(new adm.Unheard('sound_damaged', name));
    const element = adm.el('script', { src: `audio/${name}.js` });
    element.onload = () => { element.remove(); resolve(); };
    element.onerror = () => { element.remove(); reject(new adm.Unheard('sound_missing', name)); };
    document.head.append(element);
  });

  const fetched = async name => {
    await script(name);
    const text = arrived.get(name);
    arrived.delete(name);
    try {
      const buffer = adm.wav(adm.bytes(text)), { rate, channels } = adm.manifest.sound;
      if (buffer.sampleRate === rate && buffer.numberOfChannels === channels) return buffer;
    } catch { /* said below */ }
    throw new adm.Unheard('sound_damaged', name);
  };

  adm.sounds = {
    /** The sound `name`; rejects with [adm.Unheard]. A failure is not kept, so that one can try again. */
    load(name) {
      if (!held.has(name)) {
        const promise = fetched(name);
        held.set(name, promise);
        promise.catch(() => { if (held.get(name) === promise) held.delete(name); });
      }
      return held.get(name);
    },
    /** Drops all but `names`. */
    keep(names) {
      for (const name of [...held.keys()]) if (!names.includes(name)) held.delete(name);
    },
    /** How many are held. */
    count: () => held.size,
  };
}
