import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import type { Measured } from '../../model/evidence.ts';
import type { FilterSource, FilterTool } from '../../model/filters.ts';
import { codeOf } from '../error-code.ts';
import { runTool, type ToolResult } from '../processes/run-tool.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseIptables } from './iptables-parse.ts';
import { parseNft, parseNftText } from './nft-parse.ts';
import type { Table } from './ruleset.ts';

/** Every packet filter of this network namespace at one moment. */
export interface Reading {
  readonly tables: readonly Table[];
  readonly sources: readonly FilterSource[];
}

/** Where the tools lie; never a PATH of somebody else, since they are run as root. */
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin'];

/** How iptables is called in its two flavours, the plain name last: it may be either. */
const SAVES = {
  iptables: ['iptables-nft-save', 'iptables-save'],
  ip6tables: ['ip6tables-nft-save', 'ip6tables-save'],
  'iptables-legacy': ['iptables-legacy-save', 'iptables-save'],
  'ip6tables-legacy': ['ip6tables-legacy-save', 'ip6tables-save'],
} as const satisfies Partial<Record<FilterTool, readonly string[]>>;

type Saved = keyof typeof SAVES;

/** The kernel's list of the older iptables' tables in this namespace: empty, or absent, where they are not in use. */
const LEGACY = { 'iptables-legacy': '/proc/net/ip_tables_names', 'ip6tables-legacy': '/proc/net/ip6_tables_names' } as const;

const COMMANDS: Readonly<Record<FilterTool, string>> = {
  nftables: 'sudo nft --handle list ruleset',
  iptables: 'sudo iptables-save -c',
  ip6tables: 'sudo ip6tables-save -c',
  'iptables-legacy': 'sudo iptables-legacy-save -c',
  'ip6tables-legacy': 'sudo ip6tables-legacy-save -c',
};

/** Reads the rules of every tool that this machine has. */
export async function readFilters(signal: AbortSignal): Promise<Reading> {
  const nftPath = toolPath('nft');
  const nft = await readNftables(nftPath, signal);
  const legacy = (['iptables-legacy', 'ip6tables-legacy'] as const).filter((tool) => hasTables(LEGACY[tool]));
  const isRead = nft.sources[0]?.rules.kind === 'measured';
  // iptables writes into nftables' tables what nft cannot name: there iptables' own listing says more.
  const compatible = (['iptables', 'ip6tables'] as const).filter((tool) =>
    isRead ? nft.tables.some((table) => isCompatible(table, tool)) : nftPath === null,
  );
  const saves = await Promise.all([...compatible, ...legacy].map((tool) => readSave(tool, signal)));
  const saved = saves.flatMap(({ tables }) => tables);
  const replaced = (table: Table) =>
    saved.some((one) => !one.tool.endsWith('legacy') && one.family === table.family && one.name === table.name);
  return {
    tables: [...nft.tables.filter((table) => !replaced(table)), ...saved],
    // Without nft, what iptables says is all there is to say.
    sources: [...(nftPath !== null || saves.length === 0 ? nft.sources : []), ...saves.map(({ source }) => source)],
  };
}

function isCompatible({ family, name }: Table, tool: 'iptables' | 'ip6tables'): boolean {
  return family === (tool === 'iptables' ? 'ip' : 'ip6') && ['filter', 'nat', 'mangle', 'raw', 'security'].includes(name);
}

function hasTables(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').trim() !== '';
  } catch (error) {
    // Without the module there are no tables; what may not be read is told by the tool itself.
    return codeOf(error) === 'EACCES';
  }
}

function toolPath(...names: readonly string[]): string | null {
  const found = names
    .flatMap((name) => FOLDERS.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  return found ?? null;
}

async function readNftables(nft: string | null, signal: AbortSignal): Promise<Reading> {
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

async function readSave(tool: Saved, signal: AbortSignal): Promise<{ readonly tables: readonly Table[]; readonly source: FilterSource }> {
  const save = toolPath(...SAVES[tool]);
  if (save === null) return { tables: [], source: sourceOf(tool, notMeasured(`${SAVES[tool].join(' or ')} is not installed`)) };
  const output = outputOf(await runTool(save, ['-c'], signal));
  if (output.kind === 'not-measured') return { tables: [], source: sourceOf(tool, output) };
  const tables = parseIptables(output.value, tool);
  return { tables, source: sourceOf(tool, measured(countRules(tables))) };
}

function outputOf(result: ToolResult): Measured<string> {
  if (result.kind === 'failed') return notMeasured(result.why);
  if (result.code === 0) return measured(result.stdout.toString());
  return notMeasured(getuid?.() === 0 ? `it failed with exit code ${result.code}` : 'only root may read the rules');
}

function sourceOf(tool: FilterTool, rules: Measured<number>): FilterSource {
  return { tool, rules, command: COMMANDS[tool] };
}

function countRules(tables: readonly Table[]): number {
  return tables.flatMap(({ chains }) => [...chains.values()]).reduce((sum, { rules }) => sum + rules.length, 0);
}
