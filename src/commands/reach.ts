/** What the TARGET words of a command line reach: the servers themselves, ready to be spoken to or started. */
import type { StdioInput, TargetInput } from '../diagnose/options.ts';
import { readTarget } from '../diagnose/target.ts';
import { UsageError } from '../model/errors.ts';
import { homeFolder } from '../system/home.ts';
import type { AskUser } from './configs/consent.ts';

export interface ReachRequest {
  /** A stdio server's command line, word by word; empty without one. */
  readonly command?: readonly string[];
  /** Read this config file only. */
  readonly config?: string | undefined;
  /** Read the configs of this client only. */
  readonly client?: string | undefined;
  /** How bare addresses are to be spoken to; default: by whichever way answers. */
  readonly transport?: 'http' | 'sse' | undefined;
  /** Sent besides the headers of an entry, which win. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM file with additional trusted roots; only looked at here. */
  readonly ca?: string | undefined;
  /** Whether the user agreed to everything beforehand. */
  readonly yes?: boolean;
  /** Asks the user; absent where nobody can answer. */
  readonly ask?: AskUser | undefined;
  /** Whether several servers are too many. */
  readonly one?: boolean;
}

/** One server that can be spoken to or started. */
export interface Reach {
  /** The entry's name, else the address or command as it is shown. */
  readonly name: string;
  /** The address or command line with its secrets masked: the only form that may be shown. */
  readonly display: string;
  /** With its references replaced and its headers complete. Full of secrets. */
  readonly input: TargetInput | StdioInput;
  /** Every value that must not be shown. */
  readonly secrets: readonly string[];
  /** Id of the client whose config it is from; null for addresses and commands. */
  readonly client: string | null;
}

/** Words that can only be addresses; every other word may be a name. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Finds what the words and the command mean, in their order. The catalogue of clients is loaded only when a word is no address.
 * @throws UsageError for what is not there, may not be used, or makes no sense; `ambiguous-target` when `one` is asked for.
 */
export async function resolveReach(words: readonly string[], request: ReachRequest): Promise<readonly Reach[]> {
  const { command: [program, ...args] = [], ca, one = false } = request;
  if (words.length === 0 && program === undefined) {
    throw new UsageError('missing-argument', 'Give a TARGET: an address, NAME, CLIENT:NAME, or a config file.');
  }
  if (ca !== undefined) await (await import('./ca-file.ts')).checkCaFile(ca);
  const found = words.every((word) => ADDRESS.test(word)) ? words.map((url) => reachUrl(url, request)) : await fromConfigs(words, request);
  const all = program === undefined ? found : [...found, await reachCommand({ command: program, args })];
  if (one && all.length > 1) throw ambiguous(all);
  return all;
}

function reachUrl(url: string, { transport, headers = {} }: ReachRequest): Reach {
  const input: TargetInput = { url, headers, ...(transport === undefined ? {} : { transport }) };
  const { target, secrets } = readTarget(input, {});
  return { name: target.display, display: target.display, input, secrets, client: null };
}

async function reachCommand(input: StdioInput): Promise<Reach> {
  const { readStdioTarget } = await import('../diagnose/stdio-target.ts');
  const { target, secrets } = readStdioTarget(input, {});
  return { name: target.display, display: target.display, input, secrets, client: null };
}

async function fromConfigs(words: readonly string[], request: ReachRequest): Promise<readonly Reach[]> {
  const environment = process.env;
  const cwd = process.cwd();
  const base = { cwd, home: homeFolder(environment), platform: process.platform, environment };
  const [{ resolveTargets }, { reachEntries }] = await Promise.all([import('./targets.ts'), import('./configs/reach-entries.ts')]);
  const found: Reach[] = [];
  for (const word of words) {
    const { targets, surroundings } = await resolveTargets([word], {
      ...base,
      configFile: request.config ?? null,
      clientId: request.client ?? null,
    });
    // A word that is neither a name nor a file counts as an address that lacks its scheme, and its error says so.
    const [first] = targets;
    if (first?.kind === 'url') found.push(reachUrl(first.url, request));
    else found.push(...(await reachEntries(word, targets, { ...request, surroundings })));
  }
  return found;
}

function ambiguous(all: readonly Reach[]): UsageError {
  const names = all.map(({ client, name }) => (client === null ? name : `${client}:${name}`));
  return new UsageError('ambiguous-target', `One server is needed, and these are ${all.length}: ${names.join(', ')}. Name one of them.`);
}
