'use strict';
// The page's one global, and how its elements are made. Words come in as text, never as HTML: a study cannot bring scripts.
window.adm = {};

/** An element. Functions among the attributes are listeners, `true` stands for an empty attribute, `false` and null for none. */
adm.el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child != null && child !== ''));
  return element;
};

/** Prose: blank lines separate paragraphs. */
adm.prose = text => (text || '').split(/\n\s*\n/).map(part => part.trim()).filter(Boolean).map(part => adm.el('p', {}, part));

/** An id that no other element has, for labels and descriptions. */
adm.id = (count => () => `e${++count}`)(0);

/** Has `element` say `text`; untouched where it does already, for what is told ten times a second. */
adm.tell = (element, text) => { if (element.textContent !== text) element.textContent = text; };

/** Shows on `button` that the single key `key` presses it, `sign` where that is not how it is written; a participant may have turned such keys off. */
adm.keyed = (button, key, sign = key.toUpperCase()) => {
  button.dataset.key = key;
  button.append(adm.el('kbd', { class: 'single', 'aria-hidden': 'true' }, sign));
  if (adm.store.keys) button.setAttribute('aria-keyshortcuts', key);
  return button;
};

/** A button that says `words`. */
adm.button = (words, click, attributes = {}) => adm.el('button', { type: 'button', click, ...attributes }, words);
