/** What a PAC file says about an address. It is foreign code, so it runs in an interpreter of its own, without any access to files, network or this program. */
import type { QuickJS } from 'quickjs-wasi';
import type { Measured } from '../model/evidence.ts';
import type { ScriptAnswer } from '../model/system-proxy.ts';
import { now } from '../system/clock.ts';
import { readScriptEngine } from '../system/script-engine.ts';
import { scriptFunctions } from './functions.ts';

/** A file that answers takes milliseconds; what is not done by then runs in circles. */
const EVALUATE_MS = 500;
const MOST_MEMORY = 32 * 1024 * 1024;
const LONGEST_LINE = 120;

/** What is known of the world when a file is evaluated. */
export interface ScriptContext {
  readonly target: URL;
  /** Addresses of the target's host; no other name is looked up. */
  readonly addresses: readonly string[];
  readonly ownAddress: string;
}

/** Calls `FindProxyForURL` of the text in an interpreter without any access to files, network or this program. */
export async function evaluateScript(
  text: string,
  shown: string,
  { target, addresses, ownAddress }: ScriptContext,
): Promise<Measured<ScriptAnswer>> {
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const notLookedUp = new Set<string>();
  const resolve = (name: string) => {
    if (name.toLowerCase() === host) return addresses.find((one) => !one.includes(':')) ?? null;
    if (name !== '') notLookedUp.add(name);
    return null;
  };
  let deadline = Number.POSITIVE_INFINITY;
  let engine: QuickJS | null = null;
  try {
    // Loaded here: hardly anybody has such a file.
    const { QuickJS: Engine } = await import('quickjs-wasi');
    const wasm = await readScriptEngine();
    engine = await Engine.create({ wasm, memoryLimit: MOST_MEMORY, interruptHandler: () => now() > deadline });
    const vm = engine;
    deadline = now() + EVALUATE_MS;
    for (const [name, act] of Object.entries(scriptFunctions({ resolve, ownAddress }))) {
      const made = vm.newFunction(name, (...handles) => vm.hostToHandle(act(...handles.map((handle) => String(vm.dump(handle))))));
      vm.global.setProp(name, made);
    }
    vm.evalCode('var alert = function () {};', 'mcpreach');
    vm.evalCode(text, 'proxy.pac');
    // For https only the origin is shown to the file, as browsers do it.
    const address = target.protocol === 'https:' ? `${target.origin}/` : target.href;
    const result = vm.dump(vm.evalCode(`String(FindProxyForURL(${JSON.stringify(address)}, ${JSON.stringify(host)}))`, 'mcpreach'));
    return {
      kind: 'measured',
      value: { url: shown, result: String(result), line: lineOf(text, String(result)), notLookedUp: [...notLookedUp] },
    };
  } catch (error) {
    return unmeasured(
      `the PAC file ${shown} could not be evaluated: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}`,
    );
  } finally {
    engine?.dispose();
  }
}

/** The only line that holds the answer, or its first choice. */
function lineOf(text: string, result: string): ScriptAnswer['line'] {
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, text: line.trim().slice(0, LONGEST_LINE) }));
  for (const wanted of [result, result.split(';')[0]?.trim() ?? '']) {
    const holding = wanted === '' ? [] : lines.filter((line) => line.text.includes(wanted));
    if (holding.length === 1) return holding[0] ?? null;
  }
  return null;
}

function unmeasured(why: string): { readonly kind: 'not-measured'; readonly why: string } {
  return { kind: 'not-measured', why };
}
