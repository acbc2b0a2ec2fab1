/** What a service is, as far as its file tells. */
import { type ComposeFile, type Service, type Value } from './service.ts';

const ABOUT_MCP = /(?:^|[^a-z])(?:fast)?mcp|modelcontextprotocol|supergateway|streamable-?http/i;
const OWN_VARIABLE = /^(?:FASTMCP|MCP)_(?:TRANSPORT|HOST|PORT|PATH|HTTP_PORT|SERVER_PORT|BIND)$/i;
/** Those that speak to servers have the word in their names as well. */
const CALLER = /client|agent|inspector|host\b|chat|playground/i;
const PORT_VARIABLE = /^(?:(?:MCP|FASTMCP|SERVER|HTTP|APP|LISTEN|UVICORN|NODE)_)*PORT$/i;
const PORT_FLAG = /^--?(?:[\w]+-)*port$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;
const MCP_PATH = /\/(?:mcp|sse)\/?$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** An address that stands in a service's variables or command line. */
export interface Address {
  readonly url: URL;
  readonly value: Value;
}

/** Every http(s) address in a service's variables and words. */
export function addressesOf({ environment, words }: Service): readonly Address[] {
  return [...environment, ...words].flatMap((value) =>
    [...(value.text ?? '').matchAll(/https?:\/\/[^\s"'<>,\]})]+/gi)].flatMap(([text]) =>
      URL.canParse(text) ? [{ url: new URL(text), value }] : [],
    ),
  );
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The service that a name means inside the project's networks. */
export function serviceNamed({ services }: ComposeFile, host: string): Service | undefined {
  return services.find(({ name }) => name === host) ?? services.find(({ aliases }) => aliases.includes(host));
}

/** Addresses of other services that lead to this one by its name. */
export function addressesTo(service: Service, file: ComposeFile): readonly Address[] {
  return file.services
    .filter((other) => other !== service)
    .flatMap(addressesOf)
    .filter(({ url }) => serviceNamed(file, url.hostname) === service);
}

/** Whether a service looks like an MCP server. */
export function isServer(service: Service, file: ComposeFile): boolean {
  const { name, image, build, words, environment } = service;
  if (addressesTo(service, file).some(({ url }) => MCP_PATH.test(url.pathname))) return true;
  if (CALLER.test(name)) return false;
  const own = [name, image ?? '', build ?? '', ...words.map(({ text }) => (/^https?:/i.test(text ?? '') ? '' : (text ?? '')))];
  return (
    own.some((text) => ABOUT_MCP.test(text)) || environment.some((one) => OWN_VARIABLE.test(one.name) && !(one.text ?? '').includes('://'))
  );
}

/** Whether a service has the address of another one, of its own container or of its host. */
export function isCaller(service: Service, file: ComposeFile): boolean {
  return addressesOf(service).some(
    ({ url: { hostname } }) => isLoopback(hostname) || hostname === 'host.docker.internal' || serviceNamed(file, hostname) !== undefined,
  );
}

/** The port a service is told to listen on, by its variables and flags; null when none says so. */
export function toldPort({ words, environment }: Service): number | null {
  const flags = words.flatMap(({ text }, index) => [
    ...(PORT_FLAG.test(words[index - 1]?.text ?? '') ? [text] : []),
    ...(/^--?(?:\w+-)*port=(\d+)$/i.exec(text ?? '')?.slice(1) ?? []),
  ]);
  const variables = environment.flatMap(({ name, text }) => (PORT_VARIABLE.test(name) ? [text] : []));
  const told = [...flags, ...variables].find((text) => /^\d{2,5}$/.test(text ?? ''));
  return told == null ? null : Number(told);
}

/** The port inside the container at which the server is to be reached; null when the file does not tell. */
export function innerPort(service: Service, file: ComposeFile): number | null {
  const told = toldPort(service);
  if (told !== null) return told;
  const meant = addressesTo(service, file).find(({ url }) => MCP_PATH.test(url.pathname));
  if (meant !== undefined) return portOf(meant.url);
  const inner = [...new Set([...service.ports.map((port) => port.inner), ...service.exposed])];
  return inner.length === 1 ? (inner[0] ?? null) : null;
}

/** The server's address inside its own container. */
export function innerAddress(service: Service, file: ComposeFile): string {
  const path = addressesTo(service, file).find(({ url }) => MCP_PATH.test(url.pathname))?.url.pathname ?? '/mcp';
  return `http://127.0.0.1:${innerPort(service, file) ?? 'PORT'}${path}`;
}

/** Whether two services can reach each other by name. */
export function meet(one: Service, other: Service): boolean {
  return one.networks.some((network) => other.networks.includes(network));
}
