import { containerFault } from '../../engines/container-case.ts';
import { addressOf, composed, type Engine, inside, run, serve } from '../../engines/engine.ts';

const IDLE = ['/bin/sleep', '600'];

/** A container from which the doctor speaks; `engine` is reachable from in there when `knows` is set. */
async function caller(engine: Engine, options: readonly string[], knows = false): Promise<readonly string[]> {
  const socket = knows ? ['-v', `${engine.socket}:/run/docker.sock`, '-v', `${engine.socket}:/var/run/docker.sock`] : [];
  await run(engine, 'agent', [...options, ...socket], IDLE);
  return inside(engine, 'agent');
}

export default [
  ...(['docker', 'podman'] as const).flatMap((engine) => [
    containerFault({
      id: `container-network/${engine}-localhost-inside-gateway-answers`,
      engine,
      async arrange(started, bench) {
        await bench.serve('v2-dual', { host: '0.0.0.0', port: 3000 });
        return { url: 'http://localhost:3000/mcp', through: await caller(started, []) };
      },
      expect: { status: 'failed', cause: 'container-network', notCauses: ['server-not-running'] },
    }),
    containerFault({
      id: `container-network/${engine}-localhost-inside-sibling-answers`,
      engine,
      async arrange(started) {
        await started.command('network', 'create', 'shop');
        await serve(started, 'notes', ['--network', 'shop']);
        return { url: 'http://localhost:3000/mcp', through: await caller(started, ['--network', 'shop'], true) };
      },
      expect: {
        status: 'failed',
        cause: 'container-network',
        says: /notes/,
        notCauses: ['server-not-running', 'container-port-unpublished'],
      },
    }),
    containerFault({
      id: `container-network/${engine}-name-of-a-container-from-outside`,
      engine,
      async arrange(started) {
        await started.command('network', 'create', 'shop');
        await serve(started, 'notes', ['--network', 'shop', '-p', '127.0.0.1:3000:3000']);
        return { url: 'http://notes:3000/mcp' };
      },
      expect: { status: 'failed', cause: 'container-network', remedy: /127\.0\.0\.1|localhost/, notCauses: ['dns-failure'] },
    }),
  ]),
  containerFault({
    id: 'container-network/docker-service-name-from-outside',
    engine: 'docker',
    async arrange(engine) {
      await engine.command('network', 'create', 'shop_default');
      const options = ['--network', 'shop_default', '--network-alias', 'notes', '-p', '127.0.0.1:8080:3000', ...composed('shop', 'notes')];
      await serve(engine, 'shop-notes-1', options);
      return { url: 'http://notes:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'container-network', says: /8080/, notCauses: ['dns-failure'] },
  }),
  containerFault({
    id: 'container-network/docker-published-port-from-inside',
    engine: 'docker',
    async arrange(engine) {
      await engine.command('network', 'create', 'shop');
      await serve(engine, 'notes', ['--network', 'shop', '-p', '127.0.0.1:8080:3000']);
      return { url: 'http://notes:8080/mcp', through: await caller(engine, ['--network', 'shop'], true) };
    },
    expect: { status: 'failed', cause: 'container-network', says: /3000/, notCauses: ['server-not-running'] },
  }),
  containerFault({
    id: 'container-network/docker-networks-that-do-not-meet',
    engine: 'docker',
    async arrange(engine) {
      for (const name of ['shop', 'office']) await engine.command('network', 'create', name);
      await serve(engine, 'notes', ['--network', 'shop']);
      return { url: 'http://notes:3000/mcp', through: await caller(engine, ['--network', 'office'], true) };
    },
    expect: { status: 'failed', cause: 'container-network', says: /shop[^]*office|office[^]*shop/, notCauses: ['dns-failure'] },
  }),
  containerFault({
    id: 'container-network/docker-address-in-a-network-that-does-not-meet',
    engine: 'docker',
    async arrange(engine) {
      for (const name of ['shop', 'office']) await engine.command('network', 'create', name);
      await serve(engine, 'notes', ['--network', 'shop']);
      const url = `http://${await addressOf(engine, 'notes')}:3000/mcp`;
      return { url, args: ['--timeout', '1500'], through: await caller(engine, ['--network', 'office'], true) };
    },
    expect: { status: 'failed', cause: 'container-network', notCauses: ['host-unreachable'] },
    within: 12_000,
  }),
  containerFault({
    id: 'container-network/docker-host-name-without-mapping',
    engine: 'docker',
    async arrange(engine, bench) {
      await bench.serve('v2-dual', { host: '0.0.0.0', port: 3000 });
      return { url: 'http://host.docker.internal:3000/mcp', through: await caller(engine, []) };
    },
    expect: { status: 'failed', cause: 'container-network', remedy: /host-gateway/, notCauses: ['dns-failure', 'wrong-host'] },
  }),
];
