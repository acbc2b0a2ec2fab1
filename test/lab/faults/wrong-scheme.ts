import { defineFault, defineNearMiss } from '../fault.ts';
import { createAuthority, createSelfSigned, tlsOptions } from '../certificates.ts';
import { startNginx, startPython } from '../servers/daemons.ts';
import { jsonApi } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const TOOLS_OVER_TLS = { status: 'failed', cause: 'wrong-scheme', notCauses: ['connection-reset', 'port-in-use', 'tls-protocol'] } as const;

export default [
  defineFault({
    id: 'wrong-scheme/https-to-plain-sdk-server',
    group: 'tls',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url().replace('http:', 'https:') };
    },
    expect: { ...TOOLS_OVER_TLS, certainty: 'proved', layer: 'tls', remedy: /http:\/\/127/ },
  }),
  defineFault({
    id: 'wrong-scheme/https-to-uvicorn',
    group: 'tls',
    needs: ['python-2'],
    network: {},
    async arrange(bench) {
      const server = await startPython(bench, { version: 2, transport: 'http' });
      return { url: server.url().replace('http:', 'https:') };
    },
    expect: TOOLS_OVER_TLS,
  }),
  defineFault({
    id: 'wrong-scheme/https-to-plain-nginx',
    group: 'tls',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, { server: `location / { proxy_pass http://127.0.0.1:${server.port}; }` });
      return { url: nginx.url().replace('http:', 'https:') };
    },
    expect: TOOLS_OVER_TLS,
  }),
  defineFault({
    id: 'wrong-scheme/http-to-tls-node',
    group: 'tls',
    network: {},
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      return { url: server.url().replace('https:', 'http:'), args: ['--ca', await bench.file('ca.pem', authority.certificate)] };
    },
    expect: { ...TOOLS_OVER_TLS, remedy: /https:\/\/127/ },
  }),
  defineFault({
    id: 'wrong-scheme/http-to-tls-nginx',
    group: 'tls',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const leaf = await createSelfSigned();
      const nginx = await startNginx(bench, { tls: leaf, server: `location / { proxy_pass http://127.0.0.1:${server.port}; }` });
      return { url: nginx.url().replace('https:', 'http:') };
    },
    expect: TOOLS_OVER_TLS,
  }),
  defineNearMiss({
    id: 'wrong-scheme/right-scheme',
    group: 'tls',
    async arrange(bench) {
      const authority = await createAuthority();
      const server = await bench.listen(statefulV1(), { tls: tlsOptions(await authority.leaf()) });
      return { url: server.url(), args: ['--ca', await bench.file('ca.pem', authority.certificate)] };
    },
    expect: { status: 'ok', notCauses: ['wrong-scheme'] },
  }),
  defineNearMiss({
    id: 'wrong-scheme/refused-is-no-scheme',
    group: 'tls',
    network: {},
    async arrange(bench) {
      await bench.listen(jsonApi());
      return { url: `https://127.0.0.1:${await bench.freePort()}/mcp`, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['wrong-scheme'] },
  }),
];
