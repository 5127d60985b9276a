// Puts YASGUI's editor and table in place of the plain form; without it the form does the same.
'use strict';

(() => {
  const form = document.getElementById('ask');
  const { Yasqe, Yasr } = window.Yasgui ?? {};
  if (!form || !Yasqe || !Yasr) return;
  const plain = document.getElementById('query');
  const place = document.getElementById('editor');
  const results = document.getElementById('results');
  const answer = document.getElementById('answer');
  const prefixes = JSON.parse(form.dataset.prefixes);

  // Suggestions of classes and properties would ask other sites.
  const editor = new Yasqe(place, {
    value: plain.value,
    persistenceId: null,
    autocompleters: ['variables', 'prefixes'],
    createShareableLink: (each) => permalink(each.getValue()),
    requestConfig: { endpoint: new URL(form.dataset.endpoint, location.href).href, method: 'POST' },
    showQueryButton: true,
    resizeable: true,
  });
  const table = new Yasr(results, { persistenceId: null, prefixes: () => ({ ...prefixes, ...editor.getPrefixesFromQuery() }) });

  function permalink(query) {
    const address = new URL('/ask', location.href);
    address.searchParams.set('query', query);
    const language = new URL(location.href).searchParams.get('lang');
    if (language) address.searchParams.set('lang', language);
    return address.href;
  }

  // Names for readers of screens, which the library leaves out.
  function name() {
    const set = (each, label) => { if (label && !each.getAttribute('aria-label')) each.setAttribute('aria-label', label); };
    for (const field of place.querySelectorAll('textarea')) set(field, form.dataset.label);
    for (const button of document.querySelectorAll('#editor button, #results button')) {
      if (!button.textContent.trim()) set(button, button.title || button.className.replaceAll(/yas[a-z]*_|[_-]/g, ' ').trim());
    }
    for (const field of results.querySelectorAll('input, select')) {
      if (!field.labels?.length) set(field, field.placeholder || field.parentElement.textContent.split(':')[0].trim());
    }
    const head = [...results.querySelectorAll('th .dt-column-title')].find((each) => !each.textContent.trim());
    if (head) head.textContent = '#';
    place.querySelector('.CodeMirror-scroll')?.setAttribute('tabindex', '0');
  }
  new MutationObserver(name).observe(results, { childList: true, subtree: true });

  editor.on('query', () => { if (answer) answer.hidden = true; });
  editor.on('queryResponse', (_, response, duration) => {
    results.hidden = false;
    table.setResponse(response, duration);
    history.replaceState(null, '', permalink(editor.getValue()));
  });
  form.hidden = true;
  place.hidden = false;
  editor.refresh();
  editor.collapsePrefixes?.(true);
  name();
})();
