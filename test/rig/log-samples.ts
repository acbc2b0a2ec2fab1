import { join } from 'node:path';

/** The path of a file in test/samples/logs. */
export function sampleFile(name: string): string {
  return join(process.cwd(), 'test', 'samples', 'logs', name);
}
