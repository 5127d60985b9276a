// Walks through the pages of a running dtrack: node walk.mjs '{"url", "browser", "pages", "shots"}'
//
// Prints what was wrong (console, foreign requests, axe, HTML, overflow), what each page weighed,
// and what the journeys saw. With "shots" it makes screenshots into that folder instead.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';

const { url, browser: executablePath, pages, shots } = JSON.parse(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const found = { faults: [], budgets: {}, axed: 0, validated: 0, journeys: {} };
const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Style, not soundness: how tags are spelt, lines end, long titles and quotes are.
    'valid-id': ['error', { relaxed: true }],
    'attr-quotes': 'off', 'doctype-style': 'off', 'long-title': 'off', 'no-trailing-whitespace': 'off',
    'void-style': 'off', 'no-implicit-button-type': 'off', 'no-raw-characters': 'off', 'tel-non-breaking': 'off',
    // A region that scrolls must be reachable, and a list of terms may name its group.
    // A text may be pasted or come as a file, under one name.
    'form-dup-name': 'off',
    'no-redundant-role': 'off', 'prefer-native-element': 'off', 'wcag/h63': 'off',
  },
});

const main = Object.fromEntries(Object.entries(pages).slice(0, 8));
const inLanguage = (path, language) => `${url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`;

function watch(page, name) {
  const weight = { requests: 0, bodies: [] };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.faults.push(`${name()}: console ${message.text()}`);
  });
  page.on('pageerror', (error) => found.faults.push(`${name()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
      found.faults.push(`${name()}: asks ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    weight.requests += 1;
    weight.bodies.push(response.body().then((body) => body.length, () => 0));
  });
  return weight;
}

async function look(context, language, { audit, measure, some = pages }) {
  const page = await context.newPage();
  // Other tests may keep the machine busy; how long a page takes is measured, not judged.
  page.setDefaultTimeout(120_000);
  let now = '';
  const weight = watch(page, () => now);
  for (const [kind, path] of Object.entries(some)) {
    now = `${kind} ${language} ${page.viewportSize().width}`;
    Object.assign(weight, { requests: 0, bodies: [] });
    const start = performance.now();
    const response = await page.goto(inLanguage(path, language), { waitUntil: 'load' });
    const wall = Math.round(performance.now() - start);
    if (response.status() !== 200) found.faults.push(`${now}: status ${response.status()}`);
    const size = await page.evaluate(() => {
      const painted = performance.getEntriesByName('first-contentful-paint')[0];
      return [document.documentElement.scrollWidth - innerWidth, document.documentElement.lang,
        painted ? Math.round(painted.startTime) : 0];
    });
    if (size[0] > 0) found.faults.push(`${now}: wider than the screen by ${size[0]}`);
    if (size[1] !== language) found.faults.push(`${now}: language ${size[1]}`);
    if (measure) {
      const bytes = (await Promise.all(weight.bodies)).reduce((sum, one) => sum + one, 0);
      found.budgets[kind] = { bytes, requests: weight.requests, load: wall, paint: size[2] };
    }
    if (audit) {
      await page.evaluate(axe);
      const report = await page.evaluate(() => window.axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }));
      found.axed += 1;
      for (const one of report.violations) {
        found.faults.push(`${now}: ${one.id} at ${one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 2).join(' | ')}`);
      }
      const checked = await html.validateString(await response.text());
      found.validated += 1;
      for (const message of checked.results.flatMap((result) => result.messages)) {
        found.faults.push(`${now}: HTML ${message.line}:${message.column} ${message.ruleId} ${message.message}`);
      }
    }
  }
  await page.close();
}

const heading = (page) => page.locator('h1').innerText();

