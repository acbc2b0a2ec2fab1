/** The log files of one client that may tell of one server. */
import { posix, win32 } from 'node:path';
import type { LogFile } from '../model/logs.ts';
import { modifiedAt, namesIn } from '../system/config-files.ts';
import type { Client, LogRule } from './client.ts';
import { expandPattern } from './expand-pattern.ts';
import { placesOf, shownPath, type Surroundings } from './locate.ts';

/** Of what one rule names, only the newest are worth opening: sessions leave a file each, and rotation more of them. */
const NEWEST_OF_RULE = 3;

/** Files that are there, those of the server alone first, then the newest; at most a few for each place. */
export async function logFilesOf(client: Client, server: string, surroundings: Surroundings): Promise<readonly LogFile[]> {
  const perRule = await Promise.all(client.logs.map((rule) => filesOfRule(rule, server, surroundings)));
  const seen = new Set<string>();
  return perRule
    .flat()
    .sort((a, b) => Number(b.own) - Number(a.own) || b.modifiedAt - a.modifiedAt)
    .flatMap(({ path, own }): readonly LogFile[] => {
      if (seen.has(path)) return [];
      seen.add(path);
      return [{ path, own, named: false, shown: shownPath(path, surroundings) }];
    });
}

interface Dated {
  readonly path: string;
  readonly own: boolean;
  readonly modifiedAt: number;
}

async function filesOfRule(rule: LogRule, server: string, surroundings: Surroundings): Promise<readonly Dated[]> {
  const places = placesOf(rule, surroundings).filter((path) => path !== '');
  const isOwn = places.some((path) => path.includes('<server>'));
  const patterns = places.flatMap((place) =>
    isOwn ? namesInFiles(server).map((name) => place.replaceAll('<server>', () => name)) : [place],
  );
  const direct = (await Promise.all([...new Set(patterns)].map((pattern) => expandPattern(pattern, surroundings)))).flat();
  const rotated = (await Promise.all(direct.map((path) => rotations(path, isOwn, surroundings)))).flat();
  const all = new Map([...rotated, ...direct.map((path) => ({ path, own: isOwn }))].map((one) => [one.path, one]));
  const dated = await Promise.all([...all.values()].map(async (one) => ({ ...one, modifiedAt: await modifiedAt(one.path) })));
  return dated
    .flatMap(({ modifiedAt: at, ...one }): readonly Dated[] => (at === null ? [] : [{ ...one, modifiedAt: at }]))
    .sort((a, b) => b.modifiedAt - a.modifiedAt)
    .slice(0, NEWEST_OF_RULE);
}

/** How a name gets into a file's name: as it is where that is possible, else with signs replaced. */
function namesInFiles(server: string): readonly string[] {
  const replaced = ['-', '_'].map((sign) => server.replace(/[^\w-]/g, sign));
  // A star would be a pattern, and a name must not lead to another folder.
  const plain = /^[^\\/*<>:"|?\0]+$/.test(server) && !/^\.+$/.test(server) ? [server] : [];
  return [...new Set([...plain, ...replaced])].filter((name) => name !== '');
}

/**
 * What log rotation made of a file: `x.log.1`, `x.log.old`, `x.old.log`, `x1.log`, `x-prev.log`, `x.log.2026-11-28`, packed ones too.
 * Where it is the name that differs, the file may as well be that of a server with such a name: then its lines must say whose they are.
 */
async function rotations(
  file: string,
  isOwn: boolean,
  { platform }: Pick<Surroundings, 'platform'>,
): Promise<readonly Omit<Dated, 'modifiedAt'>[]> {
  const path = platform === 'win32' ? win32 : posix;
  const { dir, name, ext } = path.parse(file);
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const after = new RegExp(
    `^${escaped(name)}${escaped(ext)}(?:[.-](?:\\d{1,4}|old|prev|bak|\\d{4}-?\\d\\d-?\\d\\d[\\w-]*|gz|zst|bz2|xz|zip))+$`,
    'i',
  );
  const within = new RegExp(
    `^${escaped(name)}(?:[.-]?\\d{1,3}|[._-](?:old|prev|previous|bak)|[._-]\\d{4}-?\\d\\d-?\\d\\d[\\w-]*)${escaped(ext)}$`,
    'i',
  );
  return (await namesIn(dir)).flatMap((one) =>
    after.test(one) ? [{ path: path.join(dir, one), own: isOwn }] : within.test(one) ? [{ path: path.join(dir, one), own: false }] : [],
  );
}
