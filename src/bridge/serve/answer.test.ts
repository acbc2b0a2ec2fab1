import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepts } from './answer.ts';

test('media ranges', () => {
  const yes = [undefined, 'application/json', 'text/event-stream, application/json', '*/*', 'APPLICATION/*;q=0.5'];
  for (const header of yes) assert.equal(accepts(header, 'application/json'), true, header);
  for (const header of ['', 'text/event-stream', 'application/json;q=0', 'application/jsonp'])
    assert.equal(accepts(header, 'application/json'), false, header);
});
