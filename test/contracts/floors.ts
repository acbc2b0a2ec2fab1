import { posix } from 'node:path';
import type { SourceFile } from './repository.ts';

interface Floor {
  /** Folders under src that this one may import from, besides its own. */
  readonly below: readonly string[];
  /** Built-in modules it may use: all of them, or those that do no input or output. */
  readonly builtins: 'any' | 'pure';
  /** Whether it may use packages. The core stands on Node's own modules: it needs the raw events that libraries hide. */
  readonly packages: boolean;
}

const TYPES = ['model', 'facts'] as const;
const ENGINES = ['diagnose', 'clients', 'supervisor', 'bridge'] as const;
const PURE = { builtins: 'pure', packages: false } as const;
const CORE = { builtins: 'any', packages: false } as const;
const OUTER = { builtins: 'any', packages: true } as const;

/** Imports point down, never sideways: folders on one floor do not know each other. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  model: { below: [], ...PURE },
  facts: { below: ['model'], ...PURE },
  system: { below: TYPES, ...CORE },
  wire: { below: TYPES, ...CORE },
  documents: { below: TYPES, builtins: 'pure', packages: true },
  // An interpreter is nothing to write oneself.
  pac: { below: [...TYPES, 'system'], ...OUTER },
  probes: { below: [...TYPES, 'system', 'wire', 'pac'], ...CORE },
  causes: { below: TYPES, ...PURE },
  formats: { below: TYPES, builtins: 'pure', packages: true },
  exports: { below: TYPES, builtins: 'pure', packages: true },
  diagnose: { below: [...TYPES, 'system', 'probes', 'causes'], ...CORE },
  clients: { below: [...TYPES, 'system', 'documents'], ...OUTER },
  supervisor: { below: [...TYPES, 'system'], ...CORE },
  bridge: { below: [...TYPES, 'system', 'wire'], ...CORE },
  library: { below: [...TYPES, 'system', 'diagnose'], ...CORE },
  commands: { below: [...TYPES, 'system', 'wire', 'documents', 'probes', 'causes', 'formats', 'exports', ...ENGINES], ...OUTER },
  cli: { below: ['model', 'system', 'formats', 'commands'], ...OUTER },
  dashboard: { below: ['model', 'system', 'formats', 'commands'], ...OUTER },
};

/** Built-in modules that compute and touch nothing outside. */
const PURE_BUILTINS = new Set(['node:util', 'node:url', 'node:path', 'node:path/posix', 'node:buffer']);

const STATEMENT = /^[ \t]*(?:import\s*|(?:import|export)\b[^;'"`=]*?\bfrom\s*)['"]([^'"\n]+)['"]/gm;
const EXPRESSION = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** Every module a source names: static, dynamic and type imports, and re-exports. */
export function importsOf(text: string): readonly string[] {
  return [STATEMENT, EXPRESSION].flatMap((pattern) => [...text.matchAll(pattern)].map(([, specifier]) => specifier ?? ''));
}

/** One sentence per import that breaks the table. */
export function violations({ path, text }: SourceFile): readonly string[] {
  return importsOf(text).flatMap((specifier) => {
    const why = judge(path, specifier);
    return why === null ? [] : [`${path} imports ${specifier}: ${why}`];
  });
}

function judge(path: string, specifier: string): string | null {
  const [, folder = ''] = path.split('/');
  // The library's entry gathers what the world may use.
  if (path === 'src/index.ts') return null;
  const floor = FLOORS[folder];
  if (floor === undefined) return `src/${folder} has no floor; add it to test/contracts/floors.ts.`;
  if (specifier.startsWith('.')) return judgeRelative(path, folder, floor, specifier);
  // Tests may use whatever helps them.
  if (path.endsWith('.test.ts')) return null;
  if (specifier.startsWith('node:')) {
    return floor.builtins === 'any' || PURE_BUILTINS.has(specifier) ? null : `${folder} is pure and does no input or output.`;
  }
  return floor.packages ? null : `${folder} stands on Node's own modules and uses no packages.`;
}

function judgeRelative(path: string, folder: string, floor: Floor, specifier: string): string | null {
  const target = posix.join(posix.dirname(path), specifier);
  if (path.endsWith('.test.ts') && target.startsWith('test/')) return null;
  if (!target.startsWith('src/')) return 'sources import nothing outside src.';
  const [, other = ''] = target.split('/');
  if (other === folder || floor.below.includes(other)) return null;
  return `${folder} may import ${floor.below.length === 0 ? 'nothing' : floor.below.join(', ')}, and its own files.`;
}
