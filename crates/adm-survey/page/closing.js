'use strict';
// The last page: thanks, and how answers are handed over.
{
  const KINDS = [['json', 'application/json'], ['csv', 'text/csv']];

  /** Sends to the server that the page came from, and says what became of it; answers stay here whatever happens. */
  const sending = answers => {
    const root = adm.el('div', { class: 'panel sending', role: 'status' });
    const done = () => root.replaceChildren(adm.el('p', { class: 'good' }, adm.say('sent')));
    const send = async () => {
      root.replaceChildren(adm.el('p', {}, adm.say('sending')));
      if (await adm.server.send(answers)) {
        adm.store.state.sent = answers.checksum;
        adm.store.save();
        done();
      } else {
        root.replaceChildren(adm.el('p', { class: 'bad' }, adm.say('not_sent')), adm.button(adm.say('retry'), send));
      }
    };
    if (adm.store.state.sent === answers.checksum) done();
    else send();
    return root;
  };

  /** A button that says `words`, and does it when it is pressed once more, saying `sure` in between; at once where `safe()`. */
  const twice = (words, sure, act, safe = () => false) => {
    const button = adm.button(adm.say(words), () => {
      if (button.dataset.sure || safe()) return act();
      button.dataset.sure = 'yes';
      button.textContent = adm.say(sure);
    }, { class: 'small' });
    return button;
  };

  const panel = (note, button) => adm.el('div', { class: 'panel' }, adm.el('p', { class: 'soft' }, adm.say(note)), adm.el('p', {}, button));

  /** Takes the answers out of this browser. */
  const forgetting = () => panel('forget_note', twice('forget', 'forget_sure', () => {
    adm.store.forget();
    adm.app.end('forgotten', 'forgotten_text');
  }));

  /** From consent on for somebody else, with a number and a sheet of their own; not where the address names the sheet, which is one participant's. */
  const another = () => adm.store.asked() === null && panel('another_note', twice('another', 'another_sure', () => adm.app.anew(),
    () => adm.store.state.sent || adm.store.state.downloaded));

  adm.pages.closing = ({ page }) => {
    const { state } = adm.store;
    if (!state.finished) {
      state.finished = adm.time.now();
      adm.store.save();
    }
    const answers = adm.answers.collect(), server = adm.server.possible();
    const downloads = KINDS.map(([end, kind]) => adm.button(adm.say(`download_${end}`), () => {
      adm.answers.download(adm.answers[end](answers), kind, end);
      adm.store.state.downloaded = true;
      adm.store.save();
    }, { class: server || end !== 'json' ? '' : 'main' }));
    return {
      own: true, missing: () => [],
      elements: [
        ...adm.prose(page.text ?? adm.say('closing_text')), server ? sending(answers) : null,
        adm.el('p', {}, adm.say(server ? 'download_also' : 'download_only')), adm.el('div', { class: 'choice' }, downloads),
        adm.el('div', { class: 'panel' }, adm.el('p', {}, adm.say('participant')),
          adm.el('p', {}, adm.el('code', {}, state.participant)), adm.el('p', { class: 'soft' }, adm.say('participant_note'))),
        another() || null, forgetting(),
      ],
    };
  };
}
