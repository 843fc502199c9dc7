// A decision in two taps: sending back asks for its reason first. The server insists on it anyway.
const form = document.querySelector('[data-mf-decide]');
const reason = form?.querySelector('textarea');
form?.addEventListener('submit', (e) => {
  if (e.submitter?.value === 'return' && !reason.value.trim()) {
    e.preventDefault();
    reason.closest('.mf-sheet')?.scrollIntoView({ block: 'center' });
    reason.setAttribute('aria-invalid', 'true');
    reason.focus();
  }
});
reason?.addEventListener('input', () => reason.removeAttribute('aria-invalid'));
