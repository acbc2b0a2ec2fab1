import type { Bench } from '../../bench.ts';
import { defineFault, defineNearMiss, type Fault, type FaultDefinition } from '../../fault.ts';
import { type LabClient, machine, type Machine, USER_FILE } from '../../servers/machine.ts';

type Rest = Omit<FaultDefinition, 'id' | 'group' | 'arrange' | 'expect'> & Omit<Machine, 'files'>;

export interface ConfigCase extends Rest {
  readonly id: string;
  readonly expect: FaultDefinition['expect'];
  /** The text of this client's file; asked is that client only. */
  readonly client?: LabClient;
  readonly text?: string | Uint8Array;
  /** Instead of one text: all files. */
  readonly files?: Machine['files'];
}

/** Default for every case: the started and the asked servers are few. */
const WITHIN_MS = 15_000;

function definition({ id, expect, client, text, files, words, args, env, script, app, ...rest }: ConfigCase): FaultDefinition {
  const own = client === undefined || text === undefined ? {} : { [USER_FILE[client]]: text };
  return {
    within: WITHIN_MS,
    ...rest,
    id: `config/${id}`,
    group: 'config',
    expect,
    arrange: (bench: Bench) =>
      machine(bench, {
        files: { ...own, ...files },
        words: words ?? (client === undefined ? [] : [`${client}:`]),
        ...(args === undefined ? {} : { args }),
        ...(env === undefined ? {} : { env }),
        ...(script === undefined ? {} : { script }),
        ...(app === undefined ? {} : { app }),
      }),
  };
}

/** A broken config file. */
export function broken(one: ConfigCase): Fault {
  return defineFault(definition(one));
}

/** A config file that only looks broken. */
export function sound(one: Omit<ConfigCase, 'expect'> & { readonly expect?: FaultDefinition['expect'] }): Fault {
  return defineNearMiss(definition({ expect: { status: 'ok' }, ...one }));
}
