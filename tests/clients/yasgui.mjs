// Asks a running dtrack with YASGUI in a browser: node yasgui.mjs '{"url", "key", "pages", "update", "browser"}'
//
// Reading is tried from a page of another origin, as on a public YASGUI. Pages of other origins
// may not write, so the update is made through a proxy that puts YASGUI and dtrack on one.
import { createServer, request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const { url, key, pages, update, browser: executablePath } = JSON.parse(process.argv[2]);
const build = new URL('../../node_modules/@zazuko/yasgui/build/', import.meta.url);
const PAGE = `<!doctype html><meta charset="utf-8"><title>YASGUI</title>
<link rel="stylesheet" href="/yasgui/yasgui.min.css"><script src="/yasgui/yasgui.min.js"></script>
<div id="here"></div>`;
const TYPES = { css: 'text/css', js: 'text/javascript', html: 'text/html' };

const site = createServer(async (asked, answer) => {
  const name = asked.url === '/' ? 'index.html' : asked.url.replace(/^\/yasgui\//, '');
  if (name === asked.url) {
    const { host, ...headers } = asked.headers;
    const onward = request(url + asked.url, { method: asked.method, headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    asked.pipe(onward);
    return;
  }
  const text = name === 'index.html' ? PAGE : await readFile(fileURLToPath(new URL(name, build)));
  answer.writeHead(200, { 'Content-Type': `${TYPES[name.split('.').pop()]}; charset=utf-8` });
  answer.end(text);
});
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
const own = `http://127.0.0.1:${site.address().port}`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${own}/`);
  await page.evaluate(() => {
    window.yasgui = new window.Yasgui(document.getElementById('here'), {
      persistenceId: null,
      autofocus: false,
    });
  });

  let status = 0;
  page.on('response', (response) => {
    if (response.request().method() === 'POST') status = response.status();
  });
  // Gives the status of the answer, 0 where the browser lets no request through.
  const run = async (query, endpoint, headers = {}) => {
    status = 0;
    await page.evaluate(async (given) => {
      const tab = window.yasgui.getTab();
      tab.setEndpoint(given.endpoint);
      tab.setRequestConfig({ headers: given.headers, method: 'POST' });
      tab.getYasqe().setValue(given.query);
      await new Promise((resolve) => {
        tab.getYasqe().on('queryResponse', resolve);
        tab.getYasqe().query().catch(resolve);
      });
    }, { query, endpoint, headers });
    return status;
  };
  const rows = async () => {
    await page.waitForSelector('.yasr table.dataTable tbody tr');
    return page.$$eval('.yasr table.dataTable tbody tr', (lines) =>
      lines.map((line) => line.querySelector('a')?.getAttribute('href') ?? line.textContent));
  };

  const found = { pages: [] };
  for (const one of pages) {
    await page.$$eval('.yasr table.dataTable', (tables) => tables.forEach((each) => each.remove()));
    const given = await run(one, `${url}/sparql`);
    found.pages.push(given === 200 ? await rows() : given);
  }
  const bearer = { Authorization: `Bearer ${key}` };
  found.abroad = await run(update, `${url}/update`, bearer);
  found.refused = await run(update, `${own}/update`);
  found.updated = await run(update, `${own}/update`, bearer);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
  site.close();
}
