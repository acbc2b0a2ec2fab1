import type { Report } from '../../src/model/report.ts';

/** A report with the given text in every place that can hold text from outside. */
export function sampleReport(text: string): Report {
  const remedy = { title: `Do this: ${text}`, automatic: false, file: null, diff: null, command: null, value: null } as const;
  return {
    schema: 'mcpreach.report/1',
    version: '0.0.0',
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 12,
    host: { platform: 'linux', node: '20.19.0', container: null, wsl: false },
    targets: [
      {
        name: `name ${text}`,
        client: null,
        source: null,
        transport: 'http',
        address: `http://127.0.0.1:3000/ ${text}`,
        status: 'failed',
        cause: 'server-error',
        certainty: 'proved',
        summary: `The server answered 500: ${text}.`,
        path: [
          { layer: 'tcp', status: 'ok', ms: 0.4, detail: `127.0.0.1:3000 open ${text}` },
          { layer: 'http', status: 'failed', ms: 3, detail: `500 ${text}` },
        ],
        findings: [
          {
            cause: 'server-error',
            severity: 'error',
            certainty: 'proved',
            summary: `The server answered 500: ${text}.`,
            evidence: [`body: ${text}`],
            hiddenBy: null,
            remedies: [
              { ...remedy, kind: 'run', command: `tail log ${text}` },
              { ...remedy, kind: 'edit', value: `http://127.0.0.1:3001/ ${text}`, file: `file ${text}`, diff: `- a\n+ ${text}\n` },
              { ...remedy, kind: 'set', value: text },
              { ...remedy, kind: 'tell' },
            ],
          },
        ],
        server: { name: `server ${text}`, version: `1 ${text}`, protocol: '2025-11-25', tools: 1 },
        durationMs: 12,
      },
    ],
    summary: { ok: 0, warning: 0, failed: 1, skipped: 0 },
  };
}

/** Every string in plain data. */
export function everyText(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(everyText) : [];
}
