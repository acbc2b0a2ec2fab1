import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

/** The lab's own environment has requests and httpx; without it, whatever the machine has. */
const LAB_PYTHON = fileURLToPath(new URL('../../../.lab/python-2/bin/python3', import.meta.url));
const PYTHON3 = existsSync(LAB_PYTHON) ? LAB_PYTHON : 'python3';

/** Makes one real request with one real program under exactly these variables. */
export interface Driver {
  request(url: string, env: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** Everything that is not loopback is dialled at loopback instead, with the port kept; the proxy decision comes before that. */
const NODE_DIALS_LOOPBACK = `
  const net = require('node:net'), tls = require('node:tls');
  const local = (host) => host === 'localhost' || host === '127.0.0.1' ? '127.0.0.1' : net.isIPv6(host) ? '::1' : '127.0.0.1';
  for (const module of [net, tls]) {
    const connect = module.connect;
    module.connect = (options, ...rest) => connect.call(module, options.socket ? options : { ...options, host: local(options.host) }, ...rest);
  }
`;

const UNDICI = `${NODE_DIALS_LOOPBACK}
  const { EnvHttpProxyAgent, fetch } = require('undici');
  require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const { url, env } = JSON.parse(line);
    for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];
    Object.assign(process.env, env);
    try {
      const dispatcher = new EnvHttpProxyAgent({ connect: { rejectUnauthorized: false, timeout: 5000 } });
      await fetch(url, { dispatcher }).catch(() => {});
      await dispatcher.destroy().catch(() => {});
    } catch {}
    console.log('done');
  });
`;

const NODE_FETCH = `${NODE_DIALS_LOOPBACK} fetch(process.argv[1]).catch(() => {}).finally(() => process.exit());`;

const PYTHON = (request: string) => `
import json, os, socket, ssl, sys, warnings
warnings.simplefilter('ignore')
real = socket.getaddrinfo
def local(host, *rest, **named):
    return real('::1' if ':' in str(host) else '127.0.0.1', *rest, **named)
socket.getaddrinfo = local
${request}
for line in sys.stdin:
    case = json.loads(line)
    for name in [name for name in os.environ if name.lower().endswith('_proxy')]:
        del os.environ[name]
    os.environ.update(case['env'])
    try:
        request(case['url'])
    except Exception:
        pass
    print('done', flush=True)
`;

const URLLIB = PYTHON(`
import urllib.request
def request(url):
    urllib.request.build_opener().open(url, timeout=5)
`);
const REQUESTS = PYTHON(`
import requests
def request(url):
    requests.get(url, timeout=5, verify=False)
`);
const HTTPX = PYTHON(`
import httpx
def request(url):
    httpx.get(url, timeout=5, verify=False)
`);

const GO = `package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		local := "127.0.0.1"
		if strings.Contains(host, ":") {
			local = "::1"
		}
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(local, port))
	}
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dial}}
	client.Get(os.Args[1])
}
`;

/** A program that takes cases line by line and says when each is over. */
function longRunning(command: string, args: readonly string[]): Driver {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async request(url, env) {
      child.stdin.write(`${JSON.stringify({ url, env })}\n`);
      const { done } = await lines.next();
      if (done) throw new Error(`${command} ended early`);
    },
    async close() {
      child.stdin.end();
      await ended(child);
    },
  };
}

/** A program that makes one request and ends. */
function oneShot(command: string, args: (url: string) => readonly string[], fixed: Readonly<Record<string, string>> = {}): Driver {
  const PATH = process.env['PATH'] ?? '';
  return {
    async request(url, env) {
      await ended(spawn(command, args(url), { stdio: 'ignore', env: { PATH, ...fixed, ...env } }));
    },
    close: async () => {},
  };
}

/** The exit code; null for a program that could not be started or was ended by a signal. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('error', () => resolve(null)).once('close', resolve));
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return (await ended(spawn(command, args, { stdio: 'ignore' }))) === 0;
}

/** curl resolves names by `--resolve`; bound to loopback it cannot dial any other address, and no packet leaves. */
function curlArguments(url: string): readonly string[] {
  const { hostname, port } = new URL(url);
  const isName = !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const place = isName ? ['--resolve', `${hostname}:${port}:127.0.0.1`] : isLocal ? [] : ['--interface', 'host!127.0.0.1'];
  return ['-q', '-sSk', '-m', '5', '-o', '/dev/null', ...place, url];
}

async function buildGo(): Promise<Driver> {
  const folder = await mkdtemp(join(tmpdir(), 'proxy-rules-'));
  await writeFile(join(folder, 'main.go'), GO);
  const program = join(folder, 'probe');
  if (!(await succeeds('go', ['build', '-o', program, join(folder, 'main.go')]))) throw new Error('go build failed');
  const driver = oneShot(program, (url) => [url]);
  return { ...driver, close: () => rm(folder, { recursive: true, force: true }) };
}

interface Reader {
  /** What is missing on this machine, null when the reader can be run. */
  missing(): Promise<string | null>;
  start(): Promise<Driver> | Driver;
}

const needs = (what: string, command: string, args: readonly string[]) => async () =>
  (await succeeds(command, args)) ? null : `${what} is not installed`;

/** The real programs, by the name of the reader they stand for. */
export const READERS = {
  'node-fetch': {
    missing: async () => null,
    start: () =>
      oneShot(process.execPath, (url) => ['-e', NODE_FETCH, url], { NODE_USE_ENV_PROXY: '1', NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
  },
  undici: {
    missing: needs('undici', process.execPath, ['-e', "require('undici')"]),
    start: () => longRunning(process.execPath, ['-e', UNDICI]),
  },
  curl: { missing: needs('curl', 'curl', ['-V']), start: () => oneShot('curl', curlArguments) },
  urllib: { missing: needs('python3', PYTHON3, ['-V']), start: () => longRunning(PYTHON3, ['-uc', URLLIB]) },
  python: {
    missing: needs("Python's requests", PYTHON3, ['-c', 'import requests']),
    start: () => longRunning(PYTHON3, ['-uc', REQUESTS]),
  },
  httpx: { missing: needs("Python's httpx", PYTHON3, ['-c', 'import httpx']), start: () => longRunning(PYTHON3, ['-uc', HTTPX]) },
  go: { missing: needs('go', 'go', ['version']), start: buildGo },
} satisfies Record<string, Reader>;
