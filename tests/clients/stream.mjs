// Replicates the stream of a running dtrack with ldes-client: node stream.mjs '{"url"}'
import { intoConfig, replicateLDES } from 'ldes-client';

const { url } = JSON.parse(process.argv[2]);
// Its notices would stand in the answer.
console.error = console.info = () => {};
const config = intoConfig({ url: `${url}/ldes`, fetch: globalThis.fetch });
const reader = replicateLDES(config, 'ascending').stream({ highWaterMark: 10 }).getReader();
const members = [];
for (;;) {
  const { done, value } = await reader.read();
  if (done) break;
  members.push({
    id: value.id.value,
    of: value.isVersionOf,
    quads: value.quads.length,
    at: value.timestamp,
  });
}
process.stdout.write(`\n${JSON.stringify(members)}\n`);
