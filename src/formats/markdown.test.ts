import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RenderOptions } from '../model/format.ts';
import { code, format, inline } from './markdown.ts';
import { healthy, hostile, reportOf, slowStart } from './sample-reports.test.ts';

const OPTIONS: RenderOptions = { colors: false, columns: 80, unicode: true, verbose: false, quiet: false };

test('markdown: verdict and mend in sight, the rest folded', () => {
  assert.equal(
    format.render(reportOf([slowStart]), OPTIONS),
    `### Warning: \`http://127.0.0.1:3001/mcp\`

**The server was refused at first and answered 2.1 s later.** (\`startup-race\`)

Proved:

- 127.0.0.1:3001 refused (ECONNREFUSED), open after 2.1 s

Mend:

1. Wait for the server before the client starts
   \`\`\`sh
   mcpreach wait http://127.0.0.1:3001/mcp
   \`\`\`

<details><summary>The way to the server</summary>

| layer | status | time | detail |
|---|---|---|---|
| tcp | ok | 2.1 s | 127.0.0.1:3001 refused at first, open after 2.1 s |

Server: late, protocol 2026-07-28

Diagnosed in 2.1 s.

</details>

<details><summary>Environment</summary>

mcpreach 0.1.0, linux, Node 20.20.2, no container, no WSL; 2026-11-20T12:00:00.000Z

</details>
`,
  );
});

test('markdown: counts several targets first', () => {
  assert.match(format.render(reportOf([healthy, slowStart]), OPTIONS), /^2 targets: 1 ok, 1 warning\.\n\n### OK: /);
});

test('markdown: foreign text is shown as it is, not as markup, mention or reference', () => {
  assert.equal(inline('a *b* <b>_x_ [l](u) |'), 'a \\*b\\* \\<b\\>\\_x\\_ \\[l\\](u) \\|');
  assert.equal(inline('ask @octocat about #1, see http://a/b_c.'), 'ask `@octocat` about `#1`, see `http://a/b_c`.');
  assert.equal(code('a `b` ``c'), '```a `b` ``c```');
  assert.equal(code('`'), '`` ` ``');
  const text = format.render(reportOf([hostile]), OPTIONS);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u0080-\u009f]/);
  assert.doesNotMatch(text, /^::/m);
});
