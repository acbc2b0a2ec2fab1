/** A package registry for npm on this machine: a few packages, everything else is not found. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Registry {
  readonly url: string;
  close(): void;
}

/** `healthy`: at once; `slow`: the tarball drips in for ever; `mute`: takes requests and never answers. */
export type RegistryPace = 'healthy' | 'slow' | 'mute';

/** Serves the package `rig-server@1.0.0`, whose command runs the given script, and `rig-library@1.0.0`, which has none. */
export async function startRegistry(folder: string, script: string, pace: RegistryPace): Promise<Registry> {
  const packages = new Map([
    ['rig-server', pack(folder, 'rig-server', { bin: { 'rig-server': 'run.js' } }, script)],
    ['rig-library', pack(folder, 'rig-library', {}, script)],
  ]);
  const server: Server = createServer((request, response) => {
    if (pace === 'mute') return;
    const [, name = '', tail] = /^\/([^/]+)(\/.*)?$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    const tarball = packages.get(name);
    if (tarball === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
      return;
    }
    if (tail !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream', ...(pace === 'slow' && { 'content-length': 50_000_000 }) });
      if (pace === 'healthy') response.end(tarball);
      else drip(response);
      return;
    }
    const port = (server.address() as AddressInfo).port;
    const version = {
      name,
      version: '1.0.0',
      ...(name === 'rig-server' && { bin: { 'rig-server': 'run.js' } }),
      dist: { tarball: `http://127.0.0.1:${port}/${name}/-/${name}-1.0.0.tgz` },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A large package on a slow line: incompressible bytes, so that the installer writes what it gets. */
function drip(response: import('node:http').ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 7);
  const timer = setInterval(() => response.write(chunk), 100);
  response.on('close', () => clearInterval(timer));
}

function pack(folder: string, name: string, more: object, script: string): Buffer {
  const home = join(folder, name, 'package');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', ...more }));
  writeFileSync(join(home, 'run.js'), `#!/usr/bin/env node\nawait import(${JSON.stringify(script)});\n`, { mode: 0o755 });
  const file = join(folder, `${name}.tgz`);
  spawnSync('tar', ['-czf', file, '-C', join(folder, name), 'package']);
  return readFileSync(file);
}
