/** What a client would send, or start, for one of its entries. */
import { isAbsolute, resolve } from 'node:path';
import { startupLimitMs } from '../../clients/limit.ts';
import type { Surroundings } from '../../clients/locate.ts';
import type { StdioInput, TargetInput } from '../../diagnose/options.ts';
import { ASSUMED_CLIENT_LIMIT_MS } from '../../facts/budgets.ts';
import type { ConfigEntry } from '../../model/config.ts';
import type { StdioClientFacts } from '../../model/stdio.ts';
import type { EntryTarget } from './known.ts';

const PROXY_VARIABLE = /^(?:https?|all|no|ftp)_proxy$/i;

/** The input of a diagnosis for an entry whose references were replaced; null when nothing can be made of it. */
export function inputOf(target: EntryTarget, expanded: ConfigEntry, surroundings: Surroundings): TargetInput | StdioInput | null {
  if (expanded.command !== null && expanded.transport === 'stdio') return stdioInput(target, expanded, expanded.command, surroundings);
  return expanded.url === null || expanded.transport === 'stdio' ? null : httpInput(target, expanded, expanded.url, surroundings);
}

function stdioInput(
  { client, entry }: EntryTarget,
  { args, env, cwd }: ConfigEntry,
  command: string,
  surroundings: Surroundings,
): StdioInput | null {
  if (command.trim() === '') return null;
  const base = folderOf(entry, client.kind === 'gui', surroundings);
  return {
    command,
    args,
    env,
    cwd: cwd === null ? base : isAbsolute(cwd) ? cwd : resolve(base, cwd),
    name: entry.name,
    client: clientFacts(entry, client, surroundings),
    inherits: client.environment === 'restricted' ? 'sdk' : 'all',
  };
}

/** The folder from which relative paths of an entry count: the project's for its files, else where the client was started. */
function folderOf({ file }: ConfigEntry, isGraphical: boolean, { home, cwd, project }: Surroundings): string {
  return file.scope === 'project' ? project : isGraphical ? home : cwd;
}

function httpInput(
  { client, entry }: EntryTarget,
  { transport, alsoSse, headers, env }: ConfigEntry,
  text: string,
  surroundings: Surroundings,
): TargetInput | null {
  const url = text.trim();
  if (!/^https?:\/\/[^/?#:]/i.test(url) || !URL.canParse(url)) return null;
  const { port } = new URL(url);
  if (port === '0') return null;
  const inherited = Object.entries(surroundings.environment).filter(
    ([name]) => client.proxyVariables !== 'ignored' || !PROXY_VARIABLE.test(name),
  );
  return {
    url,
    ...(alsoSse || (transport !== 'http' && transport !== 'sse') ? {} : { transport }),
    name: entry.name,
    client: clientFacts(entry, client, surroundings),
    headers: Object.fromEntries(Object.entries(headers).filter(([name, value]) => isSendable(name, value))),
    environment: { ...Object.fromEntries(inherited), ...env },
  };
}

/** What Node's own client would refuse to send, a client's would too. */
function isSendable(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value);
}

function clientFacts(entry: ConfigEntry, client: EntryTarget['client'], { environment }: Surroundings): StdioClientFacts {
  const { id, kind, startup, needsCmdWrapper, followsSystemProxy } = client;
  const limit =
    startupLimitMs(client, entry, environment) ?? (startup.defaultMs === 'none' ? Number.POSITIVE_INFINITY : ASSUMED_CLIENT_LIMIT_MS);
  const base = { id, startupLimitMs: limit, gui: kind === 'gui', needsCmdWrapper: needsCmdWrapper === 'yes' };
  return followsSystemProxy === true ? { ...base, followsSystemProxy } : base;
}
