/** What the bridge promises, held against what the client and the server wrote down. */
import type { ChaosClient, Entry, Message } from './client.ts';
import { recorded } from './state.ts';

export interface Tally {
  readonly requests: number;
  readonly calls: number;
  /** Answered by the server. */
  readonly served: number;
  /** Errors of the bridge by what they say. */
  readonly no: number;
  readonly unknown: number;
  readonly cancelled: number;
  /** Calls that ran more than once. */
  readonly twice: number;
  /** Requests without an answer that were not cancelled. */
  readonly lost: number;
  readonly complaints: readonly string[];
}

/** `executed` of an error of the bridge; null for what the server said itself. */
function executedOf(answer: Message): 'no' | 'unknown' | null {
  const error = answer['error'] as { readonly data?: { readonly mcpreach?: { readonly executed?: 'no' | 'unknown' } } } | undefined;
  return error?.data?.mcpreach?.executed ?? null;
}

export function judge({ entries, strays }: ChaosClient, folder: string): Tally {
  const runs = new Map<string, number>();
  for (const key of recorded(folder, 'ran')) runs.set(key, (runs.get(key) ?? 0) + 1);
  const tally = { requests: entries.size, calls: 0, served: 0, no: 0, unknown: 0, cancelled: 0, twice: 0, lost: 0 };
  const complaints: string[] = [];
  for (const entry of entries.values()) {
    const [answer] = entry.answers;
    const executed = answer === undefined ? null : executedOf(answer);
    if (entry.key !== null) tally.calls += 1;
    if (entry.cancelled) tally.cancelled += 1;
    else if (answer === undefined) tally.lost += 1;
    if (answer !== undefined) tally[executed ?? 'served'] += 1;
    const ran = entry.key === null ? 0 : (runs.get(entry.key) ?? 0);
    if (ran > 1) tally.twice += 1;
    const wrong = wrongWith(entry, executed, ran);
    if (wrong !== null) complaints.push(`${entry.method} ${entry.key ?? entry.id}: ${wrong} ${JSON.stringify(answer ?? null)}`);
  }
  for (const line of strays.slice(0, 3)) complaints.push(`stray line: ${line.slice(0, 200)}`);
  for (const key of recorded(folder, 'ran-by-stranger').slice(0, 3)) complaints.push(`${key} was sent to another program`);
  return { ...tally, complaints };
}

function wrongWith(entry: Entry, executed: 'no' | 'unknown' | null, ran: number): string | null {
  const { answers, cancelled, key } = entry;
  const [answer] = answers;
  if (answers.length > 1) return `answered ${answers.length} times`;
  if (ran > 1) return `ran ${ran} times`;
  if (answer === undefined) return cancelled ? null : 'was never answered';
  if (executed === 'no' && ran > 0) return 'ran, and the error says that it did not';
  if (key === null) return null;
  const result = answer['result'] as { readonly content?: readonly { readonly text?: string }[]; readonly isError?: boolean } | undefined;
  if (result === undefined) return executed === null && ran > 0 ? 'ran, and was answered by an error that does not say so' : null;
  if (result.content?.[0]?.text !== key) return 'was given the answer to something else';
  return ran === 0 ? 'was answered and never ran' : null;
}
