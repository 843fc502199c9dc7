// The form of registration and classification: the third question shows its own field; a level changes the usual number of years.
// The proposal itself is made by the server (base/proposal.html); without script a button asks for it.
const form = document.querySelector('[data-mf-classify]');
const chosen = (name) => new FormData(form).get(name);
function show() {
  const end = chosen(form.dataset.mfEnd || 'term_kind');
  for (const part of form.querySelectorAll('[data-mf-when]')) part.hidden = !part.dataset.mfWhen.split(' ').includes(end);
}
let before = chosen(form.dataset.mfHarm || 'harm');
form.addEventListener('change', () => {
  const harm = chosen(form.dataset.mfHarm || 'harm');
  const years = form.querySelector('[data-mf-years]');
  if (years && harm !== before) {
    const usual = JSON.parse(years.dataset.mfYears)[harm];
    if (usual) years.value = usual;
  }
  before = harm;
  show();
});
for (const button of form.ownerDocument.querySelectorAll('[data-mf-noscript]')) button.hidden = true;
show();
