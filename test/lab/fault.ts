/** What a case of the lab is: how the fault is arranged, and what the doctor must say about it. */
import type { Bench } from './bench.ts';
import type { DoctorRun } from './doctor.ts';
import type { Need } from './needs.ts';

export const GROUPS = ['process', 'address', 'network', 'tls', 'http', 'mcp', 'beyond', 'advice', 'stdio', 'config', 'bad-input'] as const;
export type Group = (typeof GROUPS)[number];

/** The network namespace a case runs in. Everything is optional; an empty object gives a namespace of its own with `lo` up. */
export interface Network {
  /** Contents of its hosts file. Default: `127.0.0.1 localhost`. */
  readonly hosts?: string;
  /** Contents of its resolv.conf. Default: no name server at all. */
  readonly resolver?: string;
  /** Contents of its gai.conf, which ranks address families. Default: empty. */
  readonly addressOrder?: string;
  /** A second namespace, joined by a veth pair: another machine ({@link HERE} and {@link THERE}). */
  readonly peer?: boolean;
}

/** The address of the doctor's machine on the wire to the peer. */
export const HERE = '10.77.0.1';
export const HERE6 = 'fd77::1';
/** The address of the other machine. */
export const THERE = '10.77.0.2';
export const THERE6 = 'fd77::2';

export interface Arranged {
  /** What the doctor is asked about, none for every client's servers; the expectation is about the first unless it names one. */
  readonly url?: string | readonly string[];
  /** A stdio server's command line, word by word. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** The folder that stands for the user's. Default: an empty one. */
  readonly home?: string;
  /** Where the doctor runs. Default: `home`. */
  readonly cwd?: string;
  /** Added to an otherwise clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Goes before the doctor's command line: runs it inside a container or a sandbox, or as another user. */
  readonly through?: readonly string[];
  /** Runs at the moment the doctor is started, for faults that are about time. */
  readonly meanwhile?: (doctor: { interrupt(): void }) => Promise<void> | void;
  /** Further claims about the run; each string returned is a complaint. */
  readonly check?: (run: DoctorRun) => Promise<readonly string[]> | readonly string[];
}

/** What the report must say about one target. */
export interface ExpectedVerdict {
  readonly kind: 'verdict';
  /** `NAME` or `CLIENT:NAME`. Default: the first target of the report. */
  readonly target?: string;
  /** Several where the contract leaves the choice to the doctor. */
  readonly status: string | readonly string[];
  /** The verdict's code; null (the default unless failed) claims that there is none. */
  readonly cause?: string | readonly (string | null)[] | null;
  readonly certainty?: string | readonly string[];
  /** Codes that must be among the findings. */
  readonly findings?: readonly string[];
  /** Codes that must not be among the findings, unless another finding explains them away. */
  readonly notCauses?: readonly string[];
  /** The layer that must be the first failed one. */
  readonly layer?: string;
  /** Must occur in the verdict's (or, without one, the first listed finding's) summary or evidence. */
  readonly says?: RegExp;
  /** Must occur in one of that finding's remedies. */
  readonly remedy?: RegExp;
}

/** The command line must be refused: exit code 2 and an error document. */
export interface ExpectedRefusal {
  readonly kind: 'refusal';
  readonly says?: RegExp;
}

/** Ended by a signal: the exit code, and nothing about the output. */
export interface ExpectedEnd {
  readonly kind: 'end';
  readonly code: number;
}

export interface Fault {
  /** `<cause>/<variant>`. */
  readonly id: string;
  readonly group: Group;
  /** A near miss looks like the cause and must not be taken for it. */
  readonly nearMiss: boolean;
  readonly needs: readonly Need[];
  readonly network: Network;
  readonly expect: ExpectedVerdict | ExpectedRefusal | ExpectedEnd;
  /** The longest the doctor may take, milliseconds; generous, for a machine that is busy. */
  readonly within: number;
  /** Strings that must occur nowhere in the doctor's output. */
  readonly secrets: readonly string[];
  arrange(bench: Bench): Promise<Arranged> | Arranged;
}

type Optional = 'needs' | 'network' | 'within' | 'secrets' | 'nearMiss' | 'expect';

interface Shared extends Omit<Fault, Optional> {
  readonly needs?: readonly Need[];
  readonly network?: Network;
  readonly within?: number;
  readonly secrets?: readonly string[];
}

export type FaultDefinition = Shared & { readonly expect: Omit<ExpectedVerdict, 'kind'> };

function complete(definition: Shared, nearMiss: boolean, expect: Fault['expect']): Fault {
  const needs = new Set(definition.needs ?? []);
  const { network } = definition;
  if (network !== undefined) needs.add('netns');
  if (network?.peer === true) needs.add('veth');
  if (network?.hosts?.includes('::') === true) needs.add('ipv6');
  if (network?.addressOrder !== undefined) needs.add('gai.conf');
  if (needs.has('docker') || needs.has('podman')) needs.add('netns');
  return {
    ...definition,
    nearMiss,
    expect,
    needs: [...needs],
    network: network ?? {},
    within: definition.within ?? 8000,
    secrets: definition.secrets ?? [],
    arrange: (bench) => definition.arrange(bench),
  };
}

/** A fault that the doctor has to name. */
export function defineFault(definition: FaultDefinition): Fault {
  return complete(definition, false, { kind: 'verdict', ...definition.expect });
}

/** A healthy look-alike, or a fault that is easily mistaken for its neighbour. */
export function defineNearMiss(definition: FaultDefinition): Fault {
  return complete(definition, true, { kind: 'verdict', ...definition.expect });
}

/** A command line that is to be refused. */
export function defineRefusal(definition: Shared & { readonly says?: RegExp }): Fault {
  const says = definition.says;
  return complete(definition, false, { kind: 'refusal', ...(says === undefined ? {} : { says }) });
}

/** A run that is ended by a signal. */
export function defineEnd(definition: Shared & { readonly code: number }): Fault {
  return complete(definition, false, { kind: 'end', code: definition.code });
}
