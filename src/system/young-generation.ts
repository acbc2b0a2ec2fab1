import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation small. A relay makes hardly any objects, but a buffer for every message, and dead buffers are given
 * back only when the young generation is full: at its usual growth that is a hundred megabytes of them later.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
