// Scan first: the field keeps the focus, a scanner types a code and Enter, or the camera reads it. One sound for done, two
// for not done. Without a connection scans wait in this window, codes only, and are done in their order when it is back:
// each bears a key, so that none is done twice, and how long it waited, so that nobody's deed meanwhile is overrun.
const form = document.getElementById('mf-scan');
const code = document.getElementById('code');
const waiting = document.getElementById('mf-waiting');
const KEY = 'mf-scans';
const CODE = /^[0-9A-Za-z-]{0,24}$/;
let busy = false;
let sound;

// Only what a label, a door or a page count can be is kept; anything else is not stored anywhere.
const plain = (typed) => {
  const read = typed.normalize('NFKC').trim();
  return /[?&]code=([0-9A-Fa-f]{16})\b/.exec(read)?.[1] ?? read;
};
const queue = () => JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
const keep = (scans) => (scans.length ? sessionStorage.setItem(KEY, JSON.stringify(scans)) : sessionStorage.removeItem(KEY));

function beep(times) {
  sound ??= new AudioContext();
  for (let n = 0; n < times; n += 1) {
    const tone = sound.createOscillator();
    const loudness = sound.createGain();
    tone.frequency.value = times > 1 ? 330 : 880;
    loudness.gain.value = 0.08;
    tone.connect(loudness).connect(sound.destination);
    tone.start(sound.currentTime + n * 0.18);
    tone.stop(sound.currentTime + n * 0.18 + 0.12);
  }
}

function say(words) {
  waiting.textContent = words;
  waiting.hidden = !words;
}

// The answer is the server's own part of this page; its nodes are taken over, no text becomes markup.
function show(page) {
  const part = new DOMParser().parseFromString(page, 'text/html');
  const answer = part.getElementById('mf-answer');
  if (!answer) throw new TypeError('no answer');
  document.getElementById('mf-answer').replaceWith(document.adoptNode(answer));
  document.getElementById('mf-lines').value = part.getElementById('mf-lines-now')?.value ?? '';
  const seen = part.getElementById('mf-three');
  if (seen) document.getElementById('mf-three').replaceWith(document.adoptNode(seen));
  const tone = answer.dataset.mfTone;
  const line = document.createElement('li');
  line.textContent = `${new Date().toTimeString().slice(0, 8)} ${answer.querySelector('.no')?.textContent ?? ''} ${answer.querySelector('.no + div')?.textContent.trim().replace(/\s+/g, ' ') ?? ''}`;
  document.getElementById('mf-log').prepend(line);
  while (document.getElementById('mf-log').children.length > 30) document.getElementById('mf-log').lastChild.remove();
  beep(tone === 'bad' ? 2 : 1);
}

async function ask(scan) {
  const body = new FormData(form);
  body.set('code', scan.code);
  body.set('once', scan.once);
  body.set('waited', scan.late ? String(Math.max(1, Math.round((Date.now() - scan.at) / 1000))) : '');
  return fetch(form.action, { method: 'POST', body, headers: { 'X-Mf-Part': '1' }, redirect: 'manual' });
}

async function drain() {
  if (busy) return;
  busy = true;
  try {
    for (let scans = queue(); scans.length; scans = queue()) {
      const answer = await ask(scans[0]);
      if (!answer.ok) { say(`${form.dataset.mfSignedOut}${scans.length}`); return; }
      show(await answer.text());
      keep(queue().slice(1));
    }
    say('');
  } catch {
    keep(queue().map((scan) => ({ ...scan, late: true })));
    say(`${form.dataset.mfLost}${queue().length}`);
    beep(2);
  } finally {
    busy = false;
  }
}

function take(typed) {
  const read = plain(typed);
  code.value = '';
  code.focus();
  if (!CODE.test(read)) { say(form.dataset.mfNoLabel); beep(2); return; }
  say('');
  keep([...queue(), { code: read, once: crypto.randomUUID().replaceAll('-', ''), at: Date.now() }]);
  drain();
}

form.addEventListener('submit', (e) => { e.preventDefault(); e.stopPropagation(); take(code.value); });
// A hand scanner types into whatever has the focus: where nothing takes signs, after a refusal or a click beside, it is the field.
addEventListener('keydown', (e) => {
  if (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest?.('input, select, textarea')) code.focus();
});
addEventListener('online', drain);
setInterval(() => { if (queue().length) drain(); }, 5000);
if (queue().length) drain();

// The camera of a telephone, where the browser itself can read codes.
const camera = document.getElementById('mf-camera');
const picture = document.getElementById('mf-picture');
camera.hidden = !('BarcodeDetector' in window && navigator.mediaDevices);
let looking = false;
camera.addEventListener('click', async () => {
  looking = !looking;
  picture.hidden = !looking;
  if (!looking) { picture.srcObject?.getTracks().forEach((track) => track.stop()); return; }
  try {
    picture.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    await picture.play();
  } catch { looking = false; picture.hidden = true; return; }
  const reader = new BarcodeDetector({ formats: ['qr_code', 'code_128'] });
  let before = '';
  while (looking) {
    const found = (await reader.detect(picture).catch(() => []))[0]?.rawValue ?? '';
    if (found && found !== before) take(found);
    before = found || before;
    await new Promise((next) => setTimeout(next, 250));
  }
});
