/** What the logs of clients add to a diagnosis, and what they must not add. */
import { mkdir, open, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Report, ReportLog } from '../../../src/model/report.ts';
import type { DoctorRun } from '../doctor.ts';
import { defineFault, defineNearMiss, defineRefusal } from '../fault.ts';
import { BY_COMMAND, jsonWith, type LabClient, machine, type Machine, USER_FILE } from '../servers/machine.ts';

const HOUR_MS = 3_600_000;

/** The time so many hours ago, as most logs write it. */
function ago(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

/** The same without a zone, in local time, as editors write it. */
function agoLocal(hours: number): string {
  const at = new Date(Date.now() - hours * HOUR_MS);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.000`;
}

const DESKTOP_LOGS = '~/.config/Claude/logs';
const CODE_LOGS = '~/.cache/claude-cli-nodejs/-home-ada-app';
const NOBODY = { command: 'mcp-server-of-nobody', args: [] };
/** Found along the PATH, so that a client may not find it. */
const BY_NAME = { command: 'node', args: ['<server>'] };
const MISSING = { status: 'failed', cause: 'command-not-found', layer: 'process' } as const;
// The machine's healthy server is on another port: that it is meant is for the doctor to say.
const REFUSED = { status: 'failed', cause: ['server-not-running', 'wrong-port'], layer: 'tcp' } as const;
const AT_PORT = 'http://127.0.0.1:<port>/mcp';

interface LogCase {
  readonly client: LabClient;
  readonly config: string;
  readonly logs?: Machine['files'];
  /** Files for `--log`, in the project. */
  readonly named?: readonly string[];
}

/** One client with one server called `lab`, and logs. */
function one({ client, config, logs = {}, named = [] }: LogCase): Machine {
  return {
    files: { [USER_FILE[client]]: config, ...logs },
    words: [`${client}:lab`],
    args: ['--patience', '0', ...named.flatMap((file) => ['--log', file])],
  };
}

function logOf({ document }: DoctorRun): ReportLog | undefined {
  return (document as Report | null)?.targets[0]?.log;
}

/** Claims that no failure was found in any log. */
function noFailure(run: DoctorRun): readonly string[] {
  const failure = logOf(run)?.failure ?? null;
  return failure === null ? [] : [`took "${failure.text}" of ${failure.file} for a failure of this server`];
}

function desktopFailure(server: string, hours: number): string {
  return `${ago(hours)} [${server}] [info] Initializing server...
${ago(hours)} [${server}] [error] spawn mcp-server-of-nobody ENOENT {"context":"connection","stack":"Error: spawn mcp-server-of-nobody ENOENT"}
${ago(hours)} [${server}] [info] Server transport closed
${ago(hours)} [${server}] [error] Server disconnected. For troubleshooting guidance, please visit our [debugging documentation](https://modelcontextprotocol.io/docs/tools/debugging)
`;
}

export default [
  defineFault({
    id: 'logs/claude-desktop',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'claude-desktop',
          config: jsonWith('mcpServers', NOBODY),
          logs: { [`${DESKTOP_LOGS}/mcp-server-lab.log`]: desktopFailure('lab', 2) },
        }),
      ),
    expect: { ...MISSING, says: /mcp-server-lab\.log, 2 hours ago: "spawn mcp-server-of-nobody ENOENT"/ },
  }),
  defineFault({
    id: 'logs/claude-code-json-lines',
    group: 'config',
    arrange: (bench) =>
      machine(bench, {
        ...one({
          client: 'claude-code',
          config: jsonWith('mcpServers', BY_COMMAND),
          logs: {
            [`${CODE_LOGS}/mcp-logs-lab/2026-11-28T07-26-37-010Z.jsonl`]: `{"debug":"Starting connection with timeout of 30000ms","timestamp":"${ago(1)}"}
{"error":"Server stderr: Traceback (most recent call last):\\n  File \\"server.py\\", line 3\\nModuleNotFoundError: No module named 'memory'\\n","timestamp":"${ago(1)}"}
{"error":"Connection failed: MCP error -32000: Connection closed","timestamp":"${ago(1)}"}
`,
          },
        }),
        script: { boot: "console.error('Error: Cannot find module ./memory.js'); process.exit(1);" },
      }),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /jsonl, 60 minutes ago: "ModuleNotFoundError: No module named 'memory'"/ },
  }),
  defineFault({
    id: 'logs/vscode-http',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'vscode',
          config: jsonWith('servers', { type: 'http', url: AT_PORT }),
          logs: {
            '~/.config/Code/logs/20261128T110903/window1/mcpServer.mcp.config.usrlocal.lab.log': `${agoLocal(3)} [info] Starting server lab
${agoLocal(3)} [info] Connection state: Running
${agoLocal(3)} [info] Connection state: Error Error sending message to ${AT_PORT}: connect ECONNREFUSED 127.0.0.1:<port>
`,
          },
        }),
      ),
    expect: { ...REFUSED, says: /usrlocal\.lab\.log, 3 hours ago: "Connection state: Error .*ECONNREFUSED/ },
  }),
  defineFault({
    id: 'logs/codex-by-address',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'codex',
          config: `[mcp_servers.lab]\nurl = "${AT_PORT}"\n`,
          logs: {
            '~/.codex/log/codex-tui.log': `${ago(5)} ERROR codex_core::codex: MCP client failed to start: error sending request for url (${AT_PORT}): tcp connect error: Connection refused (os error 111)\n`,
          },
        }),
      ),
    expect: { ...REFUSED, says: /codex-tui\.log, 5 hours ago: "ERROR codex_core::codex: .*os error 111/ },
  }),
  defineFault({
    id: 'logs/crush-json',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'crush',
          config: jsonWith('mcp', { type: 'http', url: AT_PORT }),
          logs: {
            '.crush/logs/crush.log': `{"time":"${ago(4)}","level":"ERROR","msg":"MCP client failed to initialize","name":"lab","error":"calling \\"initialize\\": dial tcp 127.0.0.1:<port>: connect: connection refused"}\n`,
          },
        }),
      ),
    expect: { ...REFUSED, says: /crush\.log, 4 hours ago: "ERROR MCP client failed/ },
  }),
  defineFault({
    id: 'logs/path-of-the-client',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'claude-code',
          config: jsonWith('mcpServers', BY_NAME),
          logs: { 'mcp.log': `${ago(2)} [error] [lab] spawn node ENOENT\n` },
          named: ['mcp.log'],
        }),
      ),
    expect: { status: 'warning', findings: ['env-path-missing'], says: /mcp\.log, 2 hours ago: "spawn node ENOENT"/, remedy: /full path/ },
  }),
  defineFault({
    id: 'logs/rotated',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'claude-desktop',
          config: jsonWith('mcpServers', NOBODY),
          logs: {
            [`${DESKTOP_LOGS}/mcp-server-lab.log`]: '',
            [`${DESKTOP_LOGS}/mcp-server-lab.log.1`]: desktopFailure('lab', 6),
            [`${DESKTOP_LOGS}/mcp-server-lab.log.2.gz`]: gzipSync(desktopFailure('lab', 30)),
          },
        }),
      ),
    expect: { ...MISSING, says: /mcp-server-lab\.log\.1, 6 hours ago/ },
  }),
  defineFault({
    id: 'logs/utf-16-with-colours',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'claude-code',
          config: jsonWith('mcpServers', NOBODY),
          logs: {
            'copy.txt': Buffer.from(
              `\uFEFF${ago(2)} \u001b[31m[error]\u001b[0m [lab] spawn mcp-server-of-nobody ENOENT\r\n${ago(2)} [info] 其他\r\n`,
              'utf16le',
            ),
          },
          named: ['copy.txt'],
        }),
      ),
    expect: { ...MISSING, says: /copy\.txt, 2 hours ago: "spawn mcp-server-of-nobody ENOENT"/ },
  }),
  defineFault({
    id: 'logs/with-secrets',
    group: 'config',
    secrets: ['hunter2-token', 'hunter2-key', 'hunter2-env'],
    async arrange(bench) {
      const config = jsonWith('mcpServers', { ...NOBODY, env: { LAB_VALUE: 'hunter2-env-value' } });
      const line = `${ago(1)} [error] [lab] spawn mcp-server-of-nobody ENOENT Authorization: Bearer hunter2-token --api-key hunter2-key LAB=hunter2-env-value in /home/ada/x\n`;
      const logs = { [`${DESKTOP_LOGS}/mcp-server-lab.log`]: line };
      return {
        ...(await machine(bench, one({ client: 'claude-desktop', config, logs }))),
        check: ({ stdout }) => (stdout.includes('/home/ada') ? ['shows a home folder'] : []),
      };
    },
    expect: { ...MISSING, says: /spawn mcp-server-of-nobody ENOENT/ },
  }),
  defineRefusal({
    id: 'logs/no-such-file',
    group: 'config',
    arrange: () => ({ url: 'http://127.0.0.1:9/mcp', args: ['--log', 'nowhere.log'] }),
    says: /--log nowhere\.log: there is no such file/,
  }),
  defineRefusal({
    id: 'logs/a-folder',
    group: 'config',
    arrange: () => ({ url: 'http://127.0.0.1:9/mcp', args: ['--log', '.'] }),
    says: /--log \.: this is a folder; name the files/,
  }),
  defineNearMiss({
    id: 'logs/similar-name',
    group: 'config',
    async arrange(bench) {
      const logs = {
        [`${DESKTOP_LOGS}/mcp.log`]: desktopFailure('lab-extra', 1).replaceAll('mcp-server-of-nobody', 'extra'),
        [`${DESKTOP_LOGS}/mcp-server-lab-extra.log`]: desktopFailure('lab-extra', 1),
        [`${DESKTOP_LOGS}/mcp-server-lab1.log`]: desktopFailure('lab1', 1).replaceAll('mcp-server-of-nobody', 'other'),
      };
      return {
        ...(await machine(bench, one({ client: 'claude-desktop', config: jsonWith('mcpServers', NOBODY), logs }))),
        check: noFailure,
      };
    },
    expect: MISSING,
  }),
  defineNearMiss({
    id: 'logs/over-since',
    group: 'config',
    async arrange(bench) {
      const logs = {
        'mcp.log': `${ago(3)} [error] [lab] spawn node ENOENT\n${ago(2)} [info] [lab] Initializing server...\n${ago(2)} [info] [lab] Message from server: {"jsonrpc":"2.0","id":0,"result":{"serverInfo":{"name":"lab"}}}\n`,
      };
      return {
        ...(await machine(bench, one({ client: 'claude-code', config: jsonWith('mcpServers', BY_NAME), logs, named: ['mcp.log'] }))),
        check: noFailure,
      };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'logs/last-week',
    group: 'config',
    arrange: (bench) =>
      machine(
        bench,
        one({
          client: 'claude-code',
          config: jsonWith('mcpServers', BY_NAME),
          logs: { 'mcp.log': `${ago(24 * 7)} [error] [lab] spawn node ENOENT\n` },
          named: ['mcp.log'],
        }),
      ),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'logs/works-and-nobody-asked',
    group: 'config',
    async arrange(bench) {
      const logs = { [`${DESKTOP_LOGS}/mcp-server-lab.log`]: desktopFailure('lab', 1) };
      return {
        ...(await machine(bench, one({ client: 'claude-desktop', config: jsonWith('mcpServers', BY_COMMAND), logs }))),
        check: (run) => (logOf(run) === undefined ? [] : ['read the log of a client although the server works']),
      };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'logs/huge',
    group: 'config',
    // The file is 200 MB, mostly a hole; reading it whole would show in time and memory.
    within: 8000,
    async arrange(bench) {
      const arranged = await machine(bench, one({ client: 'claude-code', config: jsonWith('mcpServers', NOBODY), named: ['huge.log'] }));
      const file = join(arranged.cwd ?? '', 'huge.log');
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'w');
      try {
        await handle.write(`${ago(50)} [error] [lab] an older failure\n`);
        await truncate(file, 200 * 1024 * 1024);
        await handle.write(`\n${ago(1)} [error] [lab] spawn mcp-server-of-nobody ENOENT\n`, 200 * 1024 * 1024);
      } finally {
        await handle.close();
      }
      return arranged;
    },
    expect: { ...MISSING, says: /huge\.log, 60 minutes ago: "spawn mcp-server-of-nobody ENOENT"/ },
  }),
  defineNearMiss({
    id: 'logs/binary',
    group: 'config',
    async arrange(bench) {
      const noise = Buffer.from(Array.from({ length: 60_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256));
      const logs = { 'mcp.log': Buffer.concat([noise, Buffer.from('[error] [lab] spawn mcp-server-of-nobody ENOENT\n'), noise]) };
      return {
        ...(await machine(bench, one({ client: 'claude-code', config: jsonWith('mcpServers', NOBODY), logs, named: ['mcp.log'] }))),
        check: (run) => (logOf(run)?.files[0]?.state === 'not-text' ? noFailure(run) : ['does not say that the file is no text']),
      };
    },
    expect: MISSING,
  }),
  defineNearMiss({
    id: 'logs/an-unused-method',
    group: 'config',
    async arrange(bench) {
      const logs = {
        'mcp.log': `${ago(1)} [info] [lab] Message from server: {"jsonrpc":"2.0","id":0,"result":{"serverInfo":{"name":"lab"}}}\n${ago(1)} [info] [lab] Message from server: {"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}\n`,
      };
      return {
        ...(await machine(bench, one({ client: 'claude-code', config: jsonWith('mcpServers', BY_NAME), logs, named: ['mcp.log'] }))),
        check: noFailure,
      };
    },
    expect: { status: 'ok' },
  }),
];
