'use strict';
// Begins when everything is there.
{
  const { app, store } = adm;

  const notice = () => {
    app.notice.replaceChildren(...(store.trouble ? [adm.el('p', { class: 'warn' }, adm.say(store.trouble))] : app.said ? [adm.el('p', {}, adm.say(app.said))] : []));
  };

  /** A newer tab has taken over. */
  const superseded = () => {
    if (app.left) return;
    app.left = true;
    app.end('superseded', 'superseded_text', adm.button(adm.say('superseded_here'), () => location.reload(), { class: 'main' }));
  };

  const begin = () => {
    const refused = adm.openStudy();
    if (!adm.manifest) return;              // what the page says by itself stays
    app.frame();
    if (refused) return app.end('failed', refused);
    if (Number.isNaN(store.asked())) return app.end('failed', 'no_such_sheet');
    Object.assign(store, { superseded, changed: notice });
    const found = store.resume();
    app.said = found === 'none' ? null : found;
    adm.shownKeys();
    notice();
    app.show();
  };

  addEventListener('popstate', event => { if (event.state?.adm === 'behind') app.back(); });
  addEventListener('hashchange', () => location.reload());
  addEventListener('beforeunload', event => {
    if (store.state && store.trouble && !store.state.downloaded && !store.state.sent && !app.left) event.preventDefault();
  });
  begin();
}
