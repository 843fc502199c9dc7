// Page pictures only: each is fetched with a one-time ticket, drawn to a canvas and freed. The canvas is emptied while the window
// is not looked at, and by the lock. Nothing of a page stays in the document, and nothing is cached.
const root = document.querySelector('[data-mf-reader]');
const canvas = document.getElementById('page'), pen = canvas.getContext('2d');
const away = document.getElementById('away'), words = document.getElementById('trouble');
const list = [...document.querySelectorAll('.mf-pages button')], pages = list.map((button) => Number(button.value));
const seen = new Set((root.dataset.mfSeen || '').split(' ').filter(Boolean).map(Number));
const token = () => JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || '';
const grace = 1000 * Number(root.dataset.mfGrace || 0);
let now = Number(root.dataset.mfStart || 1), zoom = 1, shown = 0, asked = 0, locked = false, leaving = 0;

const address = (template, word) => template.replace('/0/', () => `/${word}/`);
const ask = (url, fields) => fetch(url, { method: 'POST', headers: { 'X-CSRFToken': token() }, body: new URLSearchParams(fields), cache: 'no-store' });

async function fetchPage(n) {
  const fields = { reading: root.dataset.mfReader, before: shown, seconds: shown ? Math.round((Date.now() - asked) / 1000) : 0 };
  const answer = await ask(address(root.dataset.mfTicketUrl, n), fields);
  if (!answer.ok) throw answer.status;
  const page = await ask(address(root.dataset.mfPageUrl, (await answer.json()).ticket), {});
  if (!page.ok) throw page.status;
  return createImageBitmap(await page.blob());
}
async function draw() {
  const wanted = now;
  words.hidden = true;
  canvas.classList.add('wait');
  try {
    const picture = await fetchPage(wanted);
    if (wanted === now && !document.hidden && !locked) {
      canvas.width = picture.width; canvas.height = picture.height;
      pen.drawImage(picture, 0, 0);
      away.hidden = true;
      shown = wanted; asked = Date.now();
      seen.add(wanted);
    }
    picture.close();
  } catch (status) {
    clear();
    if (status === 423) { location.replace(location.href); return; }
    words.hidden = false;
    words.querySelector('[data-word]').textContent = words.dataset[status === 403 || status === 404 ? 'gone' : 'broken'];
  }
  canvas.classList.remove('wait');
  mark();
}
function mark() {
  canvas.setAttribute('aria-label', root.dataset.mfPageLabel.replace('0', now));
  for (const place of document.querySelectorAll('[data-mf-now]')) place.textContent = now;
  for (const place of document.querySelectorAll('[data-mf-count]')) place.textContent = seen.size;
  list.forEach((button, i) => {
    if (pages[i] === now) button.setAttribute('aria-current', 'page'); else button.removeAttribute('aria-current');
    button.classList.toggle('un', !seen.has(pages[i]));
    button.querySelector('small').textContent = root.dataset[seen.has(pages[i]) ? 'mfRead' : 'mfUnread'];
  });
  list[pages.indexOf(now)]?.scrollIntoView({ block: 'nearest' });
  const receipt = document.getElementById('receipt');
  if (receipt) receipt.hidden = seen.size < pages.length && !receipt.dataset.mfAlways;
  document.getElementById('prev').disabled = pages.indexOf(now) <= 0;
  document.getElementById('next').disabled = pages.indexOf(now) >= pages.length - 1;
}
function clear() { pen.clearRect(0, 0, canvas.width, canvas.height); }
function leave() { clear(); away.hidden = false; }
// Looking at a second screen for less than the grace time of the level empties nothing (P2.1); hiding the window does, at once.
function glance() { clearTimeout(leaving); leaving = setTimeout(leave, grace); }
function back() { clearTimeout(leaving); if (!locked && !away.hidden) draw(); }
// A reader who judges single pages turns among these: the number is the page's own.
const go = (place) => { now = pages[Math.min(pages.length - 1, Math.max(0, place))]; draw(); scrollTo({ top: 0 }); };
const turn = (by) => go(pages.indexOf(now) + by);
const size = (z) => { zoom = Math.min(4, Math.max(0.5, z)); canvas.style.maxWidth = 820 * zoom + 'px'; canvas.style.width = zoom > 1 ? 100 * zoom + '%' : ''; canvas.parentElement.classList.toggle('zoomed', zoom > 1); };

document.getElementById('prev').addEventListener('click', () => turn(-1));
document.getElementById('next').addEventListener('click', () => turn(1));
document.getElementById('zin').addEventListener('click', () => size(zoom + 0.25));
document.getElementById('zout').addEventListener('click', () => size(zoom - 0.25));
list.forEach((button, i) => button.addEventListener('click', () => go(i)));
words.querySelector('button').addEventListener('click', draw);
addEventListener('keydown', (e) => {
  if (e.target.matches('input,textarea,select')) return;
  ({ ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), '+': () => size(zoom + 0.25), '=': () => size(zoom + 0.25), '-': () => size(zoom - 0.25) })[e.key]?.();
});
document.addEventListener('visibilitychange', () => (document.hidden ? leave() : back()));
addEventListener('blur', glance);
addEventListener('focus', back);
away.addEventListener('click', back);
document.addEventListener('mf:lock', () => { locked = true; leave(); });
addEventListener('pagehide', clear);
for (const kind of ['contextmenu', 'dragstart']) canvas.addEventListener(kind, (e) => e.preventDefault());
draw();
