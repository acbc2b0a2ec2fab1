/** What `mcpreach wait` is asked for, from the words of its command line. */
import { UsageError } from '../../model/errors.ts';
import type { AskUser } from '../configs/consent.ts';
import { parseDuration } from '../duration.ts';
import { parseHeaders } from '../header.ts';
import { resolveReach } from '../reach.ts';
import type { WaitLevel } from './sighting.ts';
import { fromReach, isPortWord, readPort, type WaitTarget } from './targets.ts';
import type { WaitRequest } from './wait.ts';

/** As written on the command line. */
export interface WaitWords {
  readonly targets: readonly string[];
  readonly for?: string | undefined;
  /** Names, separated by commas. */
  readonly tools?: string | undefined;
  readonly timeout?: string | undefined;
  readonly interval?: string | undefined;
  readonly stable?: string | undefined;
  readonly keepWaiting: boolean;
  readonly headers: readonly string[];
  readonly ca?: string | undefined;
  readonly config?: string | undefined;
  readonly client?: string | undefined;
  readonly yes: boolean;
  readonly ask?: AskUser | undefined;
}

const TIMEOUT_MS = 60_000;
const LEVELS: readonly WaitLevel[] = ['tcp', 'http', 'mcp', 'tools'];

/** Reads the words. @throws UsageError */
export async function readWaitRequest(words: WaitWords): Promise<Omit<WaitRequest, 'signal'>> {
  const tools = readTools(words.tools);
  const level = LEVELS.find((one) => one === words.for);
  if (tools.length > 0 && level !== undefined && level !== 'tools') {
    throw new UsageError('conflicting-options', `--tools and --for ${level} contradict each other; --tools waits for the tools.`);
  }
  const duration = (text: string | undefined, option: string, least: number) =>
    text === undefined ? null : parseDuration(text, option, least);
  return {
    level: tools.length > 0 ? 'tools' : (level ?? 'mcp'),
    tools,
    timeoutMs: duration(words.timeout, '--timeout', 1) ?? TIMEOUT_MS,
    intervalMs: duration(words.interval, '--interval', 1),
    stableMs: duration(words.stable, '--stable', 0) ?? 0,
    keepWaiting: words.keepWaiting,
    ca: words.ca,
    targets: await targetsOf(words),
  };
}

function readTools(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new UsageError('invalid-value', '--tools: a name is empty. Write --tools add,search.');
  return names;
}

/** The targets in their order; runs of words that are no ports are resolved together. */
async function targetsOf({ targets: words, headers, ca, config, client, yes, ask }: WaitWords): Promise<readonly WaitTarget[]> {
  if (words.length === 0) {
    throw new UsageError('missing-argument', 'Give a TARGET to wait for; what follows -- is the command to run then.');
  }
  const request = { headers: parseHeaders(headers), ca, config, client, yes, ask };
  const found: WaitTarget[] = [];
  let others: string[] = [];
  const flush = async () => {
    if (others.length > 0) found.push(...(await resolveReach(others, request)).map(fromReach));
    others = [];
  };
  for (const word of words) {
    if (isPortWord(word)) {
      await flush();
      found.push(readPort(word));
    } else others.push(word);
  }
  await flush();
  return found;
}
