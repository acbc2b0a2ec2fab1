import { access, readFile } from 'node:fs/promises';
import type { Measured } from '../../model/evidence.ts';
import type { SandboxMark, UnitLimits } from '../../model/sandbox.ts';
import { runTool } from '../processes/run-tool.ts';
import { isUp, parseInterfaces, parseLabel, parseLimits, parseStatus, parseUnit } from './linux-parse.ts';
import type { Confinement } from './index.ts';

/** What /proc and /sys tell about this process. */
export async function readLinux(signal: AbortSignal): Promise<Confinement> {
  const [status, label, interfaces, unit, marks] = await Promise.all([
    text('/proc/self/status'),
    text('/proc/self/attr/current'),
    readInterfaces(),
    readUnit(signal),
    readMarks(),
  ]);
  const { seccompFilters, noNewPrivileges } = parseStatus(status.kind === 'measured' ? status.value : '');
  const absent = status.kind === 'measured' ? unmeasured('this kernel does not tell') : status;
  return {
    marks,
    seccompFilters: seccompFilters === null ? absent : { kind: 'measured', value: seccompFilters },
    noNewPrivileges: noNewPrivileges === null ? absent : { kind: 'measured', value: noNewPrivileges },
    // Without a security module the file cannot be read (EINVAL): then there is no label.
    label: { kind: 'measured', value: label.kind === 'measured' ? parseLabel(label.value) : null },
    interfaces,
    unit,
  };
}

async function readInterfaces(): Promise<Confinement['interfaces']> {
  const found = await text('/proc/self/net/dev');
  if (found.kind === 'not-measured') return found;
  const value = await Promise.all(
    parseInterfaces(found.value).map(async (name) => {
      const flags = await text(`/sys/class/net/${name}/flags`);
      // A /sys of another namespace does not have it: then only the name is known, and being there counts as being up.
      return { name, up: flags.kind === 'not-measured' || isUp(flags.value) };
    }),
  );
  return { kind: 'measured', value };
}

/** Asked of systemd only where it runs this machine and this process is part of a service. */
async function readUnit(signal: AbortSignal): Promise<Measured<UnitLimits | null>> {
  const group = await text('/proc/self/cgroup');
  const unit = group.kind === 'measured' ? parseUnit(group.value) : null;
  if (unit === null || !(await exists('/run/systemd/system'))) return { kind: 'measured', value: null };
  const properties = ['IPAddressDeny', 'RestrictAddressFamilies', 'SocketBindDeny', 'PrivateNetwork'];
  const shown = await runTool('systemctl', ['show', unit, ...properties.map((one) => `--property=${one}`)], signal);
  if (shown.kind === 'failed') return unmeasured(`${shown.why}; by hand: systemctl show ${unit}`);
  const settings = parseLimits(shown.stdout.toString());
  return { kind: 'measured', value: settings.length === 0 ? null : { unit, settings } };
}

/** How many parents are looked at: a shell, a package runner and a launcher lie between a sandbox and us. */
const MOST_PARENTS = 12;

/** Programs that build a sandbox and stay as the parent, or as the first process, of what runs inside. */
const BUILDERS: Readonly<Record<string, SandboxMark['name']>> = { bwrap: 'bubblewrap', firejail: 'firejail' };

async function readMarks(): Promise<readonly SandboxMark[]> {
  const [first, parents, flatpak] = await Promise.all([commandOf(1), readParents(), exists('/.flatpak-info')]);
  const builder = [...parents, first].find((name) => BUILDERS[name] !== undefined);
  return [
    ...(flatpak ? [{ name: 'flatpak' as const, mark: '/.flatpak-info exists' }] : []),
    ...(builder === undefined ? [] : [{ name: BUILDERS[builder]!, mark: `${builder} is among the parents of this process` }]),
  ];
}

async function readParents(): Promise<readonly string[]> {
  const names: string[] = [];
  for (let pid = process.ppid; pid > 1 && names.length < MOST_PARENTS; ) {
    const status = await text(`/proc/${pid}/status`);
    if (status.kind === 'not-measured') break;
    names.push(/^Name:\t(.*)$/m.exec(status.value)?.[1] ?? '');
    pid = Number(/^PPid:\t(\d+)$/m.exec(status.value)?.[1] ?? 0);
  }
  return names;
}

async function commandOf(pid: number): Promise<string> {
  const name = await text(`/proc/${pid}/comm`);
  return name.kind === 'measured' ? name.value.trim() : '';
}

async function text(file: string): Promise<Measured<string>> {
  try {
    return { kind: 'measured', value: await readFile(file, 'utf8') };
  } catch (error) {
    return unmeasured(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function unmeasured(why: string): { readonly kind: 'not-measured'; readonly why: string } {
  return { kind: 'not-measured', why };
}
