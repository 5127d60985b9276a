// Asks several endpoints as one with the Comunica engine: node several.mjs '{"sources", "query"}'
import { QueryEngine } from '@comunica/query-sparql';

const { sources, query } = JSON.parse(process.argv[2]);
let requests = 0;
const counting = (input, init) => {
  requests += 1;
  return fetch(input, init);
};
const found = await new QueryEngine().queryBindings(query, {
  sources: sources.map((value) => ({ type: 'sparql', value })),
  fetch: counting,
});
const rows = [];
for (const row of await found.toArray()) {
  rows.push(Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
}
console.log(JSON.stringify({ requests, rows }));
