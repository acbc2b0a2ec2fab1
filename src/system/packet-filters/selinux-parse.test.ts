import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parseBooleans, parseDenials } from './selinux-parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/linux/filters/${name}`, 'utf8');

it('reads who was refused which port', () => {
  const [nginx, java, tolerated, bind, ...rest] = parseDenials(recorded('audit.log'));
  assert.deepEqual(nginx, {
    permission: 'name_connect',
    program: 'nginx',
    port: 3000,
    source: 'httpd_t',
    target: 'unreserved_port_t',
    at: 1_697_902_459_165,
    enforced: true,
  });
  assert.deepEqual([java?.program, java?.source, java?.port], ['localhost-start', 'tomcat_t', 32_768]);
  assert.deepEqual([tolerated?.program, tolerated?.enforced], ['testapp', false]);
  assert.deepEqual([bind?.permission, bind?.port], ['name_bind', 8443]);
  assert.deepEqual(rest, []);
  assert.deepEqual(parseDenials('nothing of the kind'), []);
});

it('reads switches', () => {
  const booleans = parseBooleans(recorded('getsebool.txt'));
  assert.equal(booleans.get('httpd_can_network_connect'), false);
  assert.equal(booleans.get('httpd_builtin_scripting'), true);
  assert.equal(booleans.get('httpd_can_network'), undefined);
});
