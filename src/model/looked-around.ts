/** Where a server was looked for in vain, in the words of evidence. Pure. */
import { faultOfKind } from './container-fault.ts';
import { engineGaps, publisherFacts } from './container-view.ts';
import type { Evidence, StartEvidence } from './evidence.ts';
import { endpoint, lastExchange, otherServers, processWords } from './view.ts';

/** A machine full of containers has a usual port in many of them. */
const MOST_ELSEWHERE = 3;

/** Where else it was looked for, and what was seen there. */
export function lookedAround(found: Evidence): readonly string[] {
  const { target, machine, siblings, ports, patience, start, holder } = found;
  const looked: string[] = [];
  if (machine?.sockets.kind === 'measured') {
    const here = machine.sockets.value.filter(({ port }) => port === target.port).length;
    looked.push(
      `${here === 0 ? 'none' : here} of the ${machine.sockets.value.length} listening sockets of this machine ${here > 1 ? 'have' : 'has'} port ${target.port}`,
    );
  }
  if (machine?.sockets.kind === 'not-measured')
    looked.push(`the listening sockets of this machine could not be read: ${machine.sockets.why}`);
  for (const { address, outcome } of siblings?.attempts ?? [])
    looked.push(`${endpoint(address, target.port)} ${outcome}${outcome === 'open' ? ', no MCP' : ''}`);
  const elsewhere = holder?.elsewhere ?? [];
  for (const { owner } of elsewhere.slice(0, MOST_ELSEWHERE)) {
    const who = owner.kind === 'measured' ? `: ${processWords(owner.value)}` : '';
    looked.push(`in another network namespace something listens on port ${target.port}${who}`);
  }
  if (elsewhere.length > MOST_ELSEWHERE) looked.push(`${elsewhere.length - MOST_ELSEWHERE} more listen on it in other network namespaces`);
  const behind = faultOfKind(found, 'nobody-inside');
  const published = behind ?? faultOfKind(found, 'dark');
  if (published !== undefined) looked.push(...publisherFacts(published));
  if (found.containers !== undefined) looked.push(...engineGaps(found.containers));
  if (ports !== undefined) {
    const left = ports.ownedByOthers.length > 0 ? ' (ports of other targets left out)' : '';
    if (ports.found.length === 0) looked.push(`${ports.looked} other listening ports asked, none speaks MCP${left}`);
    looked.push(...otherServers(found));
  }
  if (patience !== undefined)
    looked.push(`watched for ${(patience.watchedMs / 1000).toFixed(1)} s, ${behind === undefined ? 'refused' : 'no answer'} all the time`);
  return start === undefined ? looked : [...looked, ...startWords(start)];
}

/** What became of the start command, where that alone explains nothing. */
function startWords({ command, outcome, stderr, ms }: StartEvidence): readonly string[] {
  switch (outcome.kind) {
    case 'answers':
      return [`started with ${command}, it completes the handshake`];
    case 'listens': {
      const answer = lastExchange(outcome.handshake)?.answer;
      return [`started with ${command}, it listens, but ${answer ? `answers HTTP ${answer.status}` : 'does not answer'}`];
    }
    case 'elsewhere':
      return [`started with ${command}, it listens at ${outcome.sockets.map(({ address, port }) => endpoint(address, port)).join(', ')}`];
    case 'silent':
      return [
        `started with ${command}, it listened nowhere for ${Math.round(ms / 1000)} s`,
        ...stderr.slice(-2).map((line) => `its output: ${line}`),
      ];
    case 'stdio':
    case 'ended':
      return [];
  }
}
