// What walks through the pages share: what is wrong with a page, and how long a step may take.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Style, not soundness: how tags are spelt, lines end, long titles and quotes are.
    'valid-id': ['error', { relaxed: true }],
    'attr-quotes': 'off', 'doctype-style': 'off', 'long-title': 'off', 'no-trailing-whitespace': 'off',
    'void-style': 'off', 'no-implicit-button-type': 'off', 'no-raw-characters': 'off', 'tel-non-breaking': 'off',
    // A text may be pasted or come as a file, under one name.
    'form-dup-name': 'off',
    // A region that scrolls must be reachable, and a list of terms may name its group.
    'no-redundant-role': 'off', 'prefer-native-element': 'off', 'wcag/h63': 'off',
  },
});

export function watch(page, url, faults, name, expected = /^$/) {
  const weight = { requests: 0, bodies: [] };
  page.on('console', (message) => {
    const bad = ['error', 'warning'].includes(message.type()) && !expected.test(message.text());
    if (bad) faults.push(`${name()}: console ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${name()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
      faults.push(`${name()}: asks ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    weight.requests += 1;
    weight.bodies.push(response.body().then((body) => body.length, () => 0));
  });
  return weight;
}

export async function layout(page, faults, name, language) {
  const [over, said] = await page.evaluate(() => [
    document.documentElement.scrollWidth - innerWidth, document.documentElement.lang,
  ]);
  if (over > 0) faults.push(`${name}: wider than the screen by ${over}`);
  if (said !== language) faults.push(`${name}: language ${said}`);
}

// Only where scripts may run: without them what axe waits for never comes.
export async function accessible(page, faults, name, only = RULES) {
  await page.evaluate(axe);
  const report = await page.evaluate((runOnly) => window.axe.run({ runOnly }), only);
  for (const one of report.violations) {
    faults.push(`${name}: ${one.id} at ${one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 2).join(' | ')}`);
  }
}

export async function sound(text, faults, name) {
  const checked = await html.validateString(text);
  for (const message of checked.results.flatMap((result) => result.messages)) {
    faults.push(`${name}: HTML ${message.line}:${message.column} ${message.ruleId} ${message.message}`);
  }
}

// Do something within a time; what takes longer ends as an error that names it.
export async function within(name, seconds, act) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`'${name}' was not done in ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([act(), late]);
  } catch (error) {
    throw new Error(`${name}: ${error.message.slice(0, 600)}`);
  } finally {
    clearTimeout(timer);
  }
}
