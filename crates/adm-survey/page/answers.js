'use strict';
// Answers as files have them; crates/adm-survey/src/answers/record.rs says what every field means, and must agree with this.
{
  const HEAD = ['format', 'version', 'bundle', 'participant', 'sheet', 'started', 'finished', 'device_rate'];
  const ROW = ['page', 'block', 'position', 'trial', 'question', 'slot', 'stimulus', 'response', 'declined', 'ms', 'plays', 'heard'];
  const sum = numbers => numbers.reduce((all, one) => all + one, 0);

  /** One row; `heard` are indices into the record's plays and heard that it is about. */
  const row = (where, record, { id, slot, stimulus = '', about = [] }) => {
    const { response, declined, asked, changed } = record.answers[adm.slotKey(id, slot)]
      ?? { response: '', declined: false, asked: 0, changed: 0 };
    return {
      ...where, question: id, slot: slot ? String(slot) : '', stimulus, response, declined,
      ms: Math.max(0, Math.round(changed - asked)),
      plays: sum(about.map(k => record.plays[k] ?? 0)),
      heard: about.length ? Math.min(...about.map(k => adm.percent(record.heard[k]))) : 0,
    };
  };

  const pageRows = (page, index) => {
    const record = adm.store.record(index, 0), where = { page: index, block: '', position: '', trial: '' };
    return adm.asked(page.questions, 0, record.answers).map(one => row(where, record, one));
  };

  const trialRows = (page, index, shown, position) => {
    const record = adm.store.record(index, position), { kind, questions } = adm.manifest.blocks[page.block];
    const where = { page: index, block: page.block, position: String(position), trial: shown.trial };
    const names = adm.heardIn(shown), slots = shown.slots.length;
    const all = Array.from({ length: kind === 'abx' ? names.length : slots }, (_, k) => k);
    const own = kind === 'abx' ? [{ id: 'abx', slot: 0, stimulus: names.at(-1), about: all }]
      : kind === 'mushra' ? shown.slots.map((_, k) => ({ id: 'mushra', slot: k + 1 })) : [];
    return [...own, ...adm.asked(questions, slots, record.answers)].map(one => row(where, record, {
      stimulus: one.slot ? names[one.slot - 1] : '', about: one.slot ? [one.slot - 1] : all, ...one,
    }));
  };

  /** Whether one has gone on from there. */
  const passed = (page, position) => {
    const { state } = adm.store;
    return state.finished || page < state.page || (page === state.page && position < state.position);
  };

  const rows = () => adm.manifest.pages.flatMap((page, index) => {
    if (page.kind === 'questions') return passed(index, 0) ? pageRows(page, index) : [];
    return adm.trialsOf(page, adm.store.state.sheet)
      .flatMap((shown, position) => (passed(index, position) ? trialRows(page, index, shown, position) : []));
  });

  const checksum = answers => {
    const lines = [HEAD.map(name => answers[name]), ...answers.rows.map(row => ROW.map(name => row[name]))];
    return adm.sha256(lines.map(line => `${line.join('\u001f')}\u001e`).join(''));
  };

  /** RFC 4180: quoted where it must be. */
  const cell = value => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

  adm.answers = {
    /** All answers of places that one has gone on from. */
    collect() {
      const { participant, sheet, started, finished, rate } = adm.store.state;
      const answers = { format: 'adm-answers', version: 1, bundle: adm.bundle, participant, sheet, started, finished, device_rate: rate, rows: rows() };
      return { ...answers, checksum: checksum(answers) };
    },
    checksum,
    json: answers => `${JSON.stringify(answers, null, 1)}\n`,
    csv(answers) {
      const lines = answers.rows.map(row => [...HEAD.map(name => answers[name]), ...ROW.map(name => row[name]), answers.checksum]);
      return [[...HEAD, ...ROW, 'checksum'], ...lines].map(line => `${line.map(cell).join(',')}\r\n`).join('');
    },
    /** Hands a text to the browser as a file to keep. */
    download(text, kind, end) {
      const url = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
      const link = adm.el('a', { href: url, download: `answers-${adm.store.state.participant.slice(0, 8)}.${end}`, hidden: true });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    /** Text as every reader of answers takes it: whole characters, and no control characters but line ends and tabs. */
    clean: text => new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))
      .replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ''),
  };

  const patient = (path, milliseconds, options = {}) => fetch(path, { ...options, cache: 'no-store', signal: AbortSignal.timeout?.(milliseconds) });

  /** The server that may stand behind the page; none does where it was opened from disk. */
  adm.server = {
    possible: () => /^https?:$/.test(location.protocol),
    async sheet() {
      if (!this.possible()) return null;
      try {
        const { sheet } = await (await patient('collect', 4_000)).json();
        return Number.isInteger(sheet) && sheet >= 0 && sheet < adm.manifest.sheets.length ? sheet : null;
      } catch { return null; }
    },
    /** Whether the server has taken the answers. */
    async send(answers) {
      try {
        const reply = await patient('collect', 30_000, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answers) });
        return reply.status === 200 || reply.status === 201;
      } catch { return false; }
    },
  };
}
