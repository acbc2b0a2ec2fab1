import { containerFault } from '../../engines/container-case.ts';
import { composed, inState, run, serve, serverWords } from '../../engines/engine.ts';

const URL = 'http://127.0.0.1:3000/mcp';
const PUBLISHED = ['-p', '3000:3000'];
/** Ends with a code and a last word. */
const CRASHES = ['/bin/sh', '-c', 'echo starting; echo "NOTES_DIR is not set" >&2; exit 3'];

export default [
  ...(['docker', 'podman'] as const).flatMap((engine) => [
    containerFault({
      id: `container-not-running/${engine}-exited`,
      engine,
      async arrange(started) {
        await run(started, 'notes', PUBLISHED, CRASHES);
        await inState(started, 'notes', '{{.State.Status}}', /exited/);
        return { url: URL };
      },
      expect: {
        status: 'failed',
        cause: 'container-not-running',
        says: /\b3\b[^]*NOTES_DIR is not set/,
        notCauses: ['server-not-running'],
      },
    }),
    containerFault({
      id: `container-not-running/${engine}-paused`,
      engine,
      async arrange(started) {
        await serve(started, 'notes', PUBLISHED);
        await started.command('pause', 'notes');
        return { url: URL, args: ['--timeout', '1500'] };
      },
      expect: { status: 'failed', cause: 'container-not-running', says: /paused/i, remedy: /unpause/, notCauses: ['timeout-hang'] },
      within: 15_000,
    }),
    containerFault({
      id: `container-not-running/${engine}-never-started`,
      engine,
      async arrange(started) {
        await run(started, 'notes', PUBLISHED, serverWords('v2-dual', '0.0.0.0', 3000), 'create');
        return { url: URL };
      },
      expect: { status: 'failed', cause: 'container-not-running', remedy: /start/, notCauses: ['server-not-running'] },
    }),
  ]),
  containerFault({
    id: 'container-not-running/docker-crash-loop',
    engine: 'docker',
    async arrange(engine) {
      await run(engine, 'notes', [...PUBLISHED, '--restart', 'always'], CRASHES);
      await inState(engine, 'notes', '{{.RestartCount}}', /[2-9]/);
      return { url: URL, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'container-not-running', says: /restart/i, notCauses: ['server-not-running'] },
  }),
  containerFault({
    id: 'container-not-running/docker-stopped-service',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'shop-notes-1', [...PUBLISHED, ...composed('shop', 'notes')]);
      await engine.command('kill', 'shop-notes-1');
      return { url: 'http://localhost:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'container-not-running', says: /notes/, notCauses: ['server-not-running'] },
  }),
];
