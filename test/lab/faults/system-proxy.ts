/** Proxies that no variable names: GNOME's and KDE's settings, and PAC files, for a client that follows them and for others. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startSquid } from '../servers/daemons.ts';
import { statelessV1 } from '../servers/sdk-v1.ts';

const DENIES = 'http_access deny all';
const ALLOWS = 'http_access allow all';
/** Nobody listens there, on neither machine. */
const DEAD_PORT = 3999;

type Settings = Readonly<Record<string, string>>;

/** A user's home with GNOME's settings, written by gsettings itself as `schema key` and GVariant text. */
async function gnome(bench: Bench, settings: Settings): Promise<{ readonly home: string; readonly env: Settings }> {
  const home = await bench.folder();
  const variables = { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), GSETTINGS_BACKEND: 'keyfile' };
  await mkdir(variables.XDG_CONFIG_HOME, { recursive: true });
  for (const [name, value] of Object.entries(settings)) {
    const [schema = '', key = ''] = name.split(' ');
    const set = ['gsettings', 'set', `org.gnome.system.proxy${schema}`, key, value];
    await bench.run('env', ...Object.entries(variables).map(([variable, text]) => `${variable}=${text}`), ...set);
  }
  return { home, env: { XDG_CURRENT_DESKTOP: 'GNOME', GSETTINGS_BACKEND: 'keyfile' } };
}

function manual(host: string, port: number, more: Settings = {}): Settings {
  return { ' mode': 'manual', '.http host': host, '.http port': String(port), ...more };
}

function script(address: string): Settings {
  return { ' mode': 'auto', ' autoconfig-url': address };
}

