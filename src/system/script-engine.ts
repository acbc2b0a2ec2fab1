import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The code of the interpreter for PAC files: it lies beside the bundle, and in its package when run from sources. */
export function readScriptEngine(): Promise<Buffer> {
  const beside = new URL('./quickjs.wasm', import.meta.url);
  return readFile(existsSync(beside) ? beside : createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm'));
}
