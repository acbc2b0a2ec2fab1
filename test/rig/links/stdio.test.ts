/** The link to a program: real children that crash, talk beside their messages, start others, and say very much at once. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openStdioLink } from '../../../src/bridge/links/stdio.ts';
import type { Link, LinkFailure } from '../../../src/bridge/links/link.ts';
import { type Envelope, messageOf, readEnvelope } from '../../../src/wire/envelope.ts';

interface Opened {
  readonly link: Link;
  readonly got: Envelope[];
  readonly noise: string[];
  readonly lost: Promise<LinkFailure>;
}

/** A program in one line of JavaScript: `reply(id, result)` answers, `on(handler)` hears each message. */
async function open(t: TestContext, program: string): Promise<Opened> {
  const prelude = `
    const reply = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    const on = (handler) => require('readline').createInterface({ input: process.stdin }).on('line', (line) => handler(JSON.parse(line)));
    const keep = setInterval(() => {}, 1000);
  `;
  const got: Envelope[] = [];
  const noise: string[] = [];
  let tell: (why: LinkFailure) => void = () => undefined;
  const lost = new Promise<LinkFailure>((resolve) => (tell = resolve));
  const opened = await openStdioLink({
    command: [process.execPath, '-e', `${prelude}${program}`],
    cwd: process.cwd(),
    environment: { ...process.env },
    mask: (text) => text.replaceAll('sesame', '***'),
    onNoise: (line) => noise.push(line),
  })({ onMessage: (message) => got.push(message), onLost: (why) => tell(why) }, new AbortController().signal);
  if (opened.kind === 'failed') throw new Error(opened.why.detail);
  t.after(() => opened.link.close());
  return { link: opened.link, got, noise, lost };
}

const CALL = messageOf({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: {} });

/** Resolves when no process has this id any more. */
async function isGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('what is no message is not passed on, and hides no message', async (t) => {
  const { link, got, noise } = await open(t, `console.log('hello sesame'); on(({ id }) => { console.log('{"half'); reply(id, {}); });`);
  assert.equal((await link.send(CALL)).kind, 'done');
  assert.deepEqual(
    got.map(({ id }) => id),
    ['7'],
  );
  assert.deepEqual(noise, ['hello ***', '{"half']);
});

test('a program that ends in a call: the call may have run, and its last words are told, masked', async (t) => {
  const { link, lost } = await open(t, `on(() => { console.error('the sesame is on fire'); process.exit(3); });`);
  const outcome = await link.send(CALL);
  assert.equal(outcome.kind, 'unknown');
  const why = await lost;
  assert.deepEqual([why.kind, why.status, why.lastLines], ['ended', 3, ['the *** is on fire']]);
  assert.equal((await link.send(CALL)).kind, 'not-sent');
});

test('a program that cannot be started is said to be missing', async () => {
  const lost = await new Promise<LinkFailure>((resolve) => {
    void openStdioLink({ command: ['no-such-program-anywhere'], cwd: process.cwd(), environment: {}, mask: (text) => text })(
      { onMessage: () => undefined, onLost: resolve },
      new AbortController().signal,
    );
  });
  assert.deepEqual([lost.kind, lost.code], ['ended', 'ENOENT']);
});

test('64 MB on one line pass both ways, also while reading is paused for a moment', async (t) => {
  const { link, got } = await open(t, `on(({ id, params }) => reply(id, params));`);
  const size = 64 * 1024 * 1024;
  const sent = link.send(readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"${'y'.repeat(size)}"}`)));
  link.pause();
  setTimeout(() => link.resume(), 100);
  assert.equal((await sent).kind, 'done');
  assert.ok((got[0]?.bytes.length ?? 0) > size);
});

test('the end takes what the program had started along, within two seconds', async (t) => {
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
  const { link, got } = await open(
    t,
    `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { detached: true, stdio: 'ignore' });
     on(({ id }) => reply(id, [process.pid, child.pid]));`,
  );
  await link.send(CALL);
  const [own, grandchild] = JSON.parse(got[0]?.bytes.toString() ?? '').result as [number, number];
  const started = performance.now();
  await link.close();
  assert.ok(performance.now() - started < 2_000);
  await Promise.all([isGone(own), isGone(grandchild)]);
});
