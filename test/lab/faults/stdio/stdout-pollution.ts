import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { scriptCommand, type ScriptParts, scriptSource } from '../../servers/stdio-script.ts';

const SURVIVED = { status: 'warning', findings: ['stdout-pollution'] } as const;
const BROKEN = { status: 'failed', cause: 'stdout-pollution' } as const;
/** Broken ones never answer: what is waited for is not the point. */
const IMPATIENT = ['--timeout', '2500'];

async function script(bench: Bench, parts: ScriptParts, args: readonly string[] = []): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts), args };
}

/** Answers `initialize` with the text that this JavaScript makes of `text`, one line of JSON. */
function writing(expression: string): ScriptParts {
  return {
    initialize: `const text = JSON.stringify({ jsonrpc: '2.0', id, result: hello('2025-11-25') }); process.stdout.write(${expression});`,
  };
}

export default [
  defineFault({
    id: 'stdio/stdout-pollution/banner',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.log('Lab server v1.0 is ready');" }),
    expect: { ...SURVIVED, says: /Lab server v1\.0/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/debug-lines',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, { initialize: "console.log('\\u001b[36mDEBUG\\u001b[0m got', method); answer(hello('2025-11-25'));" }),
    expect: SURVIVED,
  }),
  defineFault({
    id: 'stdio/stdout-pollution/json-log-lines',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.log(JSON.stringify({ level: 30, time: 1, msg: 'server started' }));" }),
    expect: { ...SURVIVED, says: /server started/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/npm-start',
    group: 'stdio',
    async arrange(bench) {
      const server = await bench.file('server.mjs', scriptSource());
      const scripts = { start: 'node server.mjs' };
      await writeFile(join(dirname(server), 'package.json'), JSON.stringify({ name: 'lab', version: '1.0.0', scripts }));
      return { command: ['npm', 'start'], cwd: dirname(server) };
    },
    expect: SURVIVED,
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/stdout-pollution/wrapper-script',
    group: 'stdio',
    async arrange(bench) {
      const command = (await scriptCommand(bench)).join(' ');
      return { command: [await bench.executable('start.sh', `#!/bin/sh\necho "Activating the environment"\nexec ${command}\n`)] };
    },
    expect: { ...SURVIVED, says: /Activating/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/same-line',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "process.stdout.write('Loading the model ... ');" }, IMPATIENT),
    expect: { ...BROKEN, certainty: 'proved', says: /same line/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/content-length',
    group: 'stdio',
    arrange: (bench) => script(bench, writing("'Content-Length: ' + text.length + '\\r\\n\\r\\n' + text"), IMPATIENT),
    expect: { ...BROKEN, says: /Content-Length/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/pretty-printed',
    group: 'stdio',
    arrange: (bench) => script(bench, writing("JSON.stringify(JSON.parse(text), null, 2) + '\\n'"), IMPATIENT),
    expect: { ...BROKEN, says: /several lines/ },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/no-line-end',
    group: 'stdio',
    arrange: (bench) => script(bench, writing('text'), IMPATIENT),
    expect: { ...BROKEN, cause: ['stdout-pollution', 'timeout-hang'] },
  }),
  defineFault({
    id: 'stdio/stdout-pollution/byte-order-mark',
    group: 'stdio',
    arrange: (bench) => script(bench, writing("'\\ufeff' + text + '\\n'"), IMPATIENT),
    expect: BROKEN,
  }),
  defineFault({
    id: 'stdio/stdout-pollution/echo',
    group: 'stdio',
    arrange: () => ({ command: ['cat'], args: IMPATIENT }),
    expect: BROKEN,
  }),
  defineFault({
    id: 'stdio/stdout-pollution/without-end',
    group: 'stdio',
    arrange: () => ({ command: ['yes'], args: ['--timeout', '4000'] }),
    expect: BROKEN,
    within: 15_000,
  }),
  defineNearMiss({
    id: 'stdio/stdout-pollution/banner-on-stderr',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('Lab server v1.0 is ready');" }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/stdout-pollution/windows-line-ends',
    group: 'stdio',
    arrange: (bench) => script(bench, writing("text + '\\r\\n'")),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/stdout-pollution/one-byte-at-a-time',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, {
        initialize: `const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: hello('2025-11-25'), lab: 'Zürich ✓' }) + '\\n');
let at = 0; const next = () => { if (at < bytes.length) process.stdout.write(bytes.subarray(at, ++at), () => setImmediate(next)); }; next();`,
      }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/stdout-pollution/log-notifications',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, { boot: "send({ method: 'notifications/message', params: { level: 'info', data: 'Lab server is ready' } });" }),
    expect: { status: 'ok' },
  }),
];
