/** A small stdio server by hand that misbehaves in one way: `raw.js MODE [ARGUMENTS]`. No mode is a healthy one. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const [mode = 'healthy', argument = ''] = process.argv.slice(2);
const { stdin, stdout, stderr, env } = process;

type Message = { readonly id?: string | number; readonly method?: string; readonly params?: Readonly<Record<string, unknown>> };

const TOOLS = Array.from({ length: 5 }, (_, index) => ({ name: `tool-${index}`, description: 'A tool.', inputSchema: { type: 'object' } }));

function send(message: object): void {
  stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function initialized(id: Message['id'], protocolVersion: string, capabilities: object = { tools: {} }): object {
  return { id, result: { protocolVersion, capabilities, serverInfo: { name: 'raw', version: '1.0.0' } } };
}

const ERROR = { code: -32603, message: 'Internal error: the licence has expired' };

/** Modes that end or do something before the first message. */
const BEFORE: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(Number(argument)),
  sigkill: () => process.kill(process.pid, 'SIGKILL'),
  throw: () => {
    throw new TypeError('options is not iterable');
  },
  'needs-env': () => {
    if (!env[argument] || env[argument].startsWith('${')) {
      stderr.write(`Error: ${argument} environment variable is required\n`);
      process.exit(1);
    }
  },
  'needs-node': () => {
    stderr.write(`This server requires Node.js ${argument} or later.\n`);
    process.exit(1);
  },
  'backend-exit': () => {
    stderr.write('Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete]\n');
    process.exit(1);
  },
  'backend-wait': () => void stderr.write('[db] connect ECONNREFUSED 127.0.0.1:5432, trying again\n'),
  'port-in-use': () => {
    const first = createServer().listen(0, '127.0.0.1', () => {
      const address = first.address();
      if (address !== null && typeof address === 'object') createServer().listen(address.port, '127.0.0.1');
    });
  },
  'warns-and-throws': () => {
    stderr.write('Warning: RIG_OPTIONAL_KEY is not set, using the default\n');
    throw new TypeError('options is not iterable');
  },
  banner: () => void stdout.write('Raw server ready\n'),
  'stderr-banner': () => void stderr.write('Raw server running on stdio\n'),
  'stderr-flood': () => void stderr.write(`${'log line\n'.repeat(200_000)}`),
  unterminated: () => void stdout.write('Starting the server ... '),
  http: () => void createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1', () => stderr.write('up\n')),
  sidecar: () => void createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1'),
  'long-line': () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let index = 0; index < 64; index++) stdout.write(chunk);
    stdout.write('\n');
  },
  flood: () => {
    const lines = 'no message\n'.repeat(10_000);
    const more = () => void stdout.write(lines, more);
    more();
  },
  'asks-first': () => {
    send({ id: 0, method: 'ping' });
    send({ id: 1, method: 'roots/list' });
    send({ method: 'notifications/message', params: { level: 'info', data: 'hello' } });
  },
  daemon: () => {
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' }).unref();
  },
  'ignore-sigterm': () => void process.on('SIGTERM', () => undefined).on('SIGHUP', () => undefined),
};

/** Modes that answer `initialize` in a way of their own. */
const INITIALIZE: Readonly<Record<string, (id: Message['id']) => void>> = {
  silent: () => undefined,
  http: () => undefined,
  'backend-wait': () => undefined,
  flood: () => undefined,
  header: (id) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...initialized(id, '2025-11-25') });
    stdout.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  },
  pretty: (id) => void stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...initialized(id, '2025-11-25') }, null, 2)}\n`),
  'unknown-version': (id) => send(initialized(id, '2026-03-26')),
  'old-version': (id) => send(initialized(id, '2024-11-05')),
  'refuse-version': (id) => send({ id, error: { code: -32602, message: 'Unsupported protocol version: 2025-11-25' } }),
  'initialize-error': (id) => send({ id, error: ERROR }),
  'no-id-error': () => send({ id: null, error: { code: -32700, message: 'Parse error' } }),
  malformed: (id) => send({ id, result: { hello: 'world' } }),
  'no-tools': (id) => send(initialized(id, '2025-11-25', { prompts: {} })),
  'modern-only': (id) => send({ id, error: { code: -32601, message: 'Method not found' } }),
  'modern-future': (id) => send({ id, error: { code: -32601, message: 'Method not found' } }),
  'modern-error': (id) => send({ id, error: { code: -32022, message: 'Unsupported', data: { supported: ['2026-07-28'] } } }),
  'byte-order-mark': (id) => void stdout.write(`\uFEFF${JSON.stringify({ jsonrpc: '2.0', ...initialized(id, '2025-11-25') })}\n`),
  late: (id) => void setTimeout(() => send(initialized(id, '2025-11-25')), Number(argument)),
  crlf: (id) => void stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...initialized(id, '2025-11-25') })}\r\n`),
};

const LIST: Readonly<Record<string, (id: Message['id'], cursor: unknown) => void>> = {
  'tools-exit': () => {
    stderr.write('TypeError: tools.map is not a function\n');
    process.exit(1);
  },
  'tools-exit-silently': () => process.exit(5),
  'tools-silent': () => undefined,
  'tools-error': (id) => send({ id, error: ERROR }),
  'tools-backend': (id) => send({ id, error: { code: -32603, message: 'fetch failed: connect ECONNREFUSED 127.0.0.1:8080' } }),
  pages: (id, cursor) => {
    const page = Number(cursor ?? 0);
    send({
      id,
      result: {
        tools: TOOLS.map((tool) => ({ ...tool, name: `${tool.name}-${page}` })),
        ...(page < 3 ? { nextCursor: String(page + 1) } : {}),
      },
    });
  },
};

BEFORE[mode]?.();
const idle = setInterval(() => undefined, 1000);
createInterface({ input: stdin })
  .on('line', (line) => {
    const { id, method, params } = JSON.parse(line) as Message;
    if (method === 'initialize') (INITIALIZE[mode] ?? (() => send(initialized(id, '2025-11-25'))))(id);
    else if (method === 'server/discover' && mode === 'modern-only')
      send({
        id,
        result: {
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: {} },
          _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'raw', version: '2' } },
        },
      });
    else if (method === 'server/discover' && mode === 'modern-future')
      send({ id, error: { code: -32022, message: 'Unsupported protocol version', data: { supported: ['2031-01-01'] } } });
    else if (method === 'server/discover' && mode === 'modern-error') send({ id, error: ERROR });
    else if (method === 'tools/list') (LIST[mode] ?? (() => send({ id, result: { tools: TOOLS } })))(id, params?.['cursor']);
    else if (method !== undefined && id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
  })
  .on('close', () => clearInterval(idle));
