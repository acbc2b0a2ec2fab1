import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HERE, read } from '../../test/rig/clients.ts';
import { checkConfigs } from './check.ts';
import { CLIENTS } from './index.gen.ts';

const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/).map((text) => `Zq${text}`);

test('nothing that is said about a file shows a secret of it, however broken the file is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CLIENTS.filter(({ files }) => files[0]?.format === 'json')),
      secret,
      fc.integer({ min: 30, max: 1000 }),
      (client, value, cut) => {
        const entry = {
          [client.shape.command]: 'npx -y thing',
          type: 'wrong',
          env: { ODD: value, PORT: 1 },
          headers: { 'X-Odd': value },
          args: ['--api-key', value, 7, `--token=${value}`],
          url: `localhost:1/?key=${value}`,
          timeout: 5,
          cwd: '~/x',
        };
        const key = client.files[0]?.keys[0]?.[0] ?? 'mcpServers';
        for (const indent of [0, 2]) {
          const whole = JSON.stringify({ [key]: { 'a b': entry } }, null, indent);
          for (const text of [whole, whole.slice(0, cut), whole.replace('{', '{ // x\n')]) {
            const reading = read(client.id, text, client.files[0]?.scope);
            for (const { summary, line, advice, mend } of [...reading.problems, ...checkConfigs([client], [reading], HERE)]) {
              for (const said of [summary, line, advice ?? '', mend?.title ?? '']) {
                // A cut may leave the first letters of a value, which nobody can know for one.
                assert.ok(!said.includes(value), said);
              }
            }
          }
        }
      },
    ),
    // Thousands in test/rig/secrets.test.ts, which says how many.
    { numRuns: fc.readConfigureGlobal().numRuns ?? 25 },
  );
});
