/** Reports written by hand after the contract, for tests of what is shown. */
import type { Report, ReportFinding, ReportTarget } from '../model/report.ts';

const finding = (given: Partial<ReportFinding> & Pick<ReportFinding, 'cause' | 'summary'>): ReportFinding => ({
  severity: 'error',
  certainty: 'proved',
  evidence: [],
  hiddenBy: null,
  remedies: [],
  ...given,
});

const target = (given: Partial<ReportTarget> & Pick<ReportTarget, 'address' | 'status' | 'summary'>): ReportTarget => ({
  name: given.address,
  client: null,
  source: null,
  transport: 'http',
  cause: null,
  certainty: null,
  path: [],
  findings: [],
  server: null,
  durationMs: 12.4,
  ...given,
});

/** A report over these targets, counted. */
export function reportOf(targets: readonly ReportTarget[]): Report {
  const count = (status: ReportTarget['status']) => targets.filter((one) => one.status === status).length;
  return {
    schema: 'mcpreach.report/1',
    version: '0.1.0',
    startedAt: '2026-11-20T12:00:00.000Z',
    durationMs: 812,
    host: { platform: 'linux', node: '20.20.2', container: null, wsl: false },
    targets,
    summary: { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') },
  };
}

export const healthy = target({
  address: 'http://127.0.0.1:3000/mcp',
  status: 'ok',
  summary: 'everything 1.0.0 answers with 13 tools over MCP 2025-11-25.',
  path: [
    { layer: 'tcp', status: 'ok', ms: 0.42, detail: '127.0.0.1:3000 open' },
    { layer: 'proxy', status: 'skipped', ms: null, detail: 'none applies' },
    { layer: 'http', status: 'ok', ms: 3.21, detail: 'POST answered with 200' },
    { layer: 'mcp', status: 'ok', ms: 11.8, detail: 'initialize: everything 1.0.0, 2025-11-25' },
    { layer: 'tools', status: 'ok', ms: 2, detail: '13 tools' },
  ],
  server: { name: 'everything', version: '1.0.0', protocol: '2025-11-25', tools: 13 },
});

export const oneFamily = target({
  address: 'http://localhost:3000/mcp',
  status: 'failed',
  cause: 'ipv6-localhost',
  certainty: 'proved',
  summary: 'localhost is ::1 here, but the server listens on 127.0.0.1:3000 only.',
  path: [
    { layer: 'dns', status: 'ok', ms: 0.31, detail: 'localhost is ::1' },
    { layer: 'tcp', status: 'failed', ms: 0.44, detail: '::1:3000 refused; 127.0.0.1:3000 open' },
    { layer: 'http', status: 'skipped', ms: null, detail: '' },
    { layer: 'mcp', status: 'skipped', ms: null, detail: '' },
    { layer: 'tools', status: 'skipped', ms: null, detail: '' },
  ],
  findings: [
    finding({
      cause: 'ipv6-localhost',
      summary: 'localhost is ::1 here, but the server listens on 127.0.0.1:3000 only.',
      evidence: [
        '::1:3000 refused the connection (ECONNREFUSED)',
        'http://127.0.0.1:3000/mcp answered the handshake: everything 1.0.0, protocol 2025-11-25, 13 tools, in 11 ms',
      ],
      remedies: [
        {
          kind: 'edit',
          title: 'Use the address the server listens on',
          automatic: false,
          file: null,
          diff: null,
          command: null,
          value: 'http://127.0.0.1:3000/mcp',
        },
        {
          kind: 'run',
          title: 'See who listens, and where',
          automatic: false,
          file: null,
          diff: null,
          command:
            "ss --listening --tcp --numeric --processes 'sport = :3000' # shows address, process id and command of every listener on that port",
          value: null,
        },
      ],
    }),
    finding({
      cause: 'wrong-path',
      summary: 'There is no MCP endpoint at /mcp; /api/mcp answers.',
      remedies: [
        {
          kind: 'edit',
          title: 'Change the path',
          automatic: false,
          file: null,
          diff: null,
          command: null,
          value: 'http://127.0.0.1:3000/api/mcp',
        },
      ],
    }),
    finding({ cause: 'localhost-in-url', severity: 'advice', summary: 'localhost can mean two addresses; a literal cannot be mistaken.' }),
    finding({ cause: 'server-not-running', certainty: 'possible', summary: 'Nothing listens on ::1:3000.', hiddenBy: 'ipv6-localhost' }),
  ],
});

export const slowStart = target({
  address: 'http://127.0.0.1:3001/mcp',
  status: 'warning',
  summary: 'The server was refused at first and answered 2.1 s later.',
  path: [{ layer: 'tcp', status: 'ok', ms: 2104, detail: '127.0.0.1:3001 refused at first, open after 2.1 s' }],
  findings: [
    finding({
      cause: 'startup-race',
      severity: 'warning',
      summary: 'The server was refused at first and answered 2.1 s later.',
      evidence: ['127.0.0.1:3001 refused (ECONNREFUSED), open after 2.1 s'],
      remedies: [
        {
          kind: 'run',
          title: 'Wait for the server before the client starts',
          automatic: false,
          file: null,
          diff: null,
          command: 'mcpreach wait http://127.0.0.1:3001/mcp',
          value: null,
        },
      ],
    }),
  ],
  server: { name: 'late', version: null, protocol: '2026-07-28', tools: null },
  durationMs: 2130,
});

/** Everything foreign in it is hostile. */
export const hostile = target({
  address: 'http://127.0.0.1:3002/mcp',
  status: 'failed',
  cause: 'not-mcp',
  certainty: 'likely',
  summary: 'Port 3002 says "\u001b[31mSSH-2.0\u001b]0;owned\u0007\u0000\u202e", which is not MCP.',
  path: [{ layer: 'http', status: 'failed', ms: 1.5, detail: 'banner \u001b[2J`|<b>@octocat #1\r\n::error::x' }],
  findings: [
    finding({
      cause: 'not-mcp',
      certainty: 'likely',
      summary: 'Port 3002 says something else.',
      evidence: ['banner: \u009b31m50% done, a:b\r\n::error::injected'],
      remedies: [
        {
          kind: 'run',
          title: 'Look at it',
          automatic: false,
          file: null,
          diff: null,
          command: 'nc 127.0.0.1 3002\nrm -rf \u001b[8m~',
          value: null,
        },
      ],
    }),
  ],
});
