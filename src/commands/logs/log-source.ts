import { basename, dirname } from 'node:path';
import { logFilesOf } from '../../clients/log-files.ts';
import type { Surroundings } from '../../clients/locate.ts';
import type { LogFile, LogSource } from '../../model/logs.ts';
import type { EntryTarget } from '../configs/known.ts';

/** Which logs may tell of a target: those of its client, and those that were named. */
export function logSourceOf(entry: EntryTarget | null, named: readonly LogFile[], surroundings: Surroundings): LogSource | null {
  if (entry === null && named.length === 0) return null;
  const client = entry?.client ?? null;
  const name = entry?.entry.name ?? null;
  return {
    named: named.length > 0,
    async files() {
      const own = client === null || name === null ? [] : await logFilesOf(client, name, surroundings);
      const known = new Map(own.map((file) => [file.path, file]));
      const first = named.map((file) => ({ ...file, own: known.get(file.path)?.own ?? isOf(file.path, name) }));
      const paths = new Set(first.map(({ path }) => path));
      return [...first, ...own.filter(({ path }) => !paths.has(path))];
    },
    async reader() {
      const { explain } = await import('../explain.ts');
      return (text) => {
        const { read, candidates } = explain({ text, client: client?.id });
        return { errno: read.errno, status: read.status, speaksFor: candidates.map(({ cause, score }) => ({ cause, score })) };
      };
    },
    alias: client?.logTag === undefined || name === null ? null : name.slice(-client.logTag),
    home: surroundings.home,
  };
}

/** Whether a file's name says that it is the log of this server alone, as Claude Desktop, Claude Code and VS Code name theirs. */
function isOf(path: string, server: string | null): boolean {
  if (server === null) return false;
  const file = basename(path);
  if (basename(dirname(path)) === `mcp-logs-${server}` || file.startsWith(`mcp-server-${server}.log`)) return true;
  return file.startsWith('mcpServer.') && file.endsWith(`.${server}.log`);
}
