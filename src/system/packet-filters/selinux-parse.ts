/** The kernel's records of what SELinux refused, and `getsebool -a` (auditd(8), getsebool(8)). Pure. */
import type { SelinuxDenial } from '../../model/selinux.ts';

/** The refusals in an audit log, or in what ausearch and the kernel's own log show. */
export function parseDenials(text: string): readonly SelinuxDenial[] {
  return text.split('\n').flatMap((line) => {
    const permission = /\bavc:\s+denied\s+\{ (.+?) \}/.exec(line)?.[1];
    const field = (name: string) =>
      new RegExp(`\\b${name}=(?:"([^"]*)"|(\\S+))`)
        .exec(line)
        ?.slice(1)
        .find((part) => part !== undefined);
    const type = (name: string) => field(name)?.split(':')[2];
    const [source, target] = [type('scontext'), type('tcontext')];
    if (permission === undefined || source === undefined || target === undefined) return [];
    const port = Number(field('dest') ?? field('src') ?? Number.NaN);
    const seconds = Number(/\baudit\((\d+\.\d+):\d+\)/.exec(line)?.[1] ?? Number.NaN);
    return [
      {
        permission,
        program: field('comm') ?? null,
        port: Number.isNaN(port) ? null : port,
        source,
        target,
        at: Number.isNaN(seconds) ? null : Math.round(seconds * 1000),
        enforced: field('permissive') !== '1',
      },
    ];
  });
}

/** Switches by name from `NAME --> on`. */
export function parseBooleans(text: string): ReadonlyMap<string, boolean> {
  return new Map([...text.matchAll(/^(\w+) --> (on|off)\b/gm)].map(([, name = '', value]) => [name, value === 'on']));
}
