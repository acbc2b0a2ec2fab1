import type { SandboxMark, SandboxName } from '../../model/sandbox.ts';

/** Variables that sandboxes set for the programs inside them, with the values that count; undefined for any. */
const VARIABLES: readonly { readonly name: SandboxName; readonly variable: string; readonly value?: string }[] = [
  // openai/codex, codex-rs/core/src/spawn.rs: set while commands have no network, and on macOS to "seatbelt".
  { name: 'codex', variable: 'CODEX_SANDBOX_NETWORK_DISABLED', value: '1' },
  { name: 'codex', variable: 'CODEX_SANDBOX' },
  // anthropic-experimental/sandbox-runtime, which Claude Code runs its shell commands in.
  { name: 'sandbox-runtime', variable: 'SANDBOX_RUNTIME', value: '1' },
  // google-gemini/gemini-cli: the name of the container, or "sandbox-exec".
  { name: 'gemini-cli', variable: 'SANDBOX' },
  { name: 'flatpak', variable: 'FLATPAK_ID' },
  { name: 'snap', variable: 'SNAP_NAME' },
  { name: 'firejail', variable: 'container', value: 'firejail' },
  // sandbox-exec of macOS, set by Apple's own App Sandbox.
  { name: 'seatbelt', variable: 'APP_SANDBOX_CONTAINER_ID' },
];

/** What the variables say about a sandbox around this process. Values are not shown: they may be anything. */
export function marksIn(environment: Readonly<Record<string, string | undefined>>): readonly SandboxMark[] {
  return VARIABLES.flatMap(({ name, variable, value }) => {
    const set = environment[variable];
    const counts = value === undefined ? set !== undefined && set !== '' : set === value;
    return counts ? [{ name, mark: `${variable}${value === undefined ? '' : `=${value}`} is set` }] : [];
  });
}
