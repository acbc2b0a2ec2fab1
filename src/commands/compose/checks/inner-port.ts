import type { ComposeCheck } from '../fault.ts';
import { addressesOf, isLoopback, isServer, portOf, toldPort } from '../look.ts';

/** Names of variables that hold a server's address as the world outside sees it. */
const OUTSIDE = /(?:^|_)(?:PUBLIC|EXTERNAL|BASE|SERVER|RESOURCE|ISSUER|MCP)_?(?:BASE_|SERVER_)?URL$/i;

/** A server's port that is not, or not rightly, published although it is meant to be. */
export const innerPort: ComposeCheck = (service, { file }) => {
  const { name, ports, networkMode, path } = service;
  const told = toldPort(service);
  if (networkMode !== null) return [];
  const [first] = ports;
  if (told !== null && first !== undefined && ports.length === 1 && first.inner !== told) {
    return [
      {
        code: 'container-port-unpublished',
        severity: 'error',
        certainty: 'likely',
        path: first.path,
        summary: `${name} is told to listen on port ${told}, but what is published is port ${first.inner} of its container.`,
        advice: `Publish the port it listens on: "${first.address ?? '127.0.0.1'}:${first.host ?? told}:${told}".`,
        mend: null,
      },
    ];
  }
  if (ports.length > 0 || !isServer(service, file)) return [];
  const outside = [
    ...addressesOf(service).filter(({ value }) => OUTSIDE.test(value.name)),
    ...file.services.filter((other) => other.networkMode === 'host').flatMap(addressesOf),
  ].find(({ url }) => isLoopback(url.hostname) && (told === null ? service.exposed.includes(portOf(url)) : portOf(url) === told));
  if (outside === undefined) return [];
  const port = portOf(outside.url);
  return [
    {
      code: 'container-port-unpublished',
      severity: 'warning',
      certainty: 'likely',
      path,
      summary: `${name} is to be reached at ${outside.url.host} of the host, but its port is not published.`,
      advice: null,
      mend: {
        title: 'Publish it on loopback',
        block: `ports: ["127.0.0.1:${port}:${port}"]`,
        edits: [{ op: 'insert', path: [...path, 'ports'], value: [`127.0.0.1:${port}:${port}`] }],
      },
    },
  ];
};
