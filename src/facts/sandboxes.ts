/** What is known about sandboxes: who makes them, and how their inmates get out. */
import type { SandboxName } from '../model/sandbox.ts';

/** Who a sandbox belongs to, as a sentence names it. */
export const SANDBOX_OWNERS: Readonly<Record<SandboxName, string>> = {
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

/** What gives a program inside the network it lacks. */
export interface WaysOut {
  /** Better than asking again outside: for programs that live in the sandbox. */
  readonly own: readonly string[];
  readonly others: readonly string[];
}

/** How to get out of a sandbox, or of one nobody knows (null); `apart` when it has a network of its own. */
export function waysOut(name: SandboxName | null, apart: boolean): WaysOut {
  switch (name) {
    case 'codex':
      return after(
        'Codex connects to its MCP servers outside this sandbox. For its commands: approve this one when it asks, or set `network_access = true` under `[sandbox_workspace_write]` in config.toml.',
      );
    case 'sandbox-runtime':
      return after(
        'Only shell commands run in this sandbox, and MCP servers of Claude Code do not: what fails here may work for the client.',
      );
    case 'flatpak':
      return before('Give the application the network: `flatpak override --user --share=network APPLICATION`, and start it again.');
    case 'snap':
      return before('Connect the network to the snap: `snap connect NAME:network`, and start it again.');
    case 'systemd':
      return before(
        'Allow this address in the unit (`systemctl edit UNIT`): `IPAddressAllow=localhost`, `RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6`; then restart it.',
      );
    case 'bubblewrap':
    case 'firejail':
      return apart
        ? after(
            'Or start the server inside the same sandbox, or the sandbox with the network of this machine (bwrap without `--unshare-net`).',
          )
        : after();
    default:
      return after('Or allow outgoing connections in whatever started this process: an agent, a container or a service manager.');
  }
}

function before(...own: readonly string[]): WaysOut {
  return { own, others: [] };
}

function after(...others: readonly string[]): WaysOut {
  return { own: [], others };
}
