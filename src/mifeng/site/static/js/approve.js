// A decision in two taps: sending back asks for its reason first. The server insists on it anyway.
const form = document.querySelector('[data-mf-decide]');
const reason = form?.querySelector('textarea');
const show = () => { reason.closest('.mf-pull')?.classList.add('open'); reason.closest('.mf-sheet')?.scrollIntoView({ block: 'nearest' }); reason.focus(); };
form?.addEventListener('submit', (e) => {
  if (e.submitter?.value === 'return' && !reason.value.trim()) {
    e.preventDefault();
    reason.setAttribute('aria-invalid', 'true');
    show();
  }
});
reason?.addEventListener('input', () => reason.removeAttribute('aria-invalid'));
for (const close of document.querySelectorAll('.mf-pull a[href="#main"]')) close.addEventListener('click', () => close.closest('.mf-pull').classList.remove('open'));

// Keys: j k the next and the last request, o its pages, r the reason for sending back, a the button that approves: a second
// key, Enter, presses it, so that no single stroke decides. In the list: x takes a request among several.
const press = {
  j: () => document.querySelector('[data-mf-after]')?.click(),
  k: () => document.querySelector('[data-mf-before]')?.click(),
  o: () => document.querySelector('[data-mf-pages-of]')?.click(),
  r: () => form && show(),
  a: () => document.querySelector('[data-mf-yes]')?.focus(),
  x: () => document.activeElement.closest('li')?.querySelector('input[name=uid]')?.click(),
};
document.addEventListener('keydown', (e) => {
  if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
  if (e.target.matches('input:not([type=checkbox]),textarea,select') || !press[e.key]) return;
  if ('jk'.includes(e.key) && !form) return;
  e.preventDefault();
  e.stopPropagation();
  press[e.key]();
}, true); // before the keys of every page, where j and k are rows
