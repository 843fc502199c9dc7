// Keys, row height, ready phrases, more lines, polling manners. Everything here is a convenience: each page works without it.
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const typing = (e) => e.isComposing || e.target.matches('input,textarea,select,[contenteditable]');

// Keys: / search, g then d a r, j k rows, n new, ? the list.
let prefix = '';
const press = {
  '/': () => document.querySelector('[data-mf-search]')?.focus(),
  '?': () => document.getElementById('mf-keys')?.showModal(),
  n: () => document.querySelector('[data-mf-new]')?.click(),
  j: () => step(1),
  k: () => step(-1),
};
const places = { gd: '/', ga: '/approvals/', gr: '/documents/' };
function step(by) {
  const rows = $$('.mf-ledger tbody tr').map((row) => row.querySelector('a')).filter(Boolean).concat($$('.mf-items .tt > a'));
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}
document.addEventListener('keydown', (e) => {
  if (typing(e) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
  const place = places[prefix + e.key];
  prefix = e.key === 'g' ? 'g' : '';
  if (place) { location.assign(place); return; }
  if (press[e.key]) { e.preventDefault(); press[e.key](); }
});

// Row height: at once here, kept by the same post that works without script.
document.addEventListener('submit', (e) => {
  if (!e.target.matches('[data-mf-settings]') || !e.submitter || e.submitter.name !== 'density') return;
  e.preventDefault();
  document.documentElement.dataset.mfDensity = e.submitter.value;
  for (const button of $$('button[name=density]')) button.setAttribute('aria-pressed', String(button.value === e.submitter.value));
  fetch(e.target.action, { method: 'POST', body: new FormData(e.target, e.submitter), redirect: 'manual' });
});

document.addEventListener('click', (e) => {
  const fill = e.target.closest('[data-mf-fill]');
  if (fill) { const field = document.getElementById(fill.dataset.mfFill); field.value = fill.dataset.mfPhrase; field.focus(); }
  const more = e.target.closest('[data-mf-more]');
  if (more) { e.preventDefault(); addLine(more.closest('form').querySelector('[data-mf-lines]')); }
});

// One more empty line: a copy of the last with its number raised.
function addLine(lines) {
  const line = lines.lastElementChild.cloneNode(true);
  for (const input of $$('input', line)) {
    input.value = '';
    input.name = input.name.replace(/-(\d+)-/, (_, n) => `-${+n + 1}-`);
  }
  lines.append(line);
  line.querySelector('input').focus();
}

// A second click on a button does nothing while the first is under way.
document.addEventListener('submit', (e) => {
  // Not its property: a form with a field of that name has the field there.
  if (e.defaultPrevented || e.target.getAttribute('method') !== 'post') return;
  if (e.target.dataset.mfSent) { e.preventDefault(); return; }
  e.target.dataset.mfSent = '1';
});
addEventListener('pageshow', () => { for (const form of $$('form[data-mf-sent]')) delete form.dataset.mfSent; });

// Polling stops in a hidden tab and is no sign of activity (the header says so); swapped parts get the focus they ask for.
document.addEventListener('htmx:beforeRequest', (e) => { if (document.hidden && e.detail.elt.hasAttribute('data-mf-poll')) e.preventDefault(); });
document.addEventListener('htmx:afterSwap', (e) => e.detail.target.querySelector?.('[data-mf-focus]')?.focus());
document.querySelector('[data-mf-focus]')?.focus();
// 跳到正文 leaves no mark in the address: a form would carry it to the next page, which then takes the focus from its field.
document.querySelector('.mf-skip')?.addEventListener('click', (e) => { e.preventDefault(); document.getElementById('main').focus(); });
