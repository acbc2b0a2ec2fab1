import type { Remedy } from '../../src/model/remedy.ts';

/** What weakens a machine's security. None of it may stand anywhere in our texts, not even as a diagnosis step. */
const WEAKENING: readonly RegExp[] = [
  /NODE_TLS_REJECT_UNAUTHORIZED\s*=\s*['"]?0/i,
  /rejectUnauthorized['"]?\s*:\s*false/i,
  /(?:^|\s)-k(?:\s|$)/,
  /\bcurl\s+-[a-z]*k/i,
  /--insecure\b|--no-check-certificate\b|--no-verify-ssl\b/i,
  /verify\s*=\s*False\b/,
  /\b(?:disable|turn off|switch off|stop)\b[^.;]*\bfirewall\b/i,
  /\bufw disable\b|\bsetenforce 0\b|\bnft flush ruleset\b|\biptables -F\b/i,
];

/** An address that means every interface. */
const EVERYWHERE = /0\.0\.0\.0|\[::\](?!:ffff)/;

/** Words before such an address that make it the thing to leave, not the thing to take. */
const LEAVES = /\b(?:instead of|rather than|in place of|replace|not|never|from|than|reads?|says?)\s+(?:\S+\s+)?[`'"(]*\S*$/i;

/** A container's own network is nobody else's, as long as what leads into it is published on loopback; both must be said. */
const INSIDE = /^Inside the container only\b.*\b127\.0\.0\.1:\d+:\d+/;

/** Why a text must not be shown, null when it may be. */
export function weakens(text: string): string | null {
  const pattern = WEAKENING.find((one) => one.test(text));
  return pattern === undefined ? null : `"${text}" matches ${pattern.source}`;
}

/** Why a remedy must not be given, null when it may be. */
export function harms(remedy: Remedy): string | null {
  const exact = { edit: 'value', run: 'command', set: 'value', tell: 'title' } as const;
  const action =
    remedy.kind === 'tell' ? '' : remedy.kind === 'mend' ? JSON.stringify(remedy.mend) : String(remedy[exact[remedy.kind] as keyof Remedy]);
  if (EVERYWHERE.test(action)) return `"${action}" opens every interface`;
  const mention = EVERYWHERE.exec(remedy.title);
  if (mention !== null && !LEAVES.test(remedy.title.slice(0, mention.index)) && !INSIDE.test(remedy.title))
    return `"${remedy.title}" opens every interface`;
  return weakens(remedy.title) ?? weakens(action);
}
