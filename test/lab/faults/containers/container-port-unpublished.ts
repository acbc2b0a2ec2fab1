import { containerFault } from '../../engines/container-case.ts';
import { serve } from '../../engines/engine.ts';

const URL = 'http://127.0.0.1:3000/mcp';

export default [
  ...(['docker', 'podman'] as const).flatMap((engine) => [
    containerFault({
      id: `container-port-unpublished/${engine}-nothing-published`,
      engine,
      async arrange(started) {
        await serve(started, 'notes', []);
        return { url: URL };
      },
      expect: { status: 'failed', cause: 'container-port-unpublished', says: /notes/, notCauses: ['server-not-running'] },
    }),
    containerFault({
      id: `container-port-unpublished/${engine}-wrong-inner-port`,
      engine,
      async arrange(started) {
        await serve(started, 'notes', ['-p', '3000:8000'], { port: 3000 });
        return { url: URL };
      },
      expect: {
        status: 'failed',
        cause: 'container-port-unpublished',
        says: /8000/,
        notCauses: ['connection-reset', 'container-loopback'],
      },
    }),
  ]),
  containerFault({
    id: 'container-port-unpublished/docker-exposed-only',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['--expose', '3000']);
      return { url: 'http://localhost:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'container-port-unpublished', notCauses: ['server-not-running'] },
  }),
];
