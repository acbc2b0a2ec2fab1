/** Containers are about, and are not the reason. */
import { containerNearMiss } from '../../engines/container-case.ts';
import { startDocker } from '../../engines/docker.ts';
import { composed, inside, inState, run, serve } from '../../engines/engine.ts';
import { asOrdinaryUser } from '../../engines/ordinary-user.ts';
import { makePrivateMounts } from '../../engines/private-mounts.ts';
import { defineNearMiss, HERE, THERE } from '../../fault.ts';

const URL = 'http://127.0.0.1:3000/mcp';
const CONTAINER_CAUSES = ['container-loopback', 'container-port-unpublished', 'container-not-running', 'container-network'];
const IDLE = ['/bin/sleep', '600'];
const CRASHES = ['/bin/sh', '-c', 'exit 3'];

export default [
  ...(['docker', 'podman'] as const).flatMap((engine) => [
    containerNearMiss({
      id: `container-loopback/${engine}-works`,
      engine,
      async arrange(started) {
        await serve(started, 'notes', ['-p', '127.0.0.1:3000:3000']);
        return { url: URL };
      },
      expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
    }),
    containerNearMiss({
      id: `container-port-unpublished/${engine}-another-port-published`,
      engine,
      async arrange(started) {
        await serve(started, 'shop', ['-p', '127.0.0.1:4000:8000'], { app: 'single-page-app', port: 8000 });
        return { url: URL, args: ['--patience', '0'] };
      },
      expect: { status: 'failed', cause: 'server-not-running', notCauses: CONTAINER_CAUSES },
    }),
    containerNearMiss({
      id: `container-network/${engine}-nothing-answers-around-the-caller`,
      engine,
      async arrange(started) {
        await run(started, 'agent', [], IDLE);
        return { url: 'http://localhost:3000/mcp', args: ['--patience', '0'], through: inside(started, 'agent') };
      },
      expect: { status: 'failed', cause: 'server-not-running', notCauses: CONTAINER_CAUSES },
    }),
  ]),
  containerNearMiss({
    id: 'container-not-running/docker-another-project-stopped',
    engine: 'docker',
    async arrange(engine) {
      await run(engine, 'office-mail-1', ['-p', '4000:4000', ...composed('office', 'mail')], CRASHES);
      await inState(engine, 'office-mail-1', '{{.State.Status}}', /exited/);
      return { url: URL, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-not-running/docker-similar-name-and-a-local-crash',
    engine: 'docker',
    async arrange(engine, bench) {
      await run(engine, 'notes-old', ['-p', '3001:3000'], CRASHES);
      await inState(engine, 'notes-old', '{{.State.Status}}', /exited/);
      const script = await bench.file('notes.cjs', 'console.error("no such table: notes"); process.exit(4);\n');
      return { url: URL, args: ['--patience', '0', '--start', `${process.execPath} ${script}`] };
    },
    expect: { status: 'failed', cause: 'crash-on-boot', says: /no such table/, notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-not-running/docker-old-container-beside-one-that-works',
    engine: 'docker',
    async arrange(engine) {
      await run(engine, 'notes-old', ['-p', '3000:3000'], CRASHES);
      await inState(engine, 'notes-old', '{{.State.Status}}', /exited/);
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: URL };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-loopback/docker-container-asks-for-credentials',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000'], { app: 'v1-stateful', options: { token: 'correct-horse' } });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'auth-required', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-loopback/docker-host-network-on-loopback-works',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['--network', 'host'], { host: '127.0.0.1' });
      return { url: URL };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-loopback/docker-published-on-loopback-asked-at-another-address',
    engine: 'docker',
    network: { peer: true },
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: `http://${HERE}:3000/mcp` };
    },
    expect: { status: 'failed', cause: 'bound-to-loopback', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-loopback/podman-publishes-on-ipv4-only',
    engine: 'podman',
    needs: ['ipv6'],
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: 'http://[::1]:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-network/docker-neighbour-by-its-name-works',
    engine: 'docker',
    async arrange(engine) {
      await engine.command('network', 'create', 'shop');
      await serve(engine, 'notes', ['--network', 'shop', '-p', '127.0.0.1:8080:3000']);
      await run(engine, 'agent', ['--network', 'shop'], IDLE);
      return { url: 'http://notes:3000/mcp', through: inside(engine, 'agent') };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-network/docker-host-name-with-mapping-works',
    engine: 'docker',
    async arrange(engine, bench) {
      await bench.serve('v2-dual', { host: '0.0.0.0', port: 3000 });
      await run(engine, 'agent', ['--add-host', 'host.docker.internal:host-gateway'], IDLE);
      return { url: 'http://host.docker.internal:3000/mcp', through: inside(engine, 'agent') };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'container-network/docker-server-beside-the-caller-works',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'agent', [], { host: '127.0.0.1' });
      return { url: 'http://localhost:3000/mcp', through: inside(engine, 'agent') };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  containerNearMiss({
    id: 'server-not-running/docker-socket-without-permission',
    engine: 'docker',
    needs: ['ordinary-user'],
    async arrange(_engine, bench) {
      return { url: URL, args: ['--patience', '0'], ...(await asOrdinaryUser(bench)) };
    },
    expect: {
      status: 'failed',
      cause: 'server-not-running',
      says: /permission/,
      remedy: /sudo docker ps/,
      notCauses: CONTAINER_CAUSES,
    },
  }),
  ...(['docker', 'podman'] as const).map((engine) =>
    containerNearMiss({
      id: `firewall-reject/${engine}-forwards-for-an-ordinary-user`,
      engine,
      flags: ['--userland-proxy=false'],
      needs: ['ordinary-user'],
      async arrange(started, bench) {
        await serve(started, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
        return { url: URL, args: ['--patience', '0'], ...(await asOrdinaryUser(bench)) };
      },
      expect: { status: 'failed', cause: ['container-loopback', 'unknown'], says: /podman|docker/i, notCauses: ['firewall-reject'] },
    }),
  ),
  containerNearMiss({
    id: 'firewall-reject/docker-forwards-to-a-container',
    engine: 'docker',
    flags: ['--userland-proxy=false'],
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, args: ['--patience', '0'], env: { DOCKER_HOST: 'unix:///run/nobody.sock' } };
    },
    expect: { status: 'failed', cause: ['container-loopback', 'unknown'], notCauses: ['firewall-reject', 'port-in-use'] },
  }),
  defineNearMiss({
    id: 'server-not-running/no-container-engine',
    group: 'address',
    network: {},
    async arrange(bench) {
      await makePrivateMounts(bench);
      return { url: URL, args: ['--patience', '0'], env: { DOCKER_HOST: 'unix:///run/docker.sock' } };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: CONTAINER_CAUSES },
  }),
  defineNearMiss({
    id: 'container-loopback/engine-at-the-usual-place-works',
    group: 'address',
    needs: ['docker'],
    network: {},
    async arrange(bench) {
      const engine = await startDocker(bench, { defaultSocket: true });
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: URL };
    },
    expect: { status: 'ok', notCauses: CONTAINER_CAUSES },
  }),
  defineNearMiss({
    id: 'server-not-running/container-engine-on-another-machine',
    group: 'address',
    network: { peer: true },
    async arrange(bench) {
      const script = `require('node:net').createServer(() => console.log('asked')).listen(2375, '${THERE}', () => console.log('up'))`;
      const engine = await bench.program(process.execPath, ['-e', script], { there: true, until: /up/ });
      return {
        url: URL,
        args: ['--patience', '0'],
        env: { DOCKER_HOST: `tcp://${THERE}:2375` },
        // Nothing beyond this machine is contacted that the user did not name as a target.
        check: () => (engine.output().includes('asked') ? ['an engine on another machine was asked'] : []),
      };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: CONTAINER_CAUSES },
  }),
];
