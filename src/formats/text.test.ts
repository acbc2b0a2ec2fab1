import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RenderOptions } from '../model/format.ts';
import type { ReportTarget } from '../model/report.ts';
import { healthy, hostile, oneFamily, reportOf, slowStart } from './sample-reports.test.ts';
import { format } from './text.ts';
import { createTextStream } from './text-stream.ts';

const PLAIN: RenderOptions = { colors: false, columns: 80, unicode: true, verbose: false, quiet: false };

test('text: the way, the verdict with its evidence, the mend, and what else was found', () => {
  assert.equal(
    format.render(reportOf([oneFamily]), PLAIN),
    `http://localhost:3000/mcp
  ✓ dns     localhost is ::1                                              0.3 ms
  ✗ tcp     ::1:3000 refused; 127.0.0.1:3000 open                         0.4 ms
  – http, mcp, tools not reached

Failed: localhost is ::1 here, but the server listens on 127.0.0.1:3000 only.
  Proved (ipv6-localhost):
  • ::1:3000 refused the connection (ECONNREFUSED)
  • http://127.0.0.1:3000/mcp answered the handshake: everything 1.0.0, protocol
    2025-11-25, 13 tools, in 11 ms

Mend:
  1. Use the address the server listens on
       http://127.0.0.1:3000/mcp
  2. See who listens, and where
       ss --listening --tcp --numeric --processes 'sport = :3000' # shows address, process id and command of every listener on that port

Also found:
  ✗ Next error: There is no MCP endpoint at /mcp; /api/mcp answers. (wrong-path)
    → Change the path
        http://127.0.0.1:3000/api/mcp
  i Advice: localhost can mean two addresses; a literal cannot be mistaken.
    (localhost-in-url)
`,
  );
});

test('text: a healthy server, in ASCII', () => {
  assert.equal(
    format.render(reportOf([healthy]), { ...PLAIN, unicode: false }),
    `http://127.0.0.1:3000/mcp
  + tcp     127.0.0.1:3000 open                                           0.4 ms
  - proxy   none applies
  + http    POST answered with 200                                        3.2 ms
  + mcp     initialize: everything 1.0.0, 2025-11-25                       12 ms
  + tools   13 tools                                                      2.0 ms

OK: everything 1.0.0 answers with 13 tools over MCP 2025-11-25.
`,
  );
});

test('text: many targets are a table, with the mends below', () => {
  const text = format.render(reportOf([healthy, slowStart, healthy, hostile]), PLAIN);
  assert.equal(
    text,
    `  ✓ http://127.0.0.1:3000/mcp  ok              12 ms
  ! http://127.0.0.1:3001/mcp  startup-race    2.1 s
  ✓ http://127.0.0.1:3000/mcp  ok              12 ms
  ✗ http://127.0.0.1:3002/mcp  not-mcp         12 ms

http://127.0.0.1:3001/mcp
Warning: The server was refused at first and answered 2.1 s later.
  Proved (startup-race):
  • 127.0.0.1:3001 refused (ECONNREFUSED), open after 2.1 s

Mend:
  1. Wait for the server before the client starts
       mcpreach wait http://127.0.0.1:3001/mcp

http://127.0.0.1:3002/mcp
Failed: Port 3002 says "SSH-2.0\\x00\\u202e", which is not MCP.
  Likely, not proved (not-mcp):
  • banner: 50% done, a:b ::error::injected

Mend:
  1. Look at it
       nc 127.0.0.1 3002\\x0arm -rf \\x1b[8m~

4 targets: 2 ok, 1 warning, 1 failed.
`,
  );
});

test('text: quiet is one line per target', () => {
  assert.equal(
    format.render(reportOf([healthy, oneFamily]), { ...PLAIN, quiet: true }),
    `✓ http://127.0.0.1:3000/mcp: everything 1.0.0 answers with 13 tools over MCP 2025-11-25.
✗ http://localhost:3000/mcp: localhost is ::1 here, but the server listens on 127.0.0.1:3000 only. (ipv6-localhost)
`,
  );
});

test('text: verbose shows what is folded away otherwise', () => {
  const text = format.render(reportOf([oneFamily]), { ...PLAIN, verbose: true });
  assert.match(text, /– Explained by ipv6-localhost: Nothing listens on ::1:3000\./);
  assert.match(text, /\n {2}– mcp {5}not reached\n {2}– tools {3}not reached\n/);
});

test('text: no line is wider than the terminal, except for what must not be broken', () => {
  for (const columns of [40, 80, 120, 300]) {
    const width = Math.min(columns, 110);
    for (const line of format.render(reportOf([oneFamily, healthy, slowStart]), { ...PLAIN, columns }).split('\n')) {
      assert.ok(line.length <= width || /ss --listening|http:/.test(line), line);
    }
  }
});

test('text: colours are escape sequences around the very same text', () => {
  const report = reportOf([oneFamily, hostile]);
  const colored = format.render(report, { ...PLAIN, colors: true });
  assert.match(colored, /\u001b\[1m/);
  // Blanks at the end of a line may hide inside a colour.
  const stripped = colored.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, '');
  assert.equal(stripped, format.render(report, PLAIN));
});

test('text: nothing foreign acts on the terminal', () => {
  for (const quiet of [false, true]) {
    const text = format.render(reportOf([hostile]), { ...PLAIN, quiet, verbose: !quiet });
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  }
});

/** Feeds targets into a stream, side by side: one event of each in turn. */
function streamed(targets: readonly ReportTarget[], options: RenderOptions): string[] {
  const stream = createTextStream(options, targets.length);
  const queues = targets.map((target, index) => [
    { kind: 'target-started', index, address: target.address } as const,
    ...target.path.map((step) => ({ kind: 'step', index, step }) as const),
    { kind: 'target-finished', index, target } as const,
  ]);
  const pieces: string[] = [];
  while (queues.some((queue) => queue.length > 0)) {
    for (const queue of queues.toReversed()) {
      const event = queue.shift();
      if (event !== undefined) pieces.push(stream.event(event));
    }
  }
  return [...pieces, stream.end(reportOf(targets))];
}

test('text: the pieces of a stream are the whole document, in the order of the targets', () => {
  for (const targets of [[oneFamily], [healthy, oneFamily, hostile], [healthy, oneFamily, hostile, slowStart]]) {
    for (const options of [PLAIN, { ...PLAIN, quiet: true }, { ...PLAIN, verbose: true, colors: true }]) {
      assert.equal(streamed(targets, options).join(''), format.render(reportOf(targets), options));
    }
  }
});

test('text: a layer is printed as soon as it is known', () => {
  const [heading, dns, tcp] = streamed([oneFamily], PLAIN);
  assert.equal(heading, 'http://localhost:3000/mcp\n');
  assert.match(dns ?? '', /^ {2}✓ dns .*\n$/);
  assert.match(tcp ?? '', /^ {2}✗ tcp .*\n$/);
});
