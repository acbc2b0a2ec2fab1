/** The container was started a moment ago: what leads into it is there before the server inside listens. */
import { containerFault, containerNearMiss } from '../../engines/container-case.ts';
import { inside, run, serve, serverWords } from '../../engines/engine.ts';

const URL = 'http://127.0.0.1:3000/mcp';
const PUBLISHED = ['-p', '3000:3000'];

/** Starts the server of the catalogue after so many seconds. */
function later(seconds: number): readonly string[] {
  return ['/bin/sh', '-c', `sleep ${seconds}; exec ${serverWords('v2-dual', '0.0.0.0', 3000).join(' ')}`];
}

export default [
  ...(['docker', 'podman'] as const).map((engine) =>
    containerFault({
      id: `startup-race/in-a-${engine}-container`,
      engine,
      async arrange(started) {
        await run(started, 'notes', PUBLISHED, later(4));
        return { url: URL, args: ['--patience', '15s'] };
      },
      expect: { status: 'warning', findings: ['startup-race'], notCauses: ['container-loopback', 'container-not-running'] },
      within: 25_000,
    }),
  ),
  containerFault({
    id: 'container-network/docker-published-port-from-inside-without-the-socket',
    engine: 'docker',
    async arrange(engine) {
      await engine.command('network', 'create', 'shop');
      await serve(engine, 'notes', ['--network', 'shop', '-p', '127.0.0.1:18080:8080'], { port: 8080 });
      await run(engine, 'agent', ['--network', 'shop'], ['/bin/sleep', '600']);
      return { url: 'http://notes:18080/mcp', through: inside(engine, 'agent') };
    },
    expect: { status: 'failed', cause: 'container-network', says: /8080/, remedy: /notes:8080/, notCauses: ['server-not-running'] },
  }),
  containerFault({
    id: 'container-not-running/docker-name-of-a-stopped-container',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', PUBLISHED);
      await engine.command('kill', 'notes');
      return { url: 'http://notes:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'container-not-running', says: /notes/, remedy: /start notes/, notCauses: ['dns-failure'] },
  }),
  containerNearMiss({
    id: 'container-port-unpublished/docker-the-same-server-on-another-published-port',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '127.0.0.1:18080:3000']);
      return { url: URL, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'wrong-port', says: /18080/, notCauses: ['container-port-unpublished', 'container-network'] },
  }),
];
