/** Pure readers of what Linux tells a process about its own confinement. */

/** Seccomp's filters and the no-new-privileges bit of `/proc/self/status` (proc(5)); null where the kernel has no such line. */
export function parseStatus(text: string): { readonly seccompFilters: number | null; readonly noNewPrivileges: boolean | null } {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  const mode = field('Seccomp');
  // Before Linux 5.9 only the mode is told: 1 is the strict one, 2 means that there is at least one filter.
  const filters = field('Seccomp_filters') ?? (mode === undefined ? undefined : mode === '0' ? '0' : '1');
  const bit = field('NoNewPrivs');
  return { seccompFilters: filters === undefined ? null : Number(filters), noNewPrivileges: bit === undefined ? null : bit === '1' };
}

/** The label of `/proc/self/attr/current`; null for a process that nothing confines. */
export function parseLabel(text: string): string | null {
  const label = text.replace(/\0/g, '').trim();
  return label === '' || label === 'unconfined' || label === 'kernel' || /^unconfined_u:unconfined_r:unconfined_t\b/.test(label)
    ? null
    : label;
}

/** Interface names of `/proc/net/dev`; the two lines of headings have no colon. */
export function parseInterfaces(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []);
}

/** Whether IFF_UP is set in an interface's flags, as `/sys/class/net/NAME/flags` writes them. */
export function isUp(flags: string): boolean {
  return (Number(flags.trim()) & 1) === 1;
}

/** The systemd service of `/proc/self/cgroup`, be it one of the system or of a user's manager; null for scopes and sessions. */
export function parseUnit(text: string): string | null {
  const path = text.split('\n').find((line) => /^\d+:(?:name=systemd)?:/.test(line)) ?? '';
  return /\/([^/]+\.service)(?:\/|$)/.exec(path.replace(/\/user@\d+\.service/, ''))?.[1] ?? null;
}

/** The lines of `systemctl show` that limit a service's network. */
export function parseLimits(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => /^(?:IPAddressDeny|RestrictAddressFamilies|SocketBindDeny)=.+/.test(line) || line === 'PrivateNetwork=yes');
}
