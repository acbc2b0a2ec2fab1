import { dirname } from 'node:path';
import { defineFault, defineNearMiss } from '../../fault.ts';
import { interpreter } from '../../places.ts';
import { npmRegistry, pythonIndex } from '../../servers/package-index.ts';
import { pythonProgram } from '../../servers/reference.ts';

const MISSING = { status: 'failed', cause: 'package-not-found', layer: 'process' } as const;
/** Installers are slow on a busy machine. */
const WITHIN_MS = 30_000;

export default [
  defineFault({
    id: 'stdio/package-not-found/npx-unknown',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['npx', '-y', '@lab/server-of-nobody'], env: await npmRegistry(bench) }),
    expect: { ...MISSING, certainty: 'proved', says: /@lab\/server-of-nobody/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/npx-unknown-version',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['npx', '-y', 'rig-server@9.9.9'], env: await npmRegistry(bench) }),
    expect: { ...MISSING, says: /9\.9\.9/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/npx-without-a-command',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['npx', '-y', 'rig-library'], env: await npmRegistry(bench) }),
    expect: { ...MISSING, says: /rig-library/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/uvx-unknown',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: [pythonProgram('uvx'), 'mcp-server-of-nobody'], env: await pythonIndex(bench) }),
    expect: { ...MISSING, says: /mcp-server-of-nobody/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/uvx-unknown-version',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: [pythonProgram('uvx'), 'lab-server==9.9.9'], env: await pythonIndex(bench) }),
    expect: { ...MISSING, says: /lab-server/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/uvx-without-that-command',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [pythonProgram('uvx'), '--from', 'lab-server', 'lab-serve'],
      env: await pythonIndex(bench),
    }),
    expect: { ...MISSING, says: /lab-serve/ },
    within: WITHIN_MS,
  }),
  defineFault({
    id: 'stdio/package-not-found/python-module',
    group: 'stdio',
    needs: ['python-1'],
    arrange: () => ({ command: [interpreter('python-1'), '-m', 'mcp_server_of_nobody'] }),
    expect: { ...MISSING, says: /mcp_server_of_nobody/ },
  }),
  defineFault({
    id: 'stdio/package-not-found/docker-image',
    group: 'stdio',
    async arrange(bench) {
      const said = [
        "Unable to find image 'lab/server-of-nobody:latest' locally",
        "docker: Error response from daemon: pull access denied for lab/server-of-nobody, repository does not exist or may require 'docker login'",
      ];
      const docker = await bench.executable('docker', `#!/bin/sh\ncat >&2 <<'END'\n${said.join('\n')}\nEND\nexit 125\n`);
      return {
        command: ['docker', 'run', '-i', '--rm', 'lab/server-of-nobody'],
        env: { PATH: `${dirname(docker)}:${process.env['PATH']}` },
      };
    },
    expect: { ...MISSING, says: /lab\/server-of-nobody/ },
  }),
  defineNearMiss({
    id: 'stdio/package-not-found/npx-fetches-it',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['npx', '-y', 'rig-server'], env: await npmRegistry(bench) }),
    expect: { status: 'ok' },
    within: WITHIN_MS,
  }),
  defineNearMiss({
    id: 'stdio/package-not-found/uvx-fetches-it',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: [pythonProgram('uvx'), 'lab-server'], env: await pythonIndex(bench) }),
    expect: { status: 'ok' },
    within: WITHIN_MS,
  }),
  defineNearMiss({
    id: 'stdio/package-not-found/its-own-import',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: [interpreter('python-1'), await bench.file('server.py', 'import sqlalchemy_of_nobody\n')] }),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /sqlalchemy_of_nobody/, notCauses: ['package-not-found'] },
  }),
];
