// Asks a running dtrack with the Comunica engine: node comunica.mjs '{"url", "key", "pages", "update"}'
import { QueryEngine } from '@comunica/query-sparql';

const { url, key, pages, update } = JSON.parse(process.argv[2]);
const engine = new QueryEngine();
const source = { type: 'sparql', value: `${url}/sparql` };

async function values(query) {
  const rows = await (await engine.queryBindings(query, { sources: [source] })).toArray();
  return rows.map((row) => row.get('s').value);
}

const found = { pages: [] };
for (const page of pages) {
  found.pages.push(await values(page));
}
const send = async (headers) => {
  const statuses = [];
  const fetchWith = async (input, init = {}) => {
    const all = new Headers(init.headers);
    Object.entries(headers).forEach(([name, value]) => all.set(name, value));
    const response = await fetch(input, { ...init, headers: all });
    if (init.method === 'POST') statuses.push(response.status);
    return response;
  };
  const destination = { type: 'sparql', value: `${url}/update` };
  // A refusal is an error, and its status is noted.
  await engine
    .queryVoid(update, { sources: [source], destination, fetch: fetchWith })
    .catch(() => {});
  return statuses.at(-1);
};
found.refused = await send({});
found.updated = await send({ Authorization: `Bearer ${key}` });
console.log(JSON.stringify(found));
