import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../test/contracts/repository.ts';
import type { ConfigEntry } from '../model/config.ts';
import { checkConfigs } from './check.ts';
import { CLIENTS } from './index.gen.ts';
import { HERE, read, ruleOf } from '../../test/rig/clients.ts';
import { readEntry } from './read-entry.ts';
import { writeEntry } from './write-entry.ts';

const FOLDER = join(ROOT, 'test', 'samples', 'clients');
const SAMPLES = new Map(
  readdirSync(FOLDER).map((name) => [name.replace(/\..*$/, ''), { name, text: readFileSync(join(FOLDER, name), 'utf8') }]),
);

/** What an entry means, without where it stands and how it is spelled. */
function meaning({ name, transport, command, args, env, url, headers, headerVariables, timeoutMs, disabled }: ConfigEntry) {
  return { name, transport, command, args, env, url, headers, headerVariables, timeoutMs, disabled };
}

for (const client of CLIENTS) {
  const sample = SAMPLES.get(client.id);
  const reading = () => {
    assert.ok(sample, `no sample in test/samples/clients for ${client.id}`);
    const format = sample.name.replace(/^.*\./, '');
    return read(
      client.id,
      sample.text,
      undefined,
      client.files.some((rule) => rule.format === format && rule.read === undefined) ? format : undefined,
    );
  };

  test(`${client.id}: the sample is read into its entries, and nothing is wrong with it`, () => {
    const { entries, problems, text, document } = reading();
    assert.deepEqual(problems, []);
    const [files, search] = entries;
    assert.ok(files);
    assert.deepEqual(
      { ...meaning(files), timeoutMs: null, disabled: false },
      {
        name: 'files',
        transport: 'stdio',
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-filesystem@2025.8.21', '/tmp'],
        env: { LOG_LEVEL: 'debug' },
        url: null,
        headers: {},
        headerVariables: {},
        timeoutMs: null,
        disabled: false,
      },
    );
    const at = files.at['args.2']?.position;
    assert.ok(at, 'the last argument has a place');
    assert.match(text.slice(at.offset, at.offset + at.length), /^["']?\/tmp["']?$/);
    assert.ok(document.positionOf(files.path));
    if (client.shape.urls.length === 0) return;
    assert.ok(search);
    assert.equal(search.name, 'search');
    assert.equal(search.transport, 'http');
    assert.equal(search.url, 'https://search.example/mcp');
    assert.ok('Authorization' in search.headers || 'Authorization' in search.headerVariables);
    assert.equal(entries.length, 2);
  });

  test(`${client.id}: with its variable set, no check fires on the sample`, () => {
    const found = checkConfigs([client], [reading()], { ...HERE, environment: { SEARCH_TOKEN: 'set' } });
    assert.deepEqual(
      found.map(({ code, summary }) => `${code}: ${summary}`),
      [],
    );
  });

  test(`${client.id}: what is written means what was read`, () => {
    const { entries, file, document, lineAt } = reading();
    const rule = ruleOf(client);
    for (const entry of entries) {
      const raw = writeEntry(client.shape, entry, rule.list === true);
      assert.ok(raw, `${entry.name} cannot be written`);
      const again = readEntry({ client, shape: client.shape, file, document, lineAt, name: entry.name, path: entry.path, raw });
      assert.deepEqual(again.problems, []);
      assert.ok(again.entry);
      assert.deepEqual(meaning(again.entry), meaning(entry));
    }
  });
}
