/** The container runs and its port is published; in it nothing listens at all. */
import { containerFault } from '../../engines/container-case.ts';
import { run } from '../../engines/engine.ts';

export default (['docker', 'podman'] as const).map((engine) =>
  containerFault({
    id: `server-not-running/in-a-${engine}-container`,
    engine,
    async arrange(started) {
      await run(started, 'notes', ['-p', '3000:3000'], ['/bin/sleep', '600']);
      return { url: 'http://127.0.0.1:3000/mcp' };
    },
    expect: {
      status: 'failed',
      cause: 'server-not-running',
      says: /notes/,
      notCauses: ['connection-reset', 'container-loopback', 'container-port-unpublished', 'container-not-running'],
    },
  }),
);
