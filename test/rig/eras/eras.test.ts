/** Official clients of each era in front of official servers of the other, and of their own. */
import { test } from 'node:test';
import { legacyClientWorks, modernClientWorks } from './clients.ts';
import { legacyServer, modernServer } from './servers.ts';
import { memoryLinks } from './transport.ts';

const legacyInMemory = () => memoryLinks(async (end) => (await legacyServer({ cancelled: 0 })).connect(end as never));
const modernInMemory = () =>
  memoryLinks(async (end) => {
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    const counters = { cancelled: 0 };
    serveStdio(() => modernServer(counters, () => null), { legacy: 'reject', transport: end as never });
  });

test('in one process: a legacy client and a modern server', (t) =>
  legacyClientWorks(t, { open: modernInMemory(), stdio: true }, 'rig-modern'));
test('in one process: a modern client and a legacy server', (t) =>
  modernClientWorks(t, { open: legacyInMemory(), stdio: true }, 'rig-legacy'));
test('in one process: a legacy client and a legacy server', (t) =>
  legacyClientWorks(t, { open: legacyInMemory(), stdio: true }, 'rig-legacy'));
test('in one process: a modern client and a modern server', (t) =>
  modernClientWorks(t, { open: modernInMemory(), stdio: true }, 'rig-modern'));
