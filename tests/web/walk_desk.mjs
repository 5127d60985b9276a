// Walks through the desk of a running dtrack: node walk_desk.mjs '{"url", "browser", "keys", "pages", "runs"}'
//
// Ann proposes, Ben reviews, Cat publishes and takes back. Prints what was wrong, what each page
// weighed, what was seen on the way, and how long each step took.
import { performance } from 'node:perf_hooks';
import { chromium } from 'playwright-core';
import { NARROW, WIDE, accessible, layout, sound, watch, within } from './watching.mjs';

const { url, browser: executablePath, keys, pages, runs, shots } = JSON.parse(process.argv[2]);
const found = { faults: [], budgets: {}, axed: [], seen: {}, steps: {} };
const SECONDS = 60;
// What the browser says of a form that comes back with its faults.
const REFUSED = /the server responded with a status of 400/;

// A page that somebody looks at: every step on it is named, timed and bounded.
class Person {
  constructor(page, run, who) {
    Object.assign(this, { page, run, who, now: '', document: null });
    page.setDefaultTimeout(SECONDS * 1000);
    this.weight = watch(page, url, found.faults, () => this.now, REFUSED);
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() !== 303) this.document = response;
    });
  }

  static async enter(browser, run, who, settings = {}) {
    const context = await browser.newContext({ viewport: run.wide ? WIDE : NARROW, ...settings });
    return new Person(await context.newPage(), run, who);
  }

  async step(name, act) {
    this.now = `${this.run.name} ${this.who} ${name}`;
    const start = performance.now();
    const seen = await within(this.now, SECONDS, act);
    found.steps[this.now] = Math.round(performance.now() - start);
    return seen;
  }

  at(path) {
    return `${url}${path}${path.includes('?') ? '&' : '?'}lang=${this.run.language}`;
  }

  open(path) {
    return this.step(path, () => this.page.goto(this.at(path), { waitUntil: 'load' }));
  }

  // Press a button or link that leads to another page, and wait until that is there.
  press(selector) {
    return this.step(`presses ${selector}`, async () => {
      await Promise.all([
        this.page.waitForEvent('load'), this.page.locator(selector).first().click(),
      ]);
    });
  }

  // Look for what is wrong with the page that is there.
  look(kind) {
    return this.step(`looks at ${kind}`, async () => {
      if (shots) await this.page.screenshot({ path: `${shots}/${kind}-${this.run.name}.png`, fullPage: true });
      await layout(this.page, found.faults, this.now, this.run.language);
      await accessible(this.page, found.faults, this.now);
      await sound(await this.document.text(), found.faults, this.now);
      found.axed.push(`${this.run.name} ${kind}`);
    });
  }

  async signIn(back = '/desk') {
    await this.open(back);
    await this.step('types the key', () => this.page.fill('#key', keys[this.who]));
    await this.press('main form button');
  }

  fill(fields) {
    return this.step('fills in', async () => {
      for (const [name, value] of Object.entries(fields)) {
        const field = this.page.locator(`[id="${name}"]`);
        const isList = (await field.evaluate((each) => each.tagName)) === 'SELECT';
        await (isList ? field.selectOption(value) : field.fill(value));
      }
    });
  }

  number() {
    return new URL(this.page.url()).pathname.split('/').pop();
  }

  close() {
    return this.page.context().close();
  }
}

const overlap = (person) => person.page.locator('a[href^="/overlaps/cbd/cms"]').count();

async function feed(person) {
  return (await (await person.page.context().request.get(`${url}/feed.atom`)).text());
}

// From submitted to published, by two others; what the reviewer read comes back.
async function published(number, ben, cat, comment) {
  await ben.open(`/desk/${number}`);
  const read = await ben.page.locator('#content').innerText();
  if (comment) {
    await ben.look('proposal');
    await ben.fill({ words: comment });
    await ben.press('button[value="comment"]');
  }
  await ben.press('button[value="approve"]');
  await cat.open(`/desk/${number}`);
  await cat.press('button[value="publish"]');
  return read;
}

