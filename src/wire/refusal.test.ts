import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRefusal } from './refusal.ts';

test('refusals as programs word them', () => {
  const table: readonly (readonly [string, string | null, string?])[] = [
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', '127.0.0.1:5432', 'ECONNREFUSED'],
    ['Error: connect ECONNREFUSED ::1:6379', '[::1]:6379', 'ECONNREFUSED'],
    ['Error: getaddrinfo ENOTFOUND db.internal', 'db.internal', 'ENOTFOUND'],
    ['dial tcp 10.0.0.5:3306: connect: connection refused', '10.0.0.5:3306', 'ECONNREFUSED'],
    ['dial tcp: lookup db on 127.0.0.53:53: no such host', 'db', 'ENOTFOUND'],
    ['connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused', 'localhost:5432', 'ECONNREFUSED'],
    ['redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.', 'localhost:6379', 'ECONNREFUSED'],
    [
      "HTTPConnectionPool(host='localhost', port=8080): Max retries exceeded: [Errno 111] Connection refused",
      'localhost:8080',
      'ECONNREFUSED',
    ],
    ["ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)", '127.0.0.1:5432', 'ECONNREFUSED'],
    ['Cannot connect to host localhost:9200 ssl:default [Connection refused]', 'localhost:9200', 'ECONNREFUSED'],
    ['fetch failed: http://localhost:11434/api ECONNREFUSED', 'localhost:11434', 'ECONNREFUSED'],
    ['MongoServerSelectionError: connect ETIMEDOUT 192.0.2.1:27017', '192.0.2.1:27017', 'ETIMEDOUT'],
    ['All connection attempts failed', null],
    ['listening on 127.0.0.1:3000', null],
    ['Error: 111 items', null],
  ];
  for (const [line, address, code] of table) {
    assert.deepEqual(readRefusal(line), address === null ? null : { address, code }, line);
  }
});
