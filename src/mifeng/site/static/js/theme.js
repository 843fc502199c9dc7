// Classic script in the head: sets the theme before the first paint. Cookie mf_theme = light | dark | auto; printed papers stay light.
(function () {
  var root = document.documentElement;
  if (root.hasAttribute('data-mf-theme-fixed')) return;
  var found = /(?:^|; )mf_theme=(light|dark|auto)/.exec(document.cookie);
  var want = found ? found[1] : root.getAttribute('data-mf-theme-choice') || 'auto';
  var system = matchMedia('(prefers-color-scheme: dark)');
  function set() {
    root.setAttribute('data-bs-theme', want === 'auto' ? (system.matches ? 'dark' : 'light') : want);
    var buttons = document.querySelectorAll('[data-mf-theme]');
    for (var n = 0; n < buttons.length; n++) {
      if (buttons[n].hasAttribute('aria-pressed')) buttons[n].setAttribute('aria-pressed', String(buttons[n].getAttribute('data-mf-theme') === want));
    }
  }
  set();
  system.addEventListener('change', set);
  document.addEventListener('DOMContentLoaded', set);
  document.addEventListener('click', function (e) {
    var button = e.target.closest && e.target.closest('[data-mf-theme]');
    if (!button) return;
    var asked = button.getAttribute('data-mf-theme');
    want = asked === 'toggle' ? (root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark') : asked;
    document.cookie = 'mf_theme=' + want + '; path=/; max-age=31536000; samesite=strict' + (location.protocol === 'https:' ? '; secure' : '');
    set();
  });
})();