async function journey(browser, run) {
  const ann = await Person.enter(browser, run, 'ann');
  const ben = await Person.enter(browser, run, 'ben');
  const cat = await Person.enter(browser, run, 'cat');
  const eva = await Person.enter(browser, run, 'eva');
  const seen = (found.seen[run.name] = {});

  // A status: from the text to its form, by way of the key, wrong first.
  await ann.open('/doc/decision/cbd-cop-12-98');
  await ann.press('.outline a[href^="/desk/status"]');
  await ann.look('sign-in');
  await ann.step('types the key', () => ann.page.fill('#key', keys.ann));
  await ann.press('main form button');
  await ann.fill(run.status);
  await ann.press('form.questions button');
  seen.told = await ann.page.locator('.told').count();
  await ann.look('status-told');
  await ann.fill({ evidence: 'https://www.cbd.int/decisions/' });
  await ann.press('form.questions button');
  await ann.press('button[value="submit"]');
  const status = ann.number();

  // A mapping, from the target.
  await ann.open('/doc/target/aichi-15');
  await ann.press('a[href^="/desk/mapping"]');
  await ann.fill(run.mapping);
  await ann.press('form.questions button');
  await ann.press('button[value="submit"]');
  const mapping = ann.number();

  // A text: read, corrected, its suggestions accepted by the keyboard.
  await ann.open('/desk/text');
  await ann.fill({ text: run.text, instrument: 'cms', adopted: '2014-11-09' });
  await ann.press('form.editor button');
  await ann.look('text-read');
  await ann.fill({ 'p1.d0.verb': 'invites', 'p1.summary': 'Asks for care of wetlands.' });
  await ann.step('accepts', async () => {
    await ann.page.locator('h1').click();
    for (let each = await ann.page.locator('.suggestion').count(); each > 0; each -= 1) {
      await ann.page.keyboard.press('j');
      await ann.page.keyboard.press('a');
    }
  });
  seen.suggested = await ann.page.locator('.suggestion').count();
  seen.accepted = await ann.page.locator('.suggestion input[value="accept"]:checked').count();
  await ann.press('form.editor p > button');
  await ann.look('draft');
  await ann.press('button[value="submit"]');
  const text = ann.number();

  await ben.signIn();
  await cat.signIn();
  seen.listed = await cat.page.locator('main .rows h3').count();
  await cat.open('/overlaps?group=all');
  seen.before = await overlap(cat);
  seen.status = await published(status, ben, cat);
  seen.mapping = await published(mapping, ben, cat);
  seen.text = await published(text, ben, cat, run.comment);
  seen.story = await cat.page.locator('.timeline').last().innerText();

  await cat.open('/overlaps?group=all');
  seen.after = await overlap(cat);
  await cat.open(`/doc/resolution/${run.slug}`);
  seen.title = await cat.page.locator('h1').innerText();
  seen.feed = (await feed(cat)).includes(run.slug);
  await cat.open('/doc/decision/cbd-cop-12-98');
  seen.stated = await cat.page.locator('#p-1').innerText();

  // Conflicts that nobody has settled.
  await ann.open('/desk/1');
  seen.disputes = await ann.page.locator('.dispute').count();
  await ann.look('conflict');

  // Harvests: one set up, wrong first, and forgotten.
  await eva.signIn('/desk/harvests');
  await eva.look('harvests');
  await eva.step('fills in', async () => {
    await eva.page.fill('#name', run.slug);
    await eva.page.fill('#url', 'https://a.example/what');
  });
  await eva.press('form.questions button');
  await eva.look('harvest-told');
  await eva.page.selectOption('#kind', 'ldes');
  await eva.press('form.questions button');
  await eva.press('button[value="pause"]');
  seen.harvest = await eva.page.locator('h1').innerText();
  await eva.page.locator('details:has(#sure) summary').click();
  await eva.page.check('#sure');
  await eva.look('harvest-new');
  await eva.press('button[value="remove"]');
  seen.harvests = await eva.page.locator('article.harvest').count();
  await eva.open('/desk/harvests/ramsar');
  await eva.look('harvest');
  await eva.press('a[href*="/difference"]');
  await eva.look('harvest-difference');

  await cat.open(`/desk/${text}`);
  await cat.press('button[value="revert"]');
  await cat.look('published');
  await cat.open('/overlaps?group=all');
  seen.reverted = await overlap(cat);
  seen.gone = (await cat.page.context().request.get(`${url}/doc/resolution/${run.slug}`)).status();

  if (run.pages) {
    for (const [kind, path] of Object.entries(pages)) {
      Object.assign(ann.weight, { requests: 0, bodies: [] });
      await ann.open(path);
      const bytes = (await Promise.all(ann.weight.bodies)).reduce((sum, one) => sum + one, 0);
      found.budgets[kind] = { bytes, requests: ann.weight.requests, load: found.steps[ann.now] };
      await ann.look(kind);
    }
  }
  for (const person of [ann, ben, cat, eva]) await person.close();
}

// The same forms where no script runs: a status from its form to a draft.
async function unscripted(browser) {
  const run = { name: 'still', language: 'en', wide: true };
  const ann = await Person.enter(browser, run, 'ann', { javaScriptEnabled: false });
  await ann.signIn('/desk/status?thing=cbd-cop-12-99/1');
  await ann.step('fills in', async () => {
    await ann.page.selectOption('#status', 'implementation/implemented');
    await ann.page.fill('#since', '2020-01-31');
    await ann.page.fill('#evidence', 'https://www.cbd.int/decisions/');
  });
  await ann.press('form.questions button');
  found.seen.still = await ann.page.locator('#content').innerText();
  // Conflicts, settled one by one.
  await ann.open('/desk/1');
  for (const side of await ann.page.locator('.dispute').all()) await side.locator('input[value="ours"]').check();
  await ann.press('form.disputes button');
  found.seen.settled = await ann.page.locator('#content').innerText();
  await ann.close();
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const run of runs) await journey(browser, run);
  await unscripted(browser);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
}
