/** Whether what confines mcpreach itself explains a failure. Pure. */
import type { Evidence } from './evidence.ts';
import type { SandboxEvidence, SandboxMark, SandboxName } from './sandbox.ts';
import { endpoint, failsDirectly, isLoopback } from './view.ts';

export interface Confined {
  /**
   * `forbidden`: the system refuses this process even a connection to itself. `here`: it refuses this address, inside a sandbox.
   * `apart`: the sandbox has a loopback of its own, on which nobody of this machine listens.
   */
  readonly kind: 'forbidden' | 'here' | 'apart';
  /** The sandbox by its mark; null when only the means are known. */
  readonly mark: SandboxMark | null;
  /** What enforces it, in the words of a sentence. */
  readonly means: string;
  readonly proved: boolean;
  readonly facts: readonly string[];
}

/** Sandboxes that can have a network of their own. */
const APART: ReadonlySet<SandboxName> = new Set(['codex', 'sandbox-runtime', 'gemini-cli', 'flatpak', 'firejail', 'bubblewrap']);

/** How the sandbox around this process explains that the target was not reached; undefined when none does. */
export function confinedBy(found: Evidence): Confined | undefined {
  const { sandbox } = found;
  if (sandbox === undefined || !failsDirectly(found)) return undefined;
  return forbidden(found, sandbox) ?? apart(found, sandbox);
}

/** Whether this network namespace's loopback interface is there and down, as in one that was just made. */
export function isLoopbackDown({ sandbox }: Evidence): boolean {
  const { interfaces } = sandbox ?? {};
  return interfaces?.kind === 'measured' && interfaces.value.some(({ name, up }) => name === 'lo' && !up);
}

/** The own connection as evidence tells it. */
export function ownWords({ own }: SandboxEvidence): string {
  if (own.outcome === 'open') return 'a connection of mcpreach to itself works';
  const how = own.stage === 'listen' ? 'mcpreach may not even listen on 127.0.0.1' : 'mcpreach cannot even connect to itself on 127.0.0.1';
  return `${how} (${own.code ?? own.outcome})`;
}

function forbidden(found: Evidence, sandbox: SandboxEvidence): Confined | undefined {
  const { own, unit } = sandbox;
  const attempts = found.tcp?.attempts ?? [];
  const mark = sandbox.marks[0] ?? serviceMark(sandbox);
  const means = meansOf(sandbox);
  const nowhere =
    own.outcome === 'not-permitted' ||
    own.outcome === 'no-local-address' ||
    (own.outcome === 'timed-out' && unit.kind === 'measured' && unit.value !== null);
  const refusedHere = attempts.filter(({ outcome }) => outcome === 'not-permitted');
  // What is refused here and not elsewhere may as well be a route or a packet filter: only a sandbox that is known explains it.
  if (!nowhere && (refusedHere.length === 0 || mark === null)) return undefined;
  if (mark === null && means === null) return undefined;
  return {
    kind: nowhere ? 'forbidden' : 'here',
    mark,
    means: means ?? 'its rules',
    proved: nowhere,
    facts: [
      ...attempts.map(({ address, port, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`),
      ownWords(sandbox),
      ...signsOf(sandbox),
    ],
  };
}

function apart(found: Evidence, sandbox: SandboxEvidence): Confined | undefined {
  const { interfaces, own } = sandbox;
  const attempts = found.tcp?.attempts ?? [];
  const mark = sandbox.marks.find(({ name }) => APART.has(name));
  const alone = interfaces.kind === 'measured' && interfaces.value.every(({ name, up }) => name === 'lo' || !up);
  const nobody = attempts.every(({ address, outcome }) => isLoopback(address) && outcome === 'refused');
  const nameless = attempts.length === 0 && found.dns !== undefined && found.dns.addresses.length === 0;
  if (mark === undefined || !alone || !(attempts.length > 0 ? nobody : nameless)) return undefined;
  const outside = found.holder?.elsewhere ?? [];
  return {
    kind: 'apart',
    mark,
    means: 'a network of its own',
    proved: outside.length > 0 && own.outcome === 'open',
    facts: [
      `this process has no network interface but ${isLoopbackDown(found) ? 'lo, which is down' : 'lo'}`,
      ...attempts.map(
        ({ address, port, code }) => `${endpoint(address, port)} refused (${code ?? 'no code'}) on the loopback of the sandbox`,
      ),
      ...(outside.length > 0 ? [`outside this network somebody listens on port ${found.target.port}`] : []),
      ...signsOf(sandbox),
    ],
  };
}

function serviceMark({ unit }: SandboxEvidence): SandboxMark | null {
  if (unit.kind === 'not-measured' || unit.value === null) return null;
  return { name: 'systemd', mark: `${unit.value.unit} has ${unit.value.settings.join(', ')}` };
}

function meansOf({ unit, seccompFilters, label, noNewPrivileges }: SandboxEvidence): string | null {
  if (unit.kind === 'measured' && unit.value !== null) return `${unit.value.settings.join(', ')} of ${unit.value.unit}`;
  if (seccompFilters.kind === 'measured' && seccompFilters.value > 0) return 'a seccomp filter';
  if (label.kind === 'measured' && label.value !== null) return `the security profile ${label.value}`;
  // Landlock leaves no trace of its own but this one, which it needs (landlock_restrict_self(2)).
  if (noNewPrivileges.kind === 'measured' && noNewPrivileges.value) return 'rules such as those of Landlock';
  return null;
}

/** Every sign of confinement, for the evidence. */
function signsOf({ marks, seccompFilters, noNewPrivileges, label, unit }: SandboxEvidence): readonly string[] {
  const seccomp = seccompFilters.kind === 'measured' && seccompFilters.value > 0 ? seccompFilters.value : 0;
  return [
    ...marks.map(({ mark }) => mark),
    ...(unit.kind === 'measured' && unit.value !== null ? [`${unit.value.unit}: ${unit.value.settings.join(', ')}`] : []),
    ...(seccomp > 0
      ? [seccomp === 1 ? 'a seccomp filter watches its system calls' : `${seccomp} seccomp filters watch its system calls`]
      : []),
    ...(noNewPrivileges.kind === 'measured' && noNewPrivileges.value ? ['it can gain no privileges (no_new_privs), as in a sandbox'] : []),
    ...(label.kind === 'measured' && label.value !== null ? [`its security label is ${label.value}`] : []),
    ...(unit.kind === 'not-measured' ? [`not measured: ${unit.why}`] : []),
  ];
}