/** A server in VS Code's own file. */
async function inVscode(home: string, address: string): Promise<Arranged> {
  const file = join(home, '.config', 'Code', 'User', 'mcp.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ servers: { lab: { type: 'http', url: address } } }));
  return { home, url: 'vscode:lab' };
}

/** The other machine runs the server; this one's desktop says how VS Code gets there. */
async function throughDesktop(bench: Bench, settings: Settings, env: Settings = {}): Promise<Arranged> {
  const server = await bench.serve('v1-stateless', { host: THERE, there: true });
  const desktop = await gnome(bench, settings);
  return { ...(await inVscode(desktop.home, server.url())), env: { ...desktop.env, ...env }, args: ['--patience', '0'] };
}

function squidThere(bench: Bench, rules: string): ReturnType<typeof startSquid> {
  return startSquid(bench, { rules, host: THERE, port: 3128, there: true });
}

/** A PAC file as companies write them. */
function pac(proxy: string): string {
  return `function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || shExpMatch(host, "*.corp.example")) return "DIRECT";
  if (isInNet(host, "192.168.0.0", "255.255.0.0")) return "DIRECT";
  return "PROXY ${proxy}";
}
`;
}

/** PAC files are read by every user. */
async function pacFile(bench: Bench, text: string): Promise<string> {
  const file = await bench.file('proxy.pac', text);
  await chmod(file, 0o644);
  return `file://${file}`;
}

const INTERCEPTED = { status: 'failed', cause: 'proxy-intercepts', certainty: 'proved' } as const;
const DOWN = { status: 'failed', cause: 'proxy-down', layer: 'proxy', notCauses: ['server-not-running', 'host-unreachable'] } as const;
const COMMON = { group: 'network', network: { peer: true }, within: 15_000 } as const;

export default [
  defineFault({
    ...COMMON,
    id: 'proxy-intercepts/gnome-settings',
    needs: ['squid', 'gsettings'],
    async arrange(bench) {
      await squidThere(bench, DENIES);
      return throughDesktop(bench, manual(THERE, 3128));
    },
    expect: {
      ...INTERCEPTED,
      says: /proxy settings of GNOME send the request/,
      remedy: /ignore-hosts .*'localhost', '127\.0\.0\.0\/8', '::1', '10\.77\.0\.2'/,
    },
  }),
  defineFault({
    ...COMMON,
    id: 'proxy-down/gnome-settings',
    needs: ['gsettings'],
    arrange: (bench) => throughDesktop(bench, manual(THERE, DEAD_PORT)),
    expect: { ...DOWN, says: /from the proxy settings of GNOME/, remedy: /gsettings set/ },
  }),
  defineFault({
    ...COMMON,
    id: 'proxy-intercepts/pac-file',
    needs: ['squid', 'gsettings'],
    async arrange(bench) {
      await squidThere(bench, DENIES);
      return throughDesktop(bench, script(await pacFile(bench, pac(`${THERE}:3128`))));
    },
    expect: { ...INTERCEPTED, says: /proxy\.pac, line 4,[^]*line 4 of it: return "PROXY/, remedy: /FindProxyForURL[^]*DIRECT/ },
  }),
  defineFault({
    ...COMMON,
    id: 'proxy-down/pac-from-loopback',
    needs: ['gsettings'],
    async arrange(bench) {
      const files = await bench.tcp((socket) => {
        const text = pac(`${THERE}:${DEAD_PORT}; DIRECT`);
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`));
      });
      return throughDesktop(bench, script(files.url('/proxy.pac')));
    },
    expect: { ...DOWN, says: /line 4/ },
  }),
  defineFault({
    ...COMMON,
    id: 'proxy-intercepts/kde-settings',
    needs: ['squid'],
    async arrange(bench) {
      await squidThere(bench, DENIES);
      const server = await bench.serve('v1-stateless', { host: THERE, there: true });
      const home = await bench.folder();
      await mkdir(join(home, '.config'));
      const settings = `[Proxy Settings]\nNoProxyFor=corp.example\nProxyType=1\nReversedException=false\nhttpProxy=http://${THERE} 3128\n`;
      await writeFile(join(home, '.config', 'kioslaverc'), settings);
      return { ...(await inVscode(home, server.url())), env: { XDG_CURRENT_DESKTOP: 'KDE' } };
    },
    expect: { ...INTERCEPTED, says: /KDE/, remedy: /NoProxyFor .*corp\.example,10\.77\.0\.2/ },
  }),
  defineFault({
    ...COMMON,
    id: 'host-unreachable/only-through-the-proxy-of-the-system',
    needs: ['gsettings'],
    async arrange(bench) {
      const desktop = await gnome(bench, manual(THERE, 3128));
      return { home: desktop.home, env: desktop.env, url: 'http://10.66.0.2:3000/mcp' };
    },
    expect: {
      status: 'failed',
      cause: 'host-unreachable',
      says: /proxy settings of GNOME send this address through http:\/\/10\.77\.0\.2:3128/,
      remedy: /HTTP_PROXY/,
    },
  }),
  defineFault({
    ...COMMON,
    id: 'dns-failure/name-of-the-company-behind-a-pac-file',
    needs: ['gsettings'],
    async arrange(bench) {
      const desktop = await gnome(bench, script(await pacFile(bench, pac(`${THERE}:3128`))));
      return { home: desktop.home, env: desktop.env, url: 'https://mcp.tools.internal/mcp' };
    },
    expect: { status: 'failed', cause: 'dns-failure', says: /PAC file[^]*http:\/\/10\.77\.0\.2:3128/, remedy: /HTTPS_PROXY/ },
  }),
  defineFault({
    ...COMMON,
    id: 'host-unreachable/pac-of-another-machine-is-not-fetched',
    needs: ['gsettings'],
    async arrange(bench) {
      const desktop = await gnome(bench, script(`http://${THERE}:8090/proxy.pac?user=lab-7f3e9a`));
      return { home: desktop.home, env: desktop.env, url: 'http://10.66.0.2:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', says: /not measured: the PAC file[^]*was not fetched[^]*curl/ },
    secrets: ['lab-7f3e9a'],
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/gnome-ignores-this-host',
    needs: ['gsettings'],
    arrange: (bench) => throughDesktop(bench, manual(THERE, DEAD_PORT, { ' ignore-hosts': "['localhost', '10.77.0.0/24']" })),
    expect: { status: 'ok', notCauses: ['proxy-down', 'proxy-intercepts'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/gnome-switched-off',
    needs: ['gsettings'],
    arrange: (bench) => throughDesktop(bench, manual(THERE, DEAD_PORT, { ' mode': 'none' })),
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/pac-file-says-direct',
    needs: ['gsettings'],
    async arrange(bench) {
      const text = `function FindProxyForURL(url, host) {\n  if (isInNet(host, "10.77.0.0", "255.255.255.0")) return "DIRECT";\n  return "PROXY ${THERE}:${DEAD_PORT}";\n}\n`;
      return throughDesktop(bench, script(await pacFile(bench, text)));
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/pac-file-runs-in-circles',
    needs: ['gsettings'],
    async arrange(bench) {
      return throughDesktop(bench, script(await pacFile(bench, 'function FindProxyForURL() { while (true) {} }')));
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/loopback-is-never-proxied-by-the-system',
    needs: ['gsettings'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const desktop = await gnome(bench, manual(THERE, DEAD_PORT, { ' ignore-hosts': '[]' }));
      return { ...(await inVscode(desktop.home, server.url())), env: desktop.env };
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/client-that-does-not-follow-the-system',
    needs: ['gsettings'],
    async arrange(bench) {
      const server = await bench.serve('v1-stateless', { host: THERE, there: true });
      const desktop = await gnome(bench, manual(THERE, DEAD_PORT));
      return { home: desktop.home, url: server.url(), env: desktop.env };
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/variable-comes-before-the-system',
    needs: ['squid', 'gsettings'],
    async arrange(bench) {
      const squid = await squidThere(bench, ALLOWS);
      return throughDesktop(bench, manual(THERE, DEAD_PORT), { http_proxy: squid.url('') });
    },
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-down/no-proxy-exempts-from-the-system-as-well',
    needs: ['gsettings'],
    arrange: (bench) => throughDesktop(bench, manual(THERE, DEAD_PORT), { no_proxy: `localhost,${THERE}` }),
    expect: { status: 'ok', notCauses: ['proxy-down'] },
  }),
  defineNearMiss({
    ...COMMON,
    id: 'proxy-intercepts/proxy-of-the-system-is-the-only-way',
    needs: ['squid', 'gsettings'],
    async arrange(bench) {
      await bench.runThere('ip', 'address', 'add', '10.66.0.2/32', 'dev', 'lo');
      const server = await bench.serve('v1-stateful', { host: '10.66.0.2', there: true });
      await squidThere(bench, ALLOWS);
      const desktop = await gnome(bench, manual(THERE, 3128));
      return { ...(await inVscode(desktop.home, server.url())), env: desktop.env };
    },
    expect: { status: 'ok', notCauses: ['proxy-intercepts', 'host-unreachable'] },
  }),
];
