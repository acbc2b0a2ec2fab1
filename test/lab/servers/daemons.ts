/** Real daemons with configurations of our own: never the system's, always on free ports, always in the foreground. */
import { join } from 'node:path';
import type { Bench, Place, Program } from '../bench.ts';
import { findProgram } from '../needs.ts';
import { interpreter, ROOT } from '../places.ts';

function locate(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

interface Daemon extends Program {
  readonly host: string;
  readonly port: number;
  url(path?: string, host?: string): string;
}

function daemon(program: Program, scheme: string, host: string, port: number): Daemon {
  return { ...program, host, port, url: (path = '/mcp', other = host) => `${scheme}://${other}:${port}${path}` };
}

export interface NginxOptions extends Place {
  /** The inside of the `server` block, besides `listen`. */
  readonly server: string;
  /** The inside of the `http` block, before the server. */
  readonly http?: string;
  /** Certificate and key files: serves TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly there?: boolean;
}

/** nginx with one server block, as a single process. */
export async function startNginx(bench: Bench, options: NginxOptions): Promise<Daemon> {
  const folder = await bench.folder();
  const port = options.port ?? (await bench.freePort());
  const host = options.host ?? '127.0.0.1';
  const tls =
    options.tls === undefined
      ? ''
      : `ssl_certificate ${await bench.file('cert.pem', options.tls.certificate)}; ssl_certificate_key ${await bench.file('key.pem', options.tls.key)};`;
  const config = await bench.file(
    'nginx.conf',
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 128; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${options.http ?? ''}
  server { listen ${host}:${port}${options.tls === undefined ? '' : ' ssl'}; ${tls} ${options.server} }
}
`,
  );
  const program = await bench.program(locate('nginx'), ['-e', 'stderr', '-p', folder, '-c', config], {
    accepts: { host, port },
    ...(options.there === undefined ? {} : { there: options.there }),
  });
  return daemon(program, options.tls === undefined ? 'http' : 'https', host, port);
}

/** A location that passes everything on, as most people write it. */
export function proxyTo(upstream: string, more = ''): string {
  return `location / { proxy_pass ${upstream}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; ${more} }`;
}

export interface SquidOptions extends Place {
  /** Access rules, first match wins. */
  readonly rules: string;
  readonly there?: boolean;
}

/** squid as a forward proxy without a cache. */
export async function startSquid(bench: Bench, options: SquidOptions): Promise<Daemon> {
  const port = options.port ?? (await bench.freePort());
  const host = options.host ?? '127.0.0.1';
  const config = await bench.file(
    'squid.conf',
    `http_port ${host}:${port}
${options.rules}
access_log none
cache_log /dev/stderr
cache deny all
cache_mem 1 MB
pid_filename none
pinger_enable off
coredump_dir /
shutdown_lifetime 0 seconds
server_persistent_connections off
client_persistent_connections off
connect_timeout 2 seconds
visible_hostname proxy.lab.test
`,
  );
  // squid names its shared memory after the service: without a name of our own two of them clash.
  const service = `mcplab${process.env['MCPREACH_LAB_CASE']?.replace('-', 'x') ?? process.pid}`;
  const program = await bench.program(locate('squid'), ['-N', '-n', service, '-f', config], {
    accepts: { host, port },
    ...(options.there === undefined ? {} : { there: options.there }),
  });
  return daemon(program, 'http', host, port);
}

export interface MitmproxyOptions extends Place {
  /** PEM file with the roots it trusts on its own way to the server. */
  readonly trusts: string;
  readonly there?: boolean;
}

/** mitmproxy as companies use such a proxy: it opens TLS, and signs a certificate of its own for every host. */
export async function startMitmproxy(bench: Bench, options: MitmproxyOptions): Promise<Daemon & { readonly authority: string }> {
  const port = options.port ?? (await bench.freePort());
  const host = options.host ?? '127.0.0.1';
  const folder = await bench.folder();
  const set = [`confdir=${folder}`, `ssl_verify_upstream_trusted_ca=${options.trusts}`, 'termlog_verbosity=error'];
  const args = ['--listen-host', host, '--listen-port', String(port), ...set.flatMap((one) => ['--set', one])];
  const program = await bench.program(locate('mitmdump'), args, {
    accepts: { host, port },
    env: { HOME: folder },
    ...(options.there === undefined ? {} : { there: options.there }),
  });
  return { ...daemon(program, 'http', host, port), authority: join(folder, 'mitmproxy-ca-cert.pem') };
}

/** dnsmasq on the namespace's own 127.0.0.1:53, answering from the given options only. */
export async function startDnsmasq(bench: Bench, ...options: readonly string[]): Promise<Program> {
  const base = [
    '--keep-in-foreground',
    '--no-resolv',
    '--no-hosts',
    '--conf-file=/dev/null',
    '--pid-file=',
    '--user=root',
    '--log-facility=-',
  ];
  return bench.program(locate('dnsmasq'), [...base, '--listen-address=127.0.0.1', '--bind-interfaces', ...options], {
    accepts: { port: 53 },
  });
}

export async function startRedis(bench: Bench, place: Place & { readonly there?: boolean } = {}): Promise<Daemon> {
  const port = place.port ?? (await bench.freePort());
  const host = place.host ?? '127.0.0.1';
  const args = ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
  const program = await bench.program(locate('redis-server'), args, {
    accepts: { host, port },
    ...(place.there === undefined ? {} : { there: place.there }),
  });
  return daemon(program, 'http', host, port);
}

export async function startSshd(bench: Bench, place: Place & { readonly there?: boolean } = {}): Promise<Daemon> {
  const port = place.port ?? (await bench.freePort());
  const host = place.host ?? '127.0.0.1';
  const key = join(await bench.folder(), 'host-key');
  await bench.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key);
  await bench.run('mkdir', '-p', '/run/sshd');
  const args = ['-D', '-e', '-f', '/dev/null', '-h', key, '-o', `ListenAddress=${host}:${port}`, '-o', 'PidFile=none'];
  const program = await bench.program(locate('sshd'), args, {
    accepts: { host, port },
    ...(place.there === undefined ? {} : { there: place.there }),
  });
  return daemon(program, 'http', host, port);
}

export interface PythonOptions extends Place {
  readonly version: 1 | 2;
  readonly transport: 'http' | 'sse';
  readonly stateless?: boolean;
  /** Leaves the sessions uncounted. */
  readonly uncounted?: boolean;
}

/** The arguments that run the lab's FastMCP server: the interpreter first. */
export function pythonCommand(
  version: 1 | 2,
  transport: 'http' | 'sse' | 'stdio',
  port: number,
  ...rest: readonly string[]
): [string, ...string[]] {
  return [interpreter(`python-${version}`), join(ROOT, 'test', 'lab', 'servers', 'fastmcp.py'), transport, String(port), ...rest];
}

/** FastMCP over uvicorn, with its session counter watched. */
export async function startPython(bench: Bench, options: PythonOptions): Promise<Daemon> {
  const port = options.port ?? (await bench.freePort());
  const host = options.host ?? '127.0.0.1';
  const [command, ...args] = pythonCommand(
    options.version,
    options.transport,
    port,
    host,
    ...(options.stateless === true ? ['stateless'] : []),
  );
  const program = await bench.program(command, args, { accepts: { host, port } });
  const running = daemon(program, 'http', host.includes(':') ? `[${host}]` : host, port);
  if (options.transport === 'http' && options.stateless !== true && options.uncounted !== true) {
    bench.countSessions(
      async () =>
        (await fetch(running.url('/lab/sessions', undefined), { headers: { host: `localhost:${port}` } })).json() as Promise<number>,
    );
  }
  return running;
}

/** `server-everything`, the reference server, as its package starts it. */
export async function startEverything(
  bench: Bench,
  transport: 'streamableHttp' | 'sse',
  place: { readonly port?: number } = {},
): Promise<Daemon> {
  const port = place.port ?? (await bench.freePort());
  const entry = join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');
  const program = await bench.program(process.execPath, [entry, transport], { env: { PORT: String(port) }, accepts: { port } });
  if (transport === 'streamableHttp') {
    const count = (pattern: RegExp): number => program.output().match(pattern)?.length ?? 0;
    bench.countSessions(() => count(/Session initialized with ID/g) - count(/Transport closed for session/g));
  }
  return daemon(program, 'http', 'localhost', port);
}
