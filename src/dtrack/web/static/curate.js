// Keys for suggestions: j and k move, a accepts, r refuses, u leaves. Without it the form does the same.
'use strict';

(() => {
  const all = [...document.querySelectorAll('#curate .suggestion')];
  if (!all.length) return;
  const typing = (each) => each.matches('textarea, select, input:not([type=radio], [type=checkbox])');
  const here = () => all.findIndex((each) => each.contains(document.activeElement));
  const chosen = (each) => each.querySelector(':checked') ?? each.querySelector('input');

  function choose(each, value) {
    const radio = each?.querySelector(`input[value="${value}"]`);
    if (!radio) return;
    radio.checked = true;
    radio.focus();
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const at = here();
    if (event.key === 'j') chosen(all[Math.min(at + 1, all.length - 1)]).focus();
    else if (event.key === 'k') chosen(all[Math.max(at - 1, 0)]).focus();
    else if (event.key === 'a') choose(all[at], 'accept');
    else if (event.key === 'r') choose(all[at], 'refuse');
    else if (event.key === 'u') choose(all[at], '');
    else return;
    event.preventDefault();
  });
})();
