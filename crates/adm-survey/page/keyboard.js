'use strict';
// Keys, and the panel that says which there are.
{
  const HELP = ['play', 'choose', 'abx', 'reference', 'option', 'answer', 'grade', 'seek', 'loop', 'next', 'previous', 'help'];
  const KEYS = {
    play: ['keys_space', 'P'], choose: ['1 … 9'], abx: ['A', 'B', 'X'], reference: ['R'], option: ['keys_space', 'keys_enter'], answer: ['keys_arrows'], grade: ['keys_arrows', 'keys_paging', 'keys_ends'],
    seek: [',', '.'], loop: ['[ I', '] O', '\\ U'], next: ['keys_enter'], previous: ['keys_back'], help: ['?', 'H'],
  };
  const press = key => adm.el('kbd', {}, key.startsWith('keys_') ? adm.say(key) : key);
  let dialog = null;

  const panel = () => {
    const single = adm.el('input', { type: 'checkbox', checked: adm.store.keys, change: () => { adm.store.single(single.checked); adm.shownKeys(); } });
    const title = adm.id(), rows = HELP.map(key => [adm.el('dt', {}, KEYS[key].map(press)), adm.el('dd', {}, adm.say(`help_${key}`))]);
    return adm.el('dialog', { 'aria-labelledby': title, close: event => event.target.remove() }, adm.el('h2', { id: title, tabindex: '-1' }, adm.say('help_title')),
      adm.el('label', { class: 'option' }, single, adm.el('span', {}, adm.say('single_keys'))),
      adm.el('p', { class: 'soft' }, adm.say('single_keys_note')),
      adm.el('dl', { class: 'keys' }, rows), adm.el('p', { class: 'soft' }, adm.say('help_typing')),
      adm.button(adm.say('close'), () => dialog.close(), { class: 'main' }));
  };

  /** Shows on buttons which single keys press them, or not where these are turned off: who speaks to a computer, or has little control over hands, presses them by accident (WCAG 2.2, 2.1.4). */
  adm.shownKeys = () => {
    document.body.classList.toggle('few-keys', !adm.store.keys);
    for (const button of document.querySelectorAll('[data-key]')) {
      if (adm.store.keys) button.setAttribute('aria-keyshortcuts', button.dataset.key);
      else button.removeAttribute('aria-keyshortcuts');
    }
  };

  adm.help = () => {
    dialog = panel();
    document.body.append(dialog);
    dialog.showModal();
    // Browsers would focus the first button, and scroll to it, which is at the end.
    dialog.querySelector('h2').focus();
  };

  /** Keys that a listening panel takes, by what they do. */
  const listened = (key, listening) => {
    const at = listening.keys.indexOf(key.toLowerCase());
    if (/^[1-9]$/.test(key) && Number(key) <= listening.names.length) return () => listening.choose(Number(key) - 1);
    if (at >= 0 && key !== '') return () => listening.choose(at);
    return {
      ' ': () => listening.toggle(), p: () => listening.toggle(), ',': () => listening.skip(-1), '.': () => listening.skip(1),
      '[': () => listening.mark(0), i: () => listening.mark(0), ']': () => listening.mark(1), o: () => listening.mark(1),
      '\\': () => listening.mark(2), u: () => listening.mark(2),
    }[key.toLowerCase()];
  };

  const typing = element => element.matches('textarea, select, [contenteditable]') || (element.tagName === 'INPUT' && !/^(radio|checkbox|range)$/.test(element.type));
  const unticked = element => element.matches('input:is([type=radio], [type=checkbox]):not(:checked)') && !element.closest('.decline');
  const presses = element => element.matches('button, a, summary');

  /** Whether the browser does something of its own with this key here. */
  const browsers = (key, element) => {
    if (key === ' ') return presses(element) || element.type === 'checkbox' || (element.type === 'radio' && !element.checked);
    return key === 'Enter' && presses(element);
  };

  document.addEventListener('keydown', event => {
    const { key, target } = event, shifted = event.getModifierState('AltGraph');
    if (event.defaultPrevented || event.isComposing || dialog?.open || !adm.app.at) return;
    if (key === 'Enter' && event.ctrlKey && typing(target)) return adm.app.next();
    if (((event.ctrlKey || event.altKey) && !shifted) || event.metaKey || typing(target) || browsers(key, target)) return;
    if (key.length === 1 && key !== ' ' && !adm.store.keys) return;
    const { listening, own } = adm.app.at;
    // Who presses Enter twice was led here by the first, and did not choose this option.
    const led = adm.app.led === target;
    if (key !== 'Enter') adm.app.led = null;
    const enter = unticked(target) && !led ? () => target.click() : !own && (() => adm.app.next());
    const act = { '?': adm.help, h: adm.help, enter, backspace: adm.app.before() && (() => adm.app.previous()) }[key.toLowerCase()]
      ?? (listening && listened(key, listening));
    if (!act) return;
    event.preventDefault();
    if (!event.repeat || key === ',' || key === '.') act();
  });
}
