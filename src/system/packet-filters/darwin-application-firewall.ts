/** Pure reader of macOS' application firewall: which programs may take connections from outside. It never filters loopback, nor what goes out. */

export interface ApplicationFirewall {
  /** 0 off, 1 on, 2 on and blocking everything. */
  readonly state: 0 | 1 | 2;
  /** Everything but what the system itself needs is blocked. */
  readonly blocksAll: boolean;
  /** Whether a signed program that is not in the list is let in without a question; null where that was not told. */
  readonly letsSignedIn: boolean | null;
  readonly programs: readonly { readonly path: string; readonly isAllowed: boolean }[];
}

/** More entries than any list has. */
const MOST_LINES = 20_000;

/**
 * What `socketfilterfw --getglobalstate --getblockall --getallowsigned --listapps` says, in the wording of any version of macOS; null when
 * it says nothing of its state. The state is a number; its sentence is not looked at.
 */
export function parseApplicationFirewall(output: string): ApplicationFirewall | null {
  const state = Number(/\(State = ([012])\)/.exec(output)?.[1] ?? Number.NaN);
  if (state !== 0 && state !== 1 && state !== 2) return null;
  const blocksAll = /block all(?: state set to)? (enabled|disabled)/i.exec(output)?.[1]?.toLowerCase() === 'enabled';
  const signed = /allow (?:downloaded )?signed [a-z]+\s+(enabled|disabled)|signed software\s+(enabled|disabled)/i.exec(output);
  const word = (signed?.[1] ?? signed?.[2])?.toLowerCase();
  return {
    state,
    blocksAll: blocksAll || state === 2,
    letsSignedIn: word === undefined ? null : word === 'enabled',
    programs: programsOf(output),
  };
}

/** Two lines an entry, `1 :  PATH` and `( Allow incoming connections )`, or both on one line. */
function programsOf(output: string): ApplicationFirewall['programs'] {
  const programs: { path: string; isAllowed: boolean }[] = [];
  let path: string | null = null;
  for (const line of output.split(/\r?\n/, MOST_LINES)) {
    const entry = /^\s*\d+\s*:\s+(\/.*?)\s*$/.exec(line)?.[1];
    const word = /\(\s*(Allow|Block) incoming connections\s*\)\s*$/i.exec(line)?.[1];
    if (entry !== undefined) path = entry.replace(/\s*\(\s*(?:Allow|Block) incoming connections\s*\)$/i, '');
    if (path !== null && word !== undefined) {
      programs.push({ path, isAllowed: word.toLowerCase() === 'allow' });
      path = null;
    }
  }
  return programs;
}
