import type { ComposeCheck } from '../fault.ts';
import type { PublishedPort, Service } from '../service.ts';

/** Two services that are published on one port of the host: only one of them gets it. */
export const portClash: ComposeCheck = (service, { file }) =>
  service.ports.flatMap((port) => {
    const rival = file.services.find(
      (other) => other !== service && canRunBeside(service, other) && other.ports.some((one) => clashes(port, one)),
    );
    if (rival === undefined) return [];
    return [
      {
        code: 'config-port-clash',
        severity: 'error',
        certainty: 'proved',
        path: port.path,
        summary: `${service.name} and ${rival.name} are both published on port ${port.host} of the host: whichever starts second does not start.`,
        advice: `Publish one of them on another port, or not at all: services reach each other by name without it.`,
        mend: null,
      },
    ];
  });

function clashes(one: PublishedPort, other: PublishedPort): boolean {
  const meets = one.address === null || other.address === null || one.address === other.address;
  return one.host !== null && one.host === other.host && one.protocol === other.protocol && meets;
}

/** Services of profiles that have nothing in common are alternatives. */
function canRunBeside({ profiles }: Service, other: Service): boolean {
  return profiles.length === 0 || other.profiles.length === 0 || profiles.some((profile) => other.profiles.includes(profile));
}
