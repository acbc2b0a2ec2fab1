/** From a parsed Compose document to its services. Pure; nothing outside the text is looked at. */
import type { DocumentPath } from '../../model/document.ts';
import { interpolate } from './interpolate.ts';
import { readExposed, readPort } from './ports.ts';
import type { ComposeFile, Dependency, HealthCheck, Service, Value } from './service.ts';

type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Every service, with what it extends in the same file. */
export function readCompose(value: unknown): ComposeFile {
  const document = isTable(value) ? value : {};
  const services = isTable(document['services']) ? document['services'] : {};
  return {
    services: Object.keys(services).map((name) => readService(name, services)),
    included: listOf(document['include']).flatMap((one) => textsOf(isTable(one) ? one['path'] : one)),
  };
}

/** A service and those it extends, nearest first, each with its place. */
interface Layer {
  readonly table: Table;
  readonly path: DocumentPath;
}

function layersOf(
  name: string,
  services: Table,
  seen: readonly string[] = [],
): { readonly layers: readonly Layer[]; readonly elsewhere: string | null } {
  const table = services[name];
  if (!isTable(table) || seen.includes(name)) return { layers: [], elsewhere: null };
  const own = { table, path: ['services', name] };
  const { extends: base } = table;
  const other = typeof base === 'string' ? base : isTable(base) && typeof base['service'] === 'string' ? base['service'] : null;
  if (other === null) return { layers: [own], elsewhere: null };
  if (isTable(base) && base['file'] !== undefined) return { layers: [own], elsewhere: textsOf(base['file'])[0] ?? 'another file' };
  const { layers, elsewhere } = layersOf(other, services, [...seen, name]);
  return { layers: [own, ...layers], elsewhere };
}

function readService(name: string, services: Table): Service {
  const { layers, elsewhere } = layersOf(name, services);
  /** What the nearest layer says that has this key. */
  const nearest = (key: string): { readonly value: unknown; readonly path: DocumentPath } => {
    const layer = layers.find(({ table }) => table[key] !== undefined && table[key] !== null);
    return { value: layer?.table[key], path: [...(layer?.path ?? ['services', name]), key] };
  };
  /** What all layers say, as lists and tables of layers are put together. */
  const everywhere = <T>(key: string, read: (value: unknown, path: DocumentPath) => readonly T[]): readonly T[] =>
    layers.flatMap(({ table, path }) => read(table[key], [...path, key]));
  const text = (key: string) => textsOf(nearest(key).value)[0] ?? null;
  const build = nearest('build').value;
  const networkMode = text('network_mode');
  const networks = nearest('networks').value;
  const names = isTable(networks) ? Object.keys(networks) : listOf(networks).filter((one) => typeof one === 'string');
  return {
    name,
    path: ['services', name],
    image: text('image'),
    build: isTable(build) ? textsOf([build['context'], build['dockerfile']]).join(' ') : (textsOf(build)[0] ?? null),
    words: ['entrypoint', 'command'].flatMap((key) => wordsOf(nearest(key))),
    environment: distinct(everywhere('environment', variablesOf)),
    // In the host's own network Compose discards them.
    ports:
      networkMode === 'host'
        ? []
        : everywhere('ports', (value, path) => listOf(value).flatMap((one, index) => readPort(one, [...path, index]))),
    exposed: everywhere('expose', (value) => listOf(value).flatMap(readExposed)),
    // Compose leaves these out of what is extended, since the services they name may not be there.
    dependsOn: layers.slice(0, 1).flatMap(({ table, path }) => dependenciesOf(table['depends_on'], [...path, 'depends_on'])),
    healthCheck: healthCheckOf(nearest('healthcheck')),
    networks: names.length === 0 ? ['default'] : names,
    networkMode,
    aliases: [
      ...textsOf(nearest('container_name').value),
      ...textsOf(nearest('hostname').value),
      ...(isTable(networks) ? Object.values(networks).flatMap((one) => (isTable(one) ? textsOf(one['aliases']) : [])) : []),
    ],
    extraHosts: everywhere('extra_hosts', (value) =>
      isTable(value) ? Object.entries(value).map(([host, to]) => `${host}:${String(to)}`) : textsOf(value),
    ),
    profiles: textsOf(nearest('profiles').value),
    elsewhere,
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Texts, or a single one, whose variables are known. */
function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? (interpolate(String(one)) ?? []) : []));
}

function wordsOf({ value, path }: { readonly value: unknown; readonly path: DocumentPath }): readonly Value[] {
  if (Array.isArray(value)) return value.map((word, index) => ({ name: '', text: textsOf(word)[0] ?? null, path: [...path, index] }));
  if (typeof value !== 'string') return [];
  // A shell would see more; for flags and addresses blanks and quotes are enough.
  return value.split(/\s+/).map((word) => ({ name: '', text: interpolate(word.replace(/^["']|["']$/g, '')), path }));
}

function variablesOf(value: unknown, path: DocumentPath): readonly Value[] {
  if (isTable(value)) {
    return Object.entries(value).map(([name, one]) => ({
      name,
      text: textsOf(one)[0] ?? (typeof one === 'boolean' ? String(one) : null),
      path: [...path, name],
    }));
  }
  return listOf(value).flatMap((line, index) => {
    const [, name, text] = typeof line === 'string' ? (/^([^=]+)(?:=(.*))?$/s.exec(line) ?? []) : [];
    return name === undefined ? [] : [{ name, text: text === undefined ? null : interpolate(text), path: [...path, index] }];
  });
}

/** The nearest layer's value counts. */
function distinct(values: readonly Value[]): readonly Value[] {
  return values.filter(({ name }, index) => values.findIndex((one) => one.name === name) === index);
}

function dependenciesOf(value: unknown, path: DocumentPath): readonly Dependency[] {
  if (isTable(value)) {
    return Object.entries(value).map(([service, how]) => ({
      service,
      condition: isTable(how) && typeof how['condition'] === 'string' ? how['condition'] : null,
      path: [...path, service],
    }));
  }
  return listOf(value).flatMap((service, index) =>
    typeof service === 'string' ? [{ service, condition: null, path: [...path, index] }] : [],
  );
}

function healthCheckOf({ value, path }: { readonly value: unknown; readonly path: DocumentPath }): HealthCheck | null {
  if (!isTable(value)) return null;
  const { test, disable } = value;
  if (disable === true) return { isOff: true, words: [], path };
  if (typeof test === 'string') return { isOff: false, words: [test], path };
  const [kind, ...words] = listOf(test).map(String);
  if (kind === undefined) return null;
  return { isOff: kind === 'NONE', words: kind === 'CMD' || kind === 'CMD-SHELL' ? words : [kind, ...words], path };
}
