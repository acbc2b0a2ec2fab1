/** Compares what the client was told with what the server did. */
import { existsSync, readFileSync } from 'node:fs';
import type { Client, Entry } from './client.ts';
import { USUAL } from './orders.ts';

export interface Check {
  readonly what: string;
  /** Empty when it holds. */
  readonly problems: readonly string[];
}

export function judgeBook({ entries, stray }: Pick<Client, 'entries' | 'stray'>, ledger: string, bound: number): readonly Check[] {
  const lines = existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').filter(Boolean) : [];
  const executions = new Map<string, number>();
  const foreign: string[] = [];
  for (const line of lines) {
    const [name, key = ''] = line.split(' ');
    if (name === USUAL.name) executions.set(key, (executions.get(key) ?? 0) + 1);
    else foreign.push(line);
  }
  const problems = (test: (entry: Entry) => string | null): string[] =>
    entries.flatMap((entry) => {
      const problem = test(entry);
      return problem === null ? [] : [`${entry.id} ${entry.method}: ${problem}`];
    });
  const ran = ({ key }: Entry): boolean => key !== null && executions.has(key);
  return [
    {
      what: 'no call runs twice',
      problems: [...executions].filter(([, times]) => times > 1).map(([key, times]) => `${key} ran ${times} times`),
    },
    {
      what: 'every request gets one answer',
      problems: problems(({ answers, cancelled }) =>
        answers.length === 1 || (cancelled && answers.length === 0) ? null : `${answers.length} answers`,
      ),
    },
    {
      what: 'every answer comes in time',
      problems: problems(({ answers: [first], sentAt }) =>
        first !== undefined && first.at - sentAt > bound ? `after ${((first.at - sentAt) / 1000).toFixed(1)} s` : null,
      ),
    },
    {
      what: 'every result is that of its own request',
      problems: problems((entry) => {
        const result = entry.answers[0]?.result;
        if (entry.key === null || result === undefined) return null;
        const text = (result['content'] as { text?: unknown }[] | undefined)?.[0]?.text;
        if (text !== entry.key) return `answered ${JSON.stringify(result)}`;
        return ran(entry) ? null : 'answered and never run';
      }),
    },
    {
      what: 'every failed request says whether it ran',
      problems: problems((entry) => {
        const error = entry.answers[0]?.error;
        if (error === undefined) return null;
        const executed = error.data?.mcpreach?.executed;
        if (executed === 'unknown') return null;
        if (executed === 'no') return ran(entry) ? 'said not to have run, and ran' : null;
        return `says nothing of it: ${JSON.stringify(error)}`;
      }),
    },
    { what: 'nothing else is written to the client', problems: stray.map((line) => line.slice(0, 200)) },
    { what: 'another program gets no call', problems: foreign },
  ];
}
