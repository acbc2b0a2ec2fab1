import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRedactor } from '../model/redact.ts';
import { readStdioTarget } from './stdio-target.ts';

const environment = { PATH: '/home/dev/.nvm/bin:/usr/bin', HOME: '/home/dev', USER: 'dev', EDITOR: 'vi', RIG_TOKEN: 'inherited-token' };

test('a command line is shown as one would type it, without its secrets', () => {
  const table: readonly (readonly [string, readonly string[], string])[] = [
    ['npx', ['-y', '@scope/server@1.2.3'], 'npx -y @scope/server@1.2.3'],
    ['node', ['server.js', '--api-key', 'abcd1234'], 'node server.js --api-key ***'],
    ['node', ['server.js', '--api-key=abcd1234', '--port', '3000'], 'node server.js --api-key=*** --port 3000'],
    ['server', ['postgres://me:pass1234@db/x'], 'server postgres://***@db/x'],
    ['server', ['--verbose-token', '--stdio'], 'server --verbose-token --stdio'],
  ];
  for (const [command, args, shown] of table) assert.equal(readStdioTarget({ command, args }, { environment }).target.display, shown);
});

test('what the server gets: what the client passes on, then its own variables', () => {
  const given = (input: object) => readStdioTarget({ command: 'x', ...input }, { environment }).launch.environment;
  assert.deepEqual(given({}), environment);
  assert.deepEqual(given({ inherits: ['EDITOR'], env: { A: '1' } }), { EDITOR: 'vi', A: '1' });
  if (process.platform === 'win32') return;
  assert.deepEqual(given({ inherits: 'sdk' }), { PATH: environment.PATH, HOME: '/home/dev', USER: 'dev' });
  const client = { id: 'desktop', startupLimitMs: 1, gui: true, needsCmdWrapper: false };
  assert.doesNotMatch(given({ client })['PATH'] ?? '', /nvm/);
  assert.equal(given({ client, env: { PATH: '/mine' } })['PATH'], '/mine');
});

test('the limit is the one of the client', () => {
  const client = { id: 'desktop', startupLimitMs: 60_000, gui: true, needsCmdWrapper: false };
  assert.equal(readStdioTarget({ command: 'x', client }, { environment }).target.limitMs, 60_000);
  assert.equal(readStdioTarget({ command: 'x' }, { environment }).target.limitMs, 10_000);
});

test('an empty command is wrong use', () => {
  assert.throws(() => readStdioTarget({ command: ' ' }, { environment }), { name: 'UsageError', code: 'empty-command' });
});

test('no value of a variable or a secret argument gets through the redactor', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/_~.-]{6,30}$/);
  fc.assert(
    fc.property(secret, secret, secret, (own, flagged, password) => {
      const args = ['--token', `s${flagged}`, `--api-key=${flagged}`, `redis://me:${encodeURIComponent(password)}@host/0`];
      const { target, secrets } = readStdioTarget({ command: 'serve', args, env: { ANYTHING: own } }, { environment });
      const redact = createRedactor();
      for (const one of secrets) redact.add(one);
      const said = redact.text(`${target.display} said ${own} and s${flagged} and ${encodeURIComponent(password)} and inherited-token`);
      for (const one of [own, flagged, encodeURIComponent(password), 'inherited-token']) assert.ok(!said.includes(one), said);
    }),
  );
});
