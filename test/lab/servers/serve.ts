/** `node serve.js APP --host H --port P [--options JSON] [--after MS]`: one server of the catalogue as a program. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { AppOptions } from './app.ts';
import { CATALOGUE } from './catalogue.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    options: { type: 'string', default: '{}' },
    after: { type: 'string', default: '0' },
  },
});

const create = CATALOGUE[positionals[0] ?? ''];
if (create === undefined) throw new Error(`no such server: ${positionals[0]}`);
const app = await create(JSON.parse(values.options) as AppOptions);
await sleep(Number(values.after));
const server = createServer(app.handle);
server.listen(Number(values.port), values.host, () => {
  console.log(`listening ${(server.address() as AddressInfo).port}`);
});
