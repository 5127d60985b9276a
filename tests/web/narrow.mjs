// Looks at the evidence on a narrow screen: node narrow.mjs '{"url", "browser", "pages"}'
//
// In both languages, with scripts and without: every table of evidence, and each whose rows become cards, is opened, and prints how
// many there were, which of them scroll sideways, what its cells call themselves, and other faults.
import { chromium } from 'playwright-core';
import { NARROW, accessible, layout } from './watching.mjs';

const { url, browser: executablePath, pages } = JSON.parse(process.argv[2]);
const found = { faults: [], tables: {}, sideways: [], told: {} };

const tables = () => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  const all = [...document.querySelectorAll('table.evidence, table.stacks')];
  const told = (cell) => getComputedStyle(cell, '::before').content;
  return {
    count: all.length,
    sideways: all.filter((table) => {
      const around = table.closest('.scroll');
      return around.scrollWidth > around.clientWidth || table.getBoundingClientRect().right > innerWidth;
    }).length,
    told: [...new Set([...document.querySelectorAll('table.evidence td.number')].map(told))],
  };
};

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const language of ['en', 'zh']) {
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ viewport: NARROW, javaScriptEnabled });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      for (const path of pages) {
        const name = `${path} ${language} ${javaScriptEnabled ? 'scripts' : 'no scripts'}`;
        await page.goto(`${url}${path}?lang=${language}`, { waitUntil: 'load' });
        const seen = await page.evaluate(tables);
        found.tables[name] = seen.count;
        found.told[language] = seen.told;
        if (seen.sideways) found.sideways.push(`${name}: ${seen.sideways} of ${seen.count}`);
        await layout(page, found.faults, name, language);
        if (javaScriptEnabled) await accessible(page, found.faults, name);
      }
      await context.close();
    }
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
