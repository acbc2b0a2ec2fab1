import { FETCH_BLOCKED_PORTS, suggestPort } from '../facts/ports.ts';
import { SANDBOX_OWNERS, waysOut } from '../facts/sandboxes.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, sandbox, target, tcp } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';
import { type Confined, confinedBy } from '../model/sandbox-view.ts';
import { works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
  readonly shown: string;
  /** Null when it is the port that clients refuse. */
  readonly confined: Confined | null;
}

/** The target works, and clients built on `fetch` refuse its port all the same; or a sandbox lets nobody inside it get there. */
export const cause = defineCause({
  id: 'client-policy',
  group: 'beyond',
  title: 'Some clients refuse this address by their own rules',
  layer: 'http',
  severity: 'warning',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { port, display: shown } = found.target;
    const confined = confinedBy(found);
    if (confined !== undefined) {
      const layer = found.tcp === undefined ? 'dns' : 'tcp';
      return { certainty: confined.proved ? 'proved' : 'likely', severity: 'error', layer, port, shown, confined };
    }
    return works(found) && FETCH_BLOCKED_PORTS.has(port) ? { certainty: 'likely', port, shown, confined: null } : undefined;
  },
  explain({ port, shown, confined }) {
    if (confined !== null) return { summary: confinedSummary(shown, confined), evidence: confined.facts };
    return {
      summary: `The server works on port ${port}, but fetch refuses that port: clients that use fetch (Node.js, browsers) say "bad port".`,
      evidence: [
        `port ${port} is on the list of blocked ports of the Fetch standard`,
        'mcpreach does not use fetch, and its handshake was good',
      ],
    };
  },
  remedies({ port, shown, confined }): readonly Remedy[] {
    if (confined !== null) return confinedRemedies(shown, confined);
    return [
      {
        kind: 'tell',
        title: `Move the server to another port, for example ${suggestPort(port)}, and change the URL.`,
      },
    ];
  },
  about: `The Fetch standard blocks some eighty ports of old services, whatever listens there. The official TypeScript SDK and every browser
use \`fetch\`, and fail with "bad port" before any packet is sent; clients in Python or Go and \`curl\` reach the same server.
A sandbox refuses addresses as well. Agents run their shell commands in one (Codex, Claude Code), and Flatpak, Snap, Firejail, systemd and Landlock
confine whole programs: the system then answers \`EPERM\` or \`EACCES\` to a connection, or the sandbox has a network of its own in which
\`127.0.0.1\` is not this machine's. The server is innocent, and a client outside the sandbox reaches it.
mcpreach compares the port with the standard's list; after a failure it looks for the marks of known sandboxes and for system call filters around
itself, and connects to a port of its own: what forbids even that is no matter of the target.
By hand: \`node -e "fetch('http://127.0.0.1:6000').catch((error) => console.log(error.cause))"\` for a port; for a sandbox the same request from a
terminal of your own, \`env | grep -i sandbox\` (Windows: \`set | findstr /i sandbox\`), and on Linux \`grep -E 'Seccomp|NoNewPrivs' /proc/self/status\`.`,
  refs: [
    'https://fetch.spec.whatwg.org/#port-blocking',
    'https://man7.org/linux/man-pages/man2/seccomp.2.html',
    'https://developers.openai.com/codex/security',
    'https://code.claude.com/docs/en/sandboxing',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html#IPAddressAllow=ADDRESS%5B/PREFIXLENGTH%5D%E2%80%A6',
  ],
  examples() {
    const at = (port: number) => ({
      ...NOTHING_AROUND,
      dns: names('127.0.0.1'),
      tcp: tcp(attempt('127.0.0.1', 'open', port)),
      direct: ready(),
    });
    const denied = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'not-permitted')), ...NOTHING_AROUND };
    const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
    const nowhere = { stage: 'connect', outcome: 'not-permitted', code: 'EPERM' } as const;
    const codex = { name: 'codex', mark: 'CODEX_SANDBOX_NETWORK_DISABLED=1 is set' } as const;
    const bubble = { name: 'bubblewrap', mark: 'bwrap is among the parents of this process' } as const;
    const alone = { kind: 'measured', value: [{ name: 'lo', up: true }] } as const;
    const filtered = { kind: 'measured', value: 1 } as const;
    return {
      fires: [
        { title: 'a server on port 6000', evidence: evidence(target('http://localhost:6000/mcp'), at(6000)) },
        {
          title: 'the sandbox of Codex',
          evidence: evidence(target(), { ...denied, sandbox: sandbox({ own: nowhere, marks: [codex], seccompFilters: filtered }) }),
        },
        {
          title: 'a seccomp filter of unknown origin',
          evidence: evidence(target(), { ...denied, sandbox: sandbox({ own: nowhere, seccompFilters: filtered }) }),
        },
        {
          title: 'a systemd service that may speak to nobody',
          evidence: evidence(target(), {
            ...NOTHING_AROUND,
            dns: names('127.0.0.1'),
            tcp: tcp(attempt('127.0.0.1', 'timed-out')),
            sandbox: sandbox({
              own: { stage: 'connect', outcome: 'timed-out', code: 'ETIMEDOUT' },
              unit: { kind: 'measured', value: { unit: 'agent.service', settings: ['IPAddressDeny=::/0 0.0.0.0/0'] } },
            }),
          }),
        },
        {
          title: 'a sandbox that refuses one address',
          evidence: evidence(target('http://192.168.1.9:3000/mcp'), {
            tcp: tcp(attempt('192.168.1.9', 'not-permitted')),
            sandbox: sandbox({ marks: [{ name: 'seatbelt', mark: 'APP_SANDBOX_CONTAINER_ID is set' }] }),
          }),
        },
        {
          title: 'a sandbox with a loopback of its own',
          evidence: evidence(target(), { ...refused, sandbox: sandbox({ marks: [bubble], interfaces: alone }) }),
        },
      ],
      quiet: [
        { title: 'a server on port 6001', evidence: evidence(target('http://localhost:6001/mcp'), at(6001)) },
        {
          title: 'nothing listens on port 6000',
          evidence: evidence(target('http://localhost:6000/mcp'), {
            ...NOTHING_AROUND,
            dns: names('127.0.0.1'),
            tcp: tcp(attempt('127.0.0.1', 'refused', 6000)),
          }),
        },
        {
          title: 'a seccomp filter that lets connections pass',
          evidence: evidence(target(), { ...refused, sandbox: sandbox({ seccompFilters: filtered }) }),
        },
        { title: 'a sandbox that shares the network', evidence: evidence(target(), { ...refused, sandbox: sandbox({ marks: [bubble] }) }) },
        { title: 'forbidden without any sign of a sandbox', evidence: evidence(target(), { ...denied, sandbox: sandbox() }) },
      ],
    };
  },
});

function confinedSummary(shown: string, { kind, mark, means }: Confined): string {
  const where = mark === null ? 'a sandbox' : SANDBOX_OWNERS[mark.name];
  switch (kind) {
    case 'forbidden':
      return `mcpreach runs inside ${where}, which forbids it every connection (${means}): ${shown} cannot be judged from there.`;
    case 'here':
      return `mcpreach runs inside ${where}, which forbids it to connect to ${shown}.`;
    case 'apart':
      return `mcpreach runs inside ${where}, which has a network of its own: ${shown} means the sandbox there, and not this machine.`;
  }
}

function confinedRemedies(shown: string, { kind, mark }: Confined): readonly Remedy[] {
  const outside: Remedy = {
    kind: 'run',
    title: 'Ask again outside the sandbox, in a terminal of your own:',
    command: `mcpreach doctor ${shown}`,
  };
  const { own, others } = waysOut(mark?.name ?? null, kind === 'apart');
  return [...own.map(tell), outside, ...others.map(tell)];
}

function tell(title: string): Remedy {
  return { kind: 'tell', title };
}
