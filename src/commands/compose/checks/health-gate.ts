import type { DocumentEdit } from '../../../model/document.ts';
import type { ComposeCheck, ComposeContext, ComposeFault } from '../fault.ts';
import { weaknessOf } from '../health-command.ts';
import { addressesOf, innerAddress, isServer, serviceNamed } from '../look.ts';
import type { Service } from '../service.ts';

/** Whoever needs an MCP server should start when it answers, and what says so should look at MCP. */
export const healthGate: ComposeCheck = (service, context) => {
  const { file } = context;
  if (!isServer(service, file)) return [];
  const needy = file.services.filter((other) => other !== service && needs(other, service, context));
  return [...checkFaults(service, needy, context), ...needy.flatMap((other) => gateFault(other, service, context))];
};

function needs(other: Service, service: Service, { file }: ComposeContext): boolean {
  return (
    other.dependsOn.some((one) => one.service === service.name) ||
    addressesOf(other).some(({ url }) => serviceNamed(file, url.hostname) === service)
  );
}

/** A health check that is missing although somebody waits, or that says nothing about MCP. */
function checkFaults(service: Service, needy: readonly Service[], { file }: ComposeContext): readonly ComposeFault[] {
  const { name, healthCheck, elsewhere, path } = service;
  const address = innerAddress(service, file);
  if (healthCheck === null || healthCheck.isOff) {
    // What it extends may bring one along.
    if (needy.length === 0 || (healthCheck === null && elsewhere !== null)) return [];
    const gated = needy.some(({ dependsOn }) => dependsOn.some((one) => one.service === name && one.condition === 'service_healthy'));
    const rest = gated
      ? ', and others wait for it: they never start unless the image brings one'
      : ' here, so nobody can wait until it answers';
    return [
      {
        ...advice,
        path: healthCheck?.path ?? path,
        summary: `${name} has no health check${rest}.`,
        advice: inImage(service),
        mend: {
          title: `Give ${name} a health check that asks in the protocol`,
          block: `healthcheck: { test: ${JSON.stringify(testOf(address))}, interval: 10s, timeout: 5s, start_period: 30s }`,
          edits: [
            {
              op: healthCheck === null ? 'insert' : 'set',
              path: [...path, 'healthcheck'],
              value: { test: testOf(address), interval: '10s', timeout: '5s', start_period: '30s' },
            },
          ],
        },
      },
    ];
  }
  const weakness = weaknessOf(healthCheck.words);
  if (weakness === null) return [];
  return [
    {
      ...advice,
      path: [...healthCheck.path, 'test'],
      summary: `The health check of ${name} ${weakness}.`,
      advice: inImage(service),
      mend: {
        title: 'Let it ask in the protocol',
        block: `test: ${JSON.stringify(testOf(address))}`,
        edits: [{ op: 'set', path: [...healthCheck.path, 'test'], value: testOf(address) }],
      },
    },
  ];
}

/** Somebody who starts as soon as the server's process does. */
function gateFault(other: Service, service: Service, { raw }: ComposeContext): readonly ComposeFault[] {
  const own = other.dependsOn.find((one) => one.service === service.name);
  if (own?.condition === 'service_healthy' || own?.condition === 'service_completed_successfully') return [];
  if (own === undefined && other.elsewhere !== null) return [];
  const block = `depends_on: { ${service.name}: { condition: service_healthy } }`;
  return [
    {
      ...advice,
      path: own?.path ?? other.path,
      summary:
        own === undefined
          ? `${other.name} speaks to ${service.name} and does not wait for it: it may start first, and be refused.`
          : `${other.name} starts as soon as ${service.name} is started, not when it answers.`,
      advice: null,
      mend: {
        title: `Let ${other.name} wait until ${service.name} is healthy`,
        block,
        edits: [gateEdit(other, service, raw([...other.path, 'depends_on']))],
      },
    },
  ];
}

const WAITS = { condition: 'service_healthy' } as const;

function gateEdit({ path, dependsOn }: Service, { name }: Service, written: unknown): DocumentEdit {
  const own = [...path, 'depends_on'];
  if (written === undefined || written === null) return { op: 'insert', path: own, value: { [name]: WAITS } };
  if (!Array.isArray(written)) {
    const known = dependsOn.find(({ service }) => service === name);
    if (known === undefined) return { op: 'insert', path: [...own, name], value: WAITS };
    return { op: known.condition === null ? 'insert' : 'set', path: [...own, name, 'condition'], value: WAITS.condition };
  }
  const others = dependsOn.map(({ service }) => [service, service === name ? WAITS : { condition: 'service_started' }] as const);
  return { op: 'set', path: own, value: Object.fromEntries(others.some(([one]) => one === name) ? others : [...others, [name, WAITS]]) };
}

const advice = { code: 'compose-no-health-gate', severity: 'advice', certainty: 'proved' } as const;

function testOf(address: string): readonly string[] {
  return ['CMD', 'mcpreach', 'wait', address, '--timeout', '4s'];
}

/** Where the command of the check is to come from. */
function inImage({ name }: Service): string {
  return `Put mcpreach into the image of ${name} (RUN npm install -g mcpreach). Where that cannot be, a sidecar of a Node.js image with network_mode: "service:${name}" has the same check, and others depend on the sidecar.`;
}
