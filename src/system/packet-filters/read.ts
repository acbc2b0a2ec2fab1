import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import type { Measured } from '../../model/evidence.ts';
import type { FilterSource, FilterTool } from '../../model/filters.ts';
import { runTool, type ToolResult } from '../processes/run-tool.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseNft, parseNftText } from './nft-parse.ts';
import type { Table } from './ruleset.ts';

/** Every packet filter of this network namespace at one moment. */
export interface Reading {
  readonly tables: readonly Table[];
  readonly sources: readonly FilterSource[];
}

/** Where the tools lie; never a PATH of somebody else, since they are run as root. */
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin'];

/** Reads the rules of every tool that this machine has. */
export async function readFilters(signal: AbortSignal): Promise<Reading> {
  return readNftables(signal);
}

function toolPath(name: string): string | null {
  const found = FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

async function readNftables(signal: AbortSignal): Promise<Reading> {
  const nft = toolPath('nft');
  if (nft === null) return { tables: [], sources: [sourceOf('nftables', notMeasured('nft is not installed'))] };
  const [json, text] = await Promise.all([
    runTool(nft, ['--json', '--numeric', 'list', 'ruleset'], signal),
    runTool(nft, ['--handle', 'list', 'ruleset'], signal),
  ]);
  const output = outputOf(json);
  if (output.kind === 'not-measured') return { tables: [], sources: [sourceOf('nftables', output)] };
  const words = outputOf(text);
  const tables = parseNft(output.value, parseNftText(words.kind === 'measured' ? words.value : ''));
  const rules: Measured<number> = tables === null ? notMeasured('the output of nft cannot be read') : measured(countRules(tables));
  return { tables: tables ?? [], sources: [sourceOf('nftables', rules)] };
}

function outputOf(result: ToolResult): Measured<string> {
  if (result.kind === 'failed') return notMeasured(result.why);
  if (result.code === 0) return measured(result.stdout.toString());
  return notMeasured(getuid?.() === 0 ? `it failed with exit code ${result.code}` : 'only root may read the rules');
}

function sourceOf(tool: FilterTool, rules: Measured<number>): FilterSource {
  const commands: Readonly<Record<FilterTool, string>> = {
    nftables: 'sudo nft --handle list ruleset',
    iptables: 'sudo iptables-save -c',
    ip6tables: 'sudo ip6tables-save -c',
    'iptables-legacy': 'sudo iptables-legacy-save -c',
    'ip6tables-legacy': 'sudo ip6tables-legacy-save -c',
  };
  return { tool, rules, command: commands[tool] };
}

function countRules(tables: readonly Table[]): number {
  return tables.flatMap(({ chains }) => [...chains.values()]).reduce((sum, { rules }) => sum + rules.length, 0);
}
