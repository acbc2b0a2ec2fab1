/** Labelled real cases for the evaluation of `explain`: their reading, and what their older labels are called in the contract. */
import { readFileSync } from 'node:fs';

/** A case as it stands in the file; see the README beside it. */
export interface Case {
  readonly id: string;
  readonly client: string;
  readonly os: string;
  readonly error_text: string;
  readonly error_literal: boolean;
  readonly cause_code: string;
  readonly confidence: 'high' | 'medium' | 'low';
}

/** Labels of the older list that cover something else, or more than one code, in the contract; as the cases' README has it. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  'invalid-config-json': ['config-syntax'],
  'rate-limited-5xx': ['rate-limited', 'server-error', 'upstream-down'],
  'container-loopback': ['container-network'],
  'bound-to-loopback': ['bound-to-loopback', 'container-loopback'],
  'wrong-transport': ['wrong-transport', 'sse-legacy'],
  'sse-legacy': ['sse-legacy', 'wrong-transport'],
  'config-wrong-key': ['config-wrong-key', 'config-bad-entry'],
  'client-bug': ['client-bug', 'client-policy'],
};

/** The codes that are right for a case. */
export function rightCodes({ cause_code }: Case): readonly string[] {
  return RENAMED[cause_code] ?? [cause_code];
}

/** The cases of a file of JSON lines; undefined when there is no such file. */
export function readCases(path: string): readonly Case[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case);
}
