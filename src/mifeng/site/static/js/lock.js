// Idle lock (I7.2): one timer for all tabs. When it runs out, every tab empties its pages, the half-written form is handed to
// the server under the person's own key, and the page is asked for again: the server then answers with the lock.
const idle = Number(document.body.dataset.mfIdle || 300) * 1000;
const WARN = 30_000, PULSE = 60_000;
const channel = new BroadcastChannel('mf-lock');
const soon = document.getElementById('mf-soon');
const token = () => JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || '';
let last = Date.now(), pulsed = Date.now(), locking = false;

function active() {
  last = Date.now();
  channel.postMessage('active');
  if (soon) soon.hidden = true;
  if (last - pulsed > PULSE) { pulsed = last; pulse(); }
}
async function pulse() {   // typing alone is activity, too: the server hears of it once a minute by an ordinary request
  const answer = await fetch('/health/live', { cache: 'no-store' }).catch(() => null);
  if (answer && answer.status === 423) lock(false);
}
function post(url, fields, headers = {}) {
  return fetch(url, { method: 'POST', headers: { 'X-CSRFToken': token(), ...headers }, body: new URLSearchParams(fields) });
}
function typed() {   // what was typed as a query string, but no password and no file
  const kept = new URLSearchParams();
  for (const field of document.querySelectorAll('main form[method=post] [name]')) {
    if (['password', 'file', 'hidden', 'submit', 'button'].includes(field.type) || field.tagName === 'BUTTON') continue;
    if ((field.type === 'checkbox' || field.type === 'radio') && !field.checked) continue;
    if (field.value !== '') kept.append(field.name, field.value);
  }
  return kept.toString();
}
async function lock(tellOthers = true) {
  if (locking) return;
  locking = true;
  document.dispatchEvent(new Event('mf:lock'));   // readers empty their canvases
  for (const canvas of document.querySelectorAll('canvas')) canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
  if (tellOthers) channel.postMessage('lock');
  document.querySelector('.mf-app, .mf-rgrid')?.classList.add('mf-blank');
  await post('/account/lock/', { path: location.pathname, typed: typed() }, { 'X-Background': '1' }).catch(() => null);
  location.replace(location.pathname + location.search);
}
channel.onmessage = (e) => {
  if (e.data === 'active') { last = Date.now(); if (soon) soon.hidden = true; }
  if (e.data === 'lock') lock(false);
};
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(kind, () => { if (Date.now() - last > 1000) active(); }, { passive: true });
}
setInterval(() => {
  const rest = idle - (Date.now() - last);
  if (rest <= 0) lock();
  else if (soon) soon.hidden = rest > WARN;
}, 1000);
document.addEventListener('click', (e) => { if (e.target.closest('[data-mf-lock]') && token()) { e.preventDefault(); lock(); } });
document.addEventListener('htmx:beforeSwap', (e) => { if (e.detail.xhr.status === 423) { e.detail.shouldSwap = false; lock(false); } });

// After the lock: put back what had been typed.
const kept = new URLSearchParams(document.body.dataset.mfTyped || '');
for (const name of new Set(kept.keys())) {
  const values = kept.getAll(name);
  const fields = [...document.querySelectorAll('main [name]')].filter((field) => field.name === name);
  fields.forEach((field, n) => {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value);
    else if (!['password', 'file', 'hidden'].includes(field.type) && values[n] !== undefined) field.value = values[n];
  });
}
