import assert from 'node:assert/strict';
import { it } from 'node:test';
import { namesPort } from './names-port.ts';

const TABLE: readonly (readonly [boolean, readonly string[]])[] = [
  [true, ['node', 'server.js', '3000']],
  [true, ['node', 'server.js', '--port', '3000']],
  [true, ['node', 'server.js', '--port=3000']],
  [true, ['server', '-p3000']],
  [true, ['uvicorn', 'app:app', '--bind', '127.0.0.1:3000']],
  [true, ['sh', '-c', 'sleep 2; PORT=3000 node server.js']],
  [true, ['sh', '-c', 'server --port 3000; echo']],
  [false, ['node', 'server.js', '--port', '30001']],
  [false, ['node', 'server.js', '--port', '13000']],
  [false, ['curl', 'http://localhost:3000']],
  [false, ['node', 'report-3000']],
  [false, ['tail', '/var/log/3000']],
  [false, []],
];

for (const [expected, words] of TABLE) {
  it(`${expected ? 'sees' : 'does not see'} port 3000 in ${JSON.stringify(words.join(' '))}`, () => {
    assert.equal(namesPort(words, 3000), expected);
  });
}
