import { containerFault } from '../../engines/container-case.ts';
import { composed, serve } from '../../engines/engine.ts';
import { asOrdinaryUser } from '../../engines/ordinary-user.ts';

const URL = 'http://127.0.0.1:3000/mcp';

/** Runs the doctor where it sees no process but its own. */
const PROCESSES_HIDDEN = ['unshare', '--pid', '--fork', '--mount-proc'];

export default [
  containerFault({
    id: 'container-loopback/docker-forwarder-resets',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /127\.0\.0\.1/, notCauses: ['connection-reset'] },
  }),
  containerFault({
    id: 'container-loopback/docker-without-forwarder-refuses',
    engine: 'docker',
    flags: ['--userland-proxy=false'],
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /notes/, notCauses: ['server-not-running'] },
  }),
  containerFault({
    id: 'container-loopback/podman-refuses',
    engine: 'podman',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /notes/, notCauses: ['server-not-running'] },
  }),
  containerFault({
    id: 'container-loopback/podman-without-its-service',
    engine: 'podman',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, env: { DOCKER_HOST: 'unix:///run/nobody.sock' } };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /notes/, notCauses: ['server-not-running', 'firewall-reject'] },
  }),
  containerFault({
    id: 'container-loopback/docker-ipv6-loopback-inside',
    engine: 'docker',
    needs: ['ipv6'],
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000', '--sysctl', 'net.ipv6.conf.all.disable_ipv6=0'], { host: '::1' });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /::1/, notCauses: ['connection-reset', 'ipv6-localhost'] },
  }),
  containerFault({
    id: 'container-loopback/docker-service-on-another-port-inside',
    engine: 'docker',
    async arrange(engine) {
      await engine.command('network', 'create', 'shop_default');
      await serve(engine, 'shop-notes-1', ['-p', '127.0.0.1:3000:8000', '--network', 'shop_default', ...composed('shop', 'notes')], {
        host: '127.0.0.1',
        port: 8000,
      });
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'container-loopback', says: /8000/ },
  }),
  // As next to an engine in a virtual machine: the container's processes are not to be seen from here.
  containerFault({
    id: 'container-loopback/docker-looked-at-inside',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, through: PROCESSES_HIDDEN, args: ['--exec'] };
    },
    expect: { status: 'failed', cause: 'container-loopback', certainty: 'proved', says: /127\.0\.0\.1/, notCauses: ['connection-reset'] },
  }),
  // Without consent nothing is run in it: what it was told to do stands in for what it does.
  containerFault({
    id: 'container-loopback/docker-not-looked-at-inside',
    engine: 'docker',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, through: PROCESSES_HIDDEN };
    },
    expect: { status: 'failed', cause: 'container-loopback', certainty: 'likely', says: /could not be read/ },
  }),
  containerFault({
    id: 'container-loopback/podman-looked-at-inside',
    engine: 'podman',
    async arrange(engine) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, through: PROCESSES_HIDDEN, args: ['--exec'] };
    },
    expect: { status: 'failed', cause: 'container-loopback', certainty: 'proved', says: /127\.0\.0\.1/ },
  }),
  containerFault({
    id: 'container-loopback/docker-socket-without-permission',
    engine: 'docker',
    needs: ['ordinary-user'],
    async arrange(engine, bench) {
      await serve(engine, 'notes', ['-p', '3000:3000'], { host: '127.0.0.1' });
      return { url: URL, ...(await asOrdinaryUser(bench)) };
    },
    // The forwarder's command line and the kernel's tables are for everybody; the name is not, and how to learn it is told.
    expect: {
      status: 'failed',
      cause: 'container-loopback',
      says: /permission/,
      remedy: /sudo docker ps/,
      notCauses: ['connection-reset'],
    },
  }),
];
