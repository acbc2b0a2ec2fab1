import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDocument } from '../../documents/parse.ts';
import { lintCompose } from './lint.ts';

/** `SERVICE CODE SEVERITY` of everything that is wrong in a file. */
function lint(text: string): readonly string[] {
  const { value, errors } = parseDocument(text, 'yaml');
  assert.deepEqual(errors, [], text);
  return lintCompose(value).services.flatMap(({ service, faults }) =>
    faults.map(({ code, severity }) => `${service.name} ${code} ${severity}`),
  );
}

const HEALTHY = '{test: [CMD, mcpreach, wait, "http://127.0.0.1:3000/mcp"]}';
const NOTES = `notes: {image: mcp-notes, ports: ["127.0.0.1:3000:3000"], healthcheck: ${HEALTHY}}`;

function services(...lines: readonly string[]): string {
  return `services:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

describe('a file in order', () => {
  const table: Readonly<Record<string, string>> = {
    'a server by itself': services(NOTES),
    'a caller that waits and uses the name': services(
      NOTES,
      'agent: {image: a, environment: {U: "http://notes:3000/mcp"}, depends_on: {notes: {condition: service_healthy}}}',
    ),
    'two services on one port of different protocols': services('a: {image: a, ports: ["53:53/udp"]}', 'b: {image: b, ports: ["53:53"]}'),
    'two services on one port of different addresses': services(
      'a: {image: a, ports: ["127.0.0.1:80:80"]}',
      'b: {image: b, ports: ["127.0.0.2:80:80"]}',
    ),
    'alternatives by profile': services(
      'a: {image: a, ports: ["80:80"], profiles: [one]}',
      'b: {image: b, ports: ["80:80"], profiles: [two]}',
    ),
    'loopback where nobody else comes from': services('notes: {image: mcp-notes, command: node s.js --host 127.0.0.1}'),
    'loopback of the host': services('notes: {image: mcp-notes, network_mode: host, command: node s.js --host 127.0.0.1 --port 3000}'),
    'localhost in the network of the server': services(
      NOTES,
      'agent: {image: a, network_mode: "service:notes", environment: {U: "http://localhost:3000/mcp"}, depends_on: {notes: {condition: service_healthy}}}',
    ),
    'its own localhost': services(
      'web: {image: w, environment: {PORT: "3000", SELF: "http://localhost:3000/"}}',
      NOTES.replace('3000:3000', '3100:3000'),
    ),
    'an address that nobody here has': services(NOTES, 'web: {image: w, environment: {U: "http://localhost:9999/"}}'),
    'a web server for everybody': services('web: {image: nginx, ports: ["80:80"]}'),
    'a server for everybody that asks for a token': services(
      `notes: {image: mcp-notes, ports: ["3000:3000"], environment: {MCP_AUTH_TOKEN: x}, healthcheck: ${HEALTHY}}`,
    ),
    'a port that depends on a variable': services('a: {image: a, ports: ["${P}:80"]}', 'b: {image: b, ports: ["${P}:80"]}'),
    'the host by its name, mapped': services(
      'agent: {image: a, environment: {U: "http://host.docker.internal:3000/mcp"}, extra_hosts: ["host.docker.internal:host-gateway"]}',
    ),
    'a health check that comes from elsewhere': services(
      'notes: {image: mcp-notes, extends: {file: base.yaml, service: mcp}}',
      'agent: {image: a, depends_on: {notes: {condition: service_healthy}}}',
    ),
    'a caller whose variable only sounds like a server': services(
      'bot: {image: a, environment: ["MCP_HOST=http://elsewhere.example/mcp"]}',
      'web: {image: w, depends_on: [bot]}',
    ),
    'a dependency that is no MCP server': services('db: {image: postgres}', 'web: {image: w, depends_on: [db]}'),
  };
  for (const [title, text] of Object.entries(table)) test(title, () => assert.deepEqual(lint(text), []));
});

describe('a file with a fault', () => {
  const table: Readonly<Record<string, readonly [string, ...string[]]>> = {
    'a bare depends_on': [services(NOTES, 'agent: {image: a, depends_on: [notes]}'), 'notes compose-no-health-gate advice'],
    'a started condition': [
      services(NOTES, 'agent: {image: a, depends_on: {notes: {condition: service_started}}}'),
      'notes compose-no-health-gate advice',
    ],
    'a caller that does not wait at all': [
      services(NOTES, 'agent: {image: a, environment: ["U=http://notes:3000/mcp"]}'),
      'notes compose-no-health-gate advice',
    ],
    'waiting for a health check that is not there': [
      services('notes: {image: mcp-notes}', 'agent: {image: a, depends_on: {notes: {condition: service_healthy}}}'),
      'notes compose-no-health-gate advice',
    ],
    'a health check that lies': [
      services('notes: {image: mcp-notes, healthcheck: {test: "exit 0"}}'),
      'notes compose-no-health-gate advice',
    ],
    'loopback by a flag': [
      services(`notes: {image: mcp-notes, command: node s.js --host 127.0.0.1, ports: ["127.0.0.1:3000:3000"], healthcheck: ${HEALTHY}}`),
      'notes container-loopback error',
    ],
    'loopback by a variable': [
      services(`notes: {image: mcp-notes, environment: {HOST: localhost}, ports: ["127.0.0.1:3000:3000"], healthcheck: ${HEALTHY}}`),
      'notes container-loopback error',
    ],
    'loopback by an address with a port': [
      services(
        `notes: {image: mcp-notes, command: [serve, "--listen=127.0.0.1:3000"], ports: ["127.0.0.1:3000:3000"], healthcheck: ${HEALTHY}}`,
      ),
      'notes container-loopback error',
    ],
    'loopback where another service comes from': [
      services(
        `notes: {image: mcp-notes, environment: {MCP_HOST: 127.0.0.1}, healthcheck: ${HEALTHY}}`,
        'agent: {image: a, environment: {U: "http://notes:3000/mcp"}, depends_on: {notes: {condition: service_healthy}}}',
      ),
      'notes container-loopback error',
    ],
    'one port twice': [
      services('a: {image: a, ports: ["80:80"]}', 'b: {image: b, ports: ["127.0.0.1:80:8080"]}'),
      'a config-port-clash error',
      'b config-port-clash error',
    ],
    'localhost for another service': [
      services(NOTES, 'agent: {image: a, environment: {U: "http://localhost:3000/mcp"}}'),
      'agent container-network error',
    ],
    'a published port from inside': [
      services(
        NOTES.replace('3000:3000', '8080:3000'),
        'agent: {image: a, command: "run --url http://notes:8080/mcp", depends_on: {notes: {condition: service_healthy}}}',
      ),
      'agent container-network error',
    ],
    'networks that do not meet': [
      services(
        NOTES.replace('image:', 'networks: [shop], image:'),
        'agent: {image: a, networks: [office], environment: {U: "http://notes:3000/mcp"}, depends_on: {notes: {condition: service_healthy}}}',
      ),
      'agent container-network error',
    ],
    'the host by a name that is not mapped': [
      services('agent: {image: a, environment: {U: "http://host.docker.internal:3000/mcp"}}'),
      'agent container-network warning',
    ],
    'another inner port': [
      services(`notes: {image: mcp-notes, command: [serve, --port, "3000"], ports: ["127.0.0.1:3000:8000"], healthcheck: ${HEALTHY}}`),
      'notes container-port-unpublished error',
    ],
    'a port that is meant for outside and not published': [
      services(`notes: {image: mcp-notes, environment: {PORT: "3000", PUBLIC_URL: "http://localhost:3000"}, healthcheck: ${HEALTHY}}`),
      'notes container-port-unpublished warning',
    ],
    'a server for everybody': [
      services(`notes: {image: mcp-notes, ports: [{target: 3000, published: 3000}], healthcheck: ${HEALTHY}}`),
      'notes exposed-to-network advice',
    ],
    'what comes from an anchor': [
      `x-web: &web\n  command: node s.js --host localhost\n  healthcheck: ${HEALTHY}\nservices:\n  notes:\n    <<: *web\n    image: mcp-notes\n    ports: ["127.0.0.1:3000:3000"]\n`,
      'notes container-loopback error',
    ],
    'what is extended in the same file': [
      services(
        `base: {image: mcp-notes, command: node s.js --host localhost, healthcheck: ${HEALTHY}}`,
        'notes: {extends: {service: base}, ports: ["127.0.0.1:3000:3000"]}',
      ),
      'notes container-loopback error',
    ],
  };
  for (const [title, [text, ...expected]] of Object.entries(table)) test(title, () => assert.deepEqual(lint(text), expected));
});

test('strange documents are survived', () => {
  for (const text of [
    '',
    'services:',
    'services: [a]',
    'services: {a: null, b: 3, c: {ports: x, depends_on: 3, healthcheck: [], environment: 7}}',
    'services: {a: {extends: a}}',
  ])
    assert.deepEqual(
      lintCompose(parseDocument(text, 'yaml').value).services.flatMap(({ faults }) => faults),
      [],
      text,
    );
});
