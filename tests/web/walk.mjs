// Walks through the pages of a running dtrack: node walk.mjs '{"url", "browser", "pages", "shots"}'
//
// Prints what was wrong (console, foreign requests, axe, HTML, overflow), what each page weighed,
// and what the journeys saw. With "shots" it makes screenshots into that folder instead.
import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import { NARROW, WIDE, accessible, layout, sound, watch } from './watching.mjs';

const { url, browser: executablePath, pages, shots } = JSON.parse(process.argv[2]);
const found = { faults: [], budgets: {}, axed: 0, validated: 0, journeys: {} };

const main = Object.fromEntries(Object.entries(pages).slice(0, 8));
const inLanguage = (path, language) => `${url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`;

async function look(context, language, { audit, measure, some = pages }) {
  const page = await context.newPage();
  // Other tests may keep the machine busy; how long a page takes is measured, not judged.
  page.setDefaultTimeout(120_000);
  let now = '';
  const weight = watch(page, url, found.faults, () => now);
  for (const [kind, path] of Object.entries(some)) {
    now = `${kind} ${language} ${page.viewportSize().width}`;
    Object.assign(weight, { requests: 0, bodies: [] });
    const start = performance.now();
    const response = await page.goto(inLanguage(path, language), { waitUntil: 'load' });
    const wall = Math.round(performance.now() - start);
    if (response.status() !== 200) found.faults.push(`${now}: status ${response.status()}`);
    await layout(page, found.faults, now, language);
    if (measure) {
      const bytes = (await Promise.all(weight.bodies)).reduce((sum, one) => sum + one, 0);
      const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
      found.budgets[kind] = { bytes, requests: weight.requests, load: wall, paint: Math.round(paint) };
    }
    if (audit) {
      await accessible(page, found.faults, now);
      found.axed += 1;
      await sound(await response.text(), found.faults, now);
      found.validated += 1;
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
  // From words in either language to a decision that holds them.
  async search(page) {
    const arrived = [];
    for (const [language, words] of [['zh', '湿地'], ['en', 'wetland restoration']]) {
      await page.goto(inLanguage('/', language));
      await page.fill('#q', words);
      await page.press('#q', 'Enter');
      await page.waitForURL('**/find?*');
      await page.locator('.rows a[href^="/doc/decision"], .rows a[href^="/doc/resolution"], .rows a[href^="/doc/provision"]').first().click();
      await page.waitForURL(/\/doc\/(decision|resolution|recommendation)\//);
      arrived.push((await heading(page)).length > 0 && await page.locator('html').getAttribute('lang') === language);
    }
    return arrived;
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
  // A draft pasted and screened; its report opened by its link.
  async screen(page) {
    await page.goto(`${url}/screen`);
    await page.fill('main textarea', '1. Invites Parties to restore degraded wetlands;\n');
    await page.selectOption('main select', 'unfccc');
    await page.click('main form button');
    await page.locator('#report').waitFor();
    const matches = await page.locator('article.pair').count();
    await page.click('a[href^="/screen?text="]');
    await page.waitForURL('**/screen?text=*');
    return [matches > 0, await page.locator('article.pair').count() === matches];
  },
  // A query run in the editor, shared by its address, opened elsewhere.
  async sparql(page, context) {
    await page.goto(`${url}/sparql`);
    const editor = page.locator('.yasqe');
    await editor.waitFor();
    await page.click('.yasqe_queryButton');
    await page.waitForSelector('.yasr table tbody tr');
    const rows = await page.locator('.yasr table tbody tr').count();
    await accessible(page, found.faults, 'editor');
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
      watch(page, url, found.faults, () => `journey ${name}`);
      found.journeys[name] = await walk(page, context).catch((error) => [`failed: ${error.message.slice(0, 400)}`]);
      await page.close();
    }
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
