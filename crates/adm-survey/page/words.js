'use strict';
// All words are the study's, in its language; this page has none.

/** The words for `key`, with `{name}` replaced by the value of that name. */
adm.say = (key, values = {}) => {
  const texts = adm.manifest?.texts ?? {};
  const text = Object.hasOwn(texts, key) ? texts[key] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
};

/** A number to a tenth, with a point or a comma as the language has it; English's for a language that the browser does not know. */
adm.tenths = value => {
  const parts = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  try {
    return value.toLocaleString(adm.manifest.language, parts);
  } catch {
    return value.toLocaleString('en', parts);
  }
};

/** A number of seconds, to a tenth. */
adm.seconds = value => adm.say('seconds', { n: adm.tenths(value) });

/** The first few of `parts` in one line, and how many more there are. */
adm.few = (parts, most = 3) => {
  const shown = parts.slice(0, most).join(' · ');
  return parts.length > most ? `${shown} · ${adm.say('more', { n: parts.length - most })}` : shown;
};