const journeys = {
  // From the matrix to two paragraphs that overlap, and to one of them.
  async matrix(page) {
    await page.goto(`${url}/`);
    await page.click('table.matrix a[href="/overlaps/cbd/ramsar"]');
    const sides = await page.locator('.pair').first().locator('.side h4').allInnerTexts();
    await page.locator('.pair').first().locator('.side h4 a').first().click();
    return [sides.length, new URL(page.url()).hash !== '', await heading(page)];
  },
  async search(page) {
    await page.goto(`${url}/?lang=zh`);
    await page.fill('#q', '湿地');
    await page.press('#q', 'Enter');
    const chinese = await page.locator('.rows li').count();
    await page.goto(`${url}/`);
    await page.fill('#q', 'wetland restoration');
    await page.press('#q', 'Enter');
    await page.locator('.rows a[href^="/doc/decision"], .rows a[href^="/doc/resolution"], .rows a[href^="/doc/provision"]').first().click();
    return [chinese > 0, /\/doc\/(decision|resolution|provision)/.test(page.url()), await heading(page)];
  },
  // From a target to the gaps of its framework, by the keyboard alone.
  async target(page) {
    await page.goto(`${url}/doc/target/aichi-11`);
    await page.keyboard.press('Tab');
    const skip = await page.evaluate(() => document.activeElement.getAttribute('href'));
    await page.locator('.way a').last().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/doc/framework/aichi*');
    await page.locator('a[href^="/gaps/aichi"]').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/gaps/aichi*');
    return [skip, await page.locator('table.gaps tbody tr').count()];
  },
  async filter(page) {
    await page.goto(`${url}/overlaps`);
    await page.selectOption('#f-theme', 'wetlands');
    await page.selectOption('#f-group', 'all');
    await page.click('form.filters button');
    return [new URL(page.url()).searchParams.get('theme'), await page.locator('table.matrix tbody a').count() > 0];
  },
  // A query run in the editor, shared by its address, opened elsewhere.
  async sparql(page, context) {
    await page.goto(`${url}/sparql`);
    const editor = page.locator('.yasqe');
    await editor.waitFor();
    await page.click('.yasqe_queryButton');
    await page.waitForSelector('.yasr table tbody tr');
    const rows = await page.locator('.yasr table tbody tr').count();
    await page.evaluate(axe);
    const report = await page.evaluate(() => window.axe.run());
    for (const one of report.violations) found.faults.push(`editor: ${one.id} at ${one.nodes[0].html.slice(0, 160)}`);
    const other = await context.newPage();
    await other.goto(page.url());
    const shared = await other.locator('#answer tbody tr').count();
    await other.close();
    return [rows > 0, shared > 0];
  },
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  if (shots) {
    for (const [size, viewport] of [['wide', WIDE], ['narrow', NARROW]]) {
      for (const colorScheme of ['light', 'dark']) {
        const context = await browser.newContext({ viewport, colorScheme });
        const page = await context.newPage();
        for (const language of ['en', 'zh']) {
          for (const [kind, path] of Object.entries(pages)) {
            await page.goto(inLanguage(path, language), { waitUntil: 'load' });
            await page.screenshot({ path: `${shots}/${kind}-${language}-${size}-${colorScheme}.png` });
          }
        }
        await context.close();
      }
    }
  } else {
    for (const [language, viewport, colorScheme, audit] of [
      ['en', WIDE, 'light', true], ['zh', NARROW, 'dark', true], ['zh', WIDE, 'light', false], ['en', NARROW, 'light', false],
    ]) {
      const context = await browser.newContext({ viewport, colorScheme });
      await look(context, language, { audit, measure: language === 'en' && audit, some: audit ? pages : main });
      await context.close();
    }
    const still = await browser.newContext({ javaScriptEnabled: false, viewport: WIDE });
    const reader = await still.newPage();
    reader.setDefaultTimeout(120_000);
    found.unscripted = {};
    for (const [kind, path] of Object.entries(pages)) {
      await reader.goto(url + path);
      found.unscripted[kind] = (await reader.locator('main').innerText()).length;
    }
    await still.close();
    const context = await browser.newContext({ viewport: WIDE });
    for (const [name, walk] of Object.entries(journeys)) {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      watch(page, () => `journey ${name}`);
      found.journeys[name] = await walk(page, context).catch((error) => [`failed: ${error.message.slice(0, 400)}`]);
      await page.close();
    }
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
