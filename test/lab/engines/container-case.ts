/** Cases in which a container engine takes part: it is started first, and the doctor is told of it. */
import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, type Fault, type FaultDefinition } from '../fault.ts';
import { startDnsmasq } from '../servers/daemons.ts';
import { startDocker } from './docker.ts';
import type { Engine } from './engine.ts';
import { startPodman } from './podman.ts';

export interface ContainerCase
  extends Pick<FaultDefinition, 'id' | 'expect'>,
    Partial<Pick<FaultDefinition, 'needs' | 'network' | 'within'>> {
  readonly engine: 'docker' | 'podman';
  /** Added to dockerd's command line. */
  readonly flags?: readonly string[];
  arrange(engine: Engine, bench: Bench): Promise<Arranged> | Arranged;
}

/** A name server that knows no names, at an address that containers can reach too: without one they ask the whole world, in vain and for long. */
const NAME_SERVER = '10.53.53.53';

async function knowNoNames(bench: Bench): Promise<void> {
  await bench.run('ip', 'address', 'add', `${NAME_SERVER}/32`, 'dev', 'lo');
  await startDnsmasq(bench, `--listen-address=${NAME_SERVER}`, '--address=/#/');
}

function definition({ engine: kind, flags = [], arrange, ...rest }: ContainerCase): FaultDefinition {
  return {
    group: 'address',
    ...rest,
    network: { resolver: `nameserver ${NAME_SERVER}\n`, ...rest.network },
    needs: [...(rest.needs ?? []), kind, 'dnsmasq'],
    async arrange(bench) {
      await knowNoNames(bench);
      const engine = kind === 'docker' ? await startDocker(bench, { flags }) : await startPodman(bench);
      const arranged = await arrange(engine, bench);
      return { ...arranged, env: { ...engine.env, ...arranged.env } };
    },
  };
}

/** A fault in or around a container. */
export function containerFault(one: ContainerCase): Fault {
  return defineFault(definition(one));
}

/** A case that looks like one. */
export function containerNearMiss(one: ContainerCase): Fault {
  return defineNearMiss(definition(one));
}
