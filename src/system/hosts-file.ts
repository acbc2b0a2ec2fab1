import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { HostsLine, Measured } from '../model/evidence.ts';

const FILE =
  process.platform === 'win32' ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32\\drivers\\etc\\hosts') : '/etc/hosts';

/** The hosts file's lines that name this host. */
export async function hostsLines(host: string): Promise<Measured<readonly HostsLine[]>> {
  try {
    return { kind: 'measured', value: parseHostsFile(await readFile(FILE, 'utf8'), host, FILE) };
  } catch (error) {
    return { kind: 'not-measured', why: `${FILE} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
  }
}

/** Reads the text of a hosts file (hosts(5)): an address, then names; `#` begins a comment. */
export function parseHostsFile(text: string, host: string, file: string): readonly HostsLine[] {
  const wanted = host.toLowerCase();
  return text.split(/\r?\n/).flatMap((content, index) => {
    const [address = '', ...names] = content.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    const family = isIP(address.replace(/%.*/, ''));
    if (family === 0 || !names.includes(wanted)) return [];
    return [{ file, line: index + 1, address, family: family === 6 ? 6 : 4 }];
  });
}
