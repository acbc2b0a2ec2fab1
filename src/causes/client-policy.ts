import { FETCH_BLOCKED_PORTS, suggestPort } from '../facts/ports.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, sandbox, target, tcp } from '../model/examples.ts';
import type { Remedy } from '../model/remedy.ts';
import { type Confined, confinedBy } from '../model/sandbox-view.ts';
import type { SandboxName } from '../model/sandbox.ts';
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
mcpreach compares the port with the standard's list.
By hand: \`node -e "fetch('http://127.0.0.1:6000').catch((error) => console.log(error.cause))"\`.

A sandbox refuses addresses as well. Agents run their shell commands in one (Codex, Claude Code), and Flatpak, Snap, Firejail and systemd confine
whole programs: the system then answers \`EPERM\` or \`EACCES\` to a connection, or the sandbox has a network of its own in which \`127.0.0.1\` is
not this machine's. The server is innocent, and a client outside the sandbox reaches it. mcpreach looks for the marks of known sandboxes and for
seccomp filters, and connects to a port of its own: what forbids even that is no matter of the target.
By hand: \`grep -E 'Seccomp|NoNewPrivs' /proc/self/status; ip link; env | grep -i sandbox\`, and the same request from a terminal of your own.`,
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

/** Who the sandbox belongs to, as a sentence names it. */
const OWNERS: Readonly<Record<SandboxName, string>> = {
  codex: 'the sandbox that Codex runs commands in',
  'sandbox-runtime': 'the sandbox that Claude Code runs commands in (sandbox-runtime)',
  'gemini-cli': 'the sandbox of Gemini CLI',
  flatpak: 'a Flatpak sandbox',
  snap: 'the confinement of a snap',
  firejail: 'a Firejail sandbox',
  bubblewrap: 'a bubblewrap sandbox',
  systemd: 'a systemd service with limits',
  seatbelt: 'an App Sandbox of macOS',
};

function confinedSummary(shown: string, { kind, mark, means }: Confined): string {
  const where = mark === null ? 'a sandbox' : OWNERS[mark.name];
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
  const tell = (title: string): Remedy => ({ kind: 'tell', title });
  switch (mark?.name) {
    case 'codex':
      return [
        outside,
        tell(
          'Codex connects to its MCP servers outside this sandbox. For its commands: approve this one when it asks, or set `network_access = true` under `[sandbox_workspace_write]` in config.toml.',
        ),
      ];
    case 'sandbox-runtime':
      return [
        outside,
        tell('Only shell commands run in this sandbox, and MCP servers of Claude Code do not: what fails here may work for the client.'),
      ];
    case 'flatpak':
      return [
        tell('Give the application the network: `flatpak override --user --share=network APPLICATION`, and start it again.'),
        outside,
      ];
    case 'snap':
      return [tell('Connect the network to the snap: `snap connect NAME:network`, and start it again.'), outside];
    case 'systemd':
      return [
        tell(
          'Allow this address in the unit (`systemctl edit UNIT`): `IPAddressAllow=localhost`, `RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6`; then restart it.',
        ),
        outside,
      ];
    case 'bubblewrap':
    case 'firejail':
      return [
        outside,
        ...(kind === 'apart'
          ? [
              tell(
                'Or start the server inside the same sandbox, or the sandbox with the network of this machine (bwrap without `--unshare-net`).',
              ),
            ]
          : []),
      ];
    default:
      return [outside, tell('Or allow outgoing connections in whatever started this process: an agent, a container or a service manager.')];
  }
}
