// Files one by one, each with its own progress. A finished file leaves its number in the form (field `upload`); what the server says
// about it stands in its row. Without script the same input is sent with the form.
for (const zone of document.querySelectorAll('[data-mf-upload]')) {
  const input = zone.querySelector('input[type=file]'), list = zone.querySelector('.mf-uploads');
  const row = zone.querySelector('[data-mf-row]').content.firstElementChild;
  const words = Object.fromEntries([...zone.querySelector('[data-mf-words]').content.children].map((e) => [e.dataset.word, e.textContent]));
  const token = () => zone.closest('form').querySelector('[name=csrfmiddlewaretoken]').value;

  function send(file) {
    const line = list.appendChild(row.cloneNode(true));
    const bar = line.querySelector('progress'), state = line.querySelector('.state'), call = new XMLHttpRequest();
    line.querySelector('.name').textContent = file.name;
    line.querySelector('[data-mf-drop]').addEventListener('click', () => { call.abort(); line.remove(); });
    call.upload.addEventListener('progress', (e) => { if (e.lengthComputable) bar.value = 100 * e.loaded / e.total; });
    call.addEventListener('load', () => finish(line, call, state, bar));
    for (const kind of ['error', 'abort', 'timeout']) call.addEventListener(kind, () => fail(line, state, words.broken));
    call.open('POST', zone.dataset.mfUpload);
    call.setRequestHeader('X-CSRFToken', token());
    const body = new FormData();
    body.append('file', file);
    call.send(body);
  }
  function finish(line, call, state, bar) {
    let said = {};
    try { said = JSON.parse(call.responseText); } catch { /* not JSON: the status alone counts */ }
    if (call.status >= 300) { fail(line, state, said.text || words.refused); return; }
    bar.value = 100; bar.classList.add('ok');
    line.classList.add('ok');
    state.textContent = said.text || words.sent;
    const kept = document.createElement('input');
    kept.type = 'hidden'; kept.name = 'upload'; kept.value = said.uid || '';
    line.append(kept);
  }
  function fail(line, state, why) { line.classList.add('bad'); line.querySelector('progress').hidden = true; state.textContent = why; }

  input.addEventListener('change', () => { for (const file of input.files) send(file); input.value = ''; input.required = false; });
  for (const kind of ['dragenter', 'dragover']) zone.addEventListener(kind, (e) => { e.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', (e) => { e.preventDefault(); zone.classList.remove('over'); for (const file of e.dataTransfer.files) send(file); });
}
