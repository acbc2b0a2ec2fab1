import type { DocumentEdit, DocumentPath } from '../../../model/document.ts';
import type { ComposeCheck, ComposeContext, ComposeFault } from '../fault.ts';
import { type Address, addressesOf, isLoopback, meet, portOf, serviceNamed, toldPort } from '../look.ts';
import type { Service } from '../service.ts';

/** Addresses in a service's variables and command line that mean something else inside a container than outside. */
export const clientAddress: ComposeCheck = (service, context) => {
  const faults = addressesOf(service).flatMap((address) => judge(service, address, context) ?? []);
  // A command that is one text holds all its addresses at one place.
  return faults.filter(({ summary }, index) => faults.findIndex((one) => one.summary === summary) === index);
};

function judge(service: Service, address: Address, context: ComposeContext): ComposeFault | null {
  const { url } = address;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (service.networkMode !== null) return null;
  if (isLoopback(host)) return toItself(service, address, context);
  if (/^host\.docker\.internal$/i.test(host)) return toTheHost(service, address);
  const other = serviceNamed(context.file, host);
  return other === undefined || other === service ? null : toAnother(service, other, address, context);
}

/** `localhost`, where another service has that port. */
function toItself(service: Service, address: Address, { file, raw }: ComposeContext): ComposeFault | null {
  const port = portOf(address.url);
  if (listens(service, port)) return null;
  const others = file.services.filter((other) => other !== service && other.networkMode !== `service:${service.name}`);
  const other = others.find(({ ports }) => ports.some(({ host }) => host === port)) ?? others.find((one) => listens(one, port));
  if (other === undefined) return null;
  const inner = other.ports.find((one) => one.host === port)?.inner ?? port;
  if (other.networkMode !== null) return null;
  return {
    ...network(address),
    summary: `${whatOf(address)} of ${service.name} leads to ${address.url.host}, which inside its container is ${service.name} itself; port ${port} is ${ownerWords(other, port)}.`,
    ...instead(address, `${other.name}:${inner}`, raw),
  };
}

/** A service's name with the port that is published for the world outside. */
function toAnother(service: Service, other: Service, address: Address, { raw }: ComposeContext): ComposeFault | null {
  const port = portOf(address.url);
  if (other.networkMode === null && !meet(service, other)) {
    return {
      ...network(address),
      summary: `${whatOf(address)} of ${service.name} leads to ${other.name}, but the two have no network in common.`,
      advice: `Put both into one network: ${service.name} is in ${service.networks.join(', ')}, ${other.name} in ${other.networks.join(', ')}.`,
      mend: null,
    };
  }
  if (other.networkMode !== null || listens(other, port)) return null;
  const published = other.ports.find(({ host }) => host === port);
  if (published === undefined) return null;
  return {
    ...network(address),
    summary: `${whatOf(address)} of ${service.name} uses port ${port} of ${other.name}, which is for the world outside: between containers it is ${published.inner}.`,
    ...instead(address, `${other.name}:${published.inner}`, raw),
  };
}

/** The host's own name, which Docker Desktop knows and an engine on Linux does not. */
function toTheHost(service: Service, address: Address): ComposeFault | null {
  if (service.extraHosts.some((line) => /^host\.docker\.internal[:=]/i.test(line))) return null;
  return {
    ...network(address),
    severity: 'warning',
    summary: `${whatOf(address)} of ${service.name} leads to host.docker.internal, a name that an engine on Linux does not know by itself.`,
    advice: null,
    mend: {
      title: `Give ${service.name} that name`,
      block: 'extra_hosts: ["host.docker.internal:host-gateway"]',
      edits:
        service.extraHosts.length > 0
          ? []
          : [{ op: 'insert', path: [...service.path, 'extra_hosts'], value: ['host.docker.internal:host-gateway'] }],
    },
  };
}

function network({ value }: Address): Pick<ComposeFault, 'code' | 'severity' | 'certainty' | 'path'> {
  return { code: 'container-network', severity: 'error', certainty: 'likely', path: value.path };
}

function whatOf({ value }: Address): string {
  return value.name === '' ? 'The command' : `The variable ${value.name}`;
}

function ownerWords({ name, ports }: Service, port: number): string {
  return ports.some(({ host }) => host === port) ? `what ${name} is published on` : `that of ${name}`;
}

function listens(service: Service, port: number): boolean {
  return service.ports.some(({ inner }) => inner === port) || service.exposed.includes(port) || toldPort(service) === port;
}

/** The same address with the host and port that lead there. */
function instead({ url, value }: Address, host: string, raw: ComposeContext['raw']): Pick<ComposeFault, 'advice' | 'mend'> {
  const title = `Write ${url.protocol}//${host} in place of ${url.protocol}//${url.host}${value.name === '' ? '' : ` in ${value.name}`}`;
  const written = raw(value.path);
  const edit = typeof written === 'string' ? editOf(written, url, host, value.path) : null;
  return edit === null ? { advice: `${title}.`, mend: null } : { advice: null, mend: { title, block: null, edits: [edit] } };
}

/** Null where a variable stands in the way. */
function editOf(written: string, url: URL, host: string, path: DocumentPath): DocumentEdit | null {
  const authority = url.host;
  const at = written.indexOf(authority);
  if (at < 0 || written.includes('$')) return null;
  return { op: 'set', path, value: written.slice(0, at) + host + written.slice(at + authority.length) };
}
