import { defineFault, defineNearMiss } from '../../fault.ts';
import { startDocker } from '../../engines/docker.ts';
import { serve } from '../../engines/engine.ts';
import { startPodman } from '../../engines/podman.ts';

const URL = 'http://127.0.0.1:3000/mcp';

export default [
  defineFault({
    id: 'container-loopback/docker-forwarder-resets',
    group: 'address',
    needs: ['docker'],
    network: {},
    async arrange(bench) {
      const engine = await startDocker(bench);
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, env: engine.env };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /127\.0\.0\.1/, notCauses: ['connection-reset'] },
  }),
  defineFault({
    id: 'container-loopback/docker-without-forwarder-refuses',
    group: 'address',
    needs: ['docker'],
    network: {},
    async arrange(bench) {
      const engine = await startDocker(bench, { flags: ['--userland-proxy=false'] });
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, env: engine.env };
    },
    expect: { status: 'failed', cause: 'container-loopback', notCauses: ['server-not-running'] },
  }),
  defineFault({
    id: 'container-loopback/podman-refuses',
    group: 'address',
    needs: ['podman'],
    network: {},
    async arrange(bench) {
      const engine = await startPodman(bench);
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, env: engine.env };
    },
    expect: { status: 'failed', cause: 'container-loopback', notCauses: ['server-not-running'] },
  }),
  defineNearMiss({
    id: 'container-loopback/docker-server-listens-everywhere',
    group: 'address',
    needs: ['docker'],
    network: {},
    async arrange(bench) {
      const engine = await startDocker(bench);
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: URL, env: engine.env };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'container-loopback/podman-server-listens-everywhere',
    group: 'address',
    needs: ['podman'],
    network: {},
    async arrange(bench) {
      const engine = await startPodman(bench);
      await serve(engine, 'notes', ['-p', '127.0.0.1:3000:3000']);
      return { url: URL, env: engine.env };
    },
    expect: { status: 'ok' },
  }),
];
