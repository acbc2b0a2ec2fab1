#!/usr/bin/env node
/** The program's entry. Asking for the version loads nothing else. */
import { VERSION } from '../model/version.gen.ts';

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
  // A reader that went away early (`| true`) is no fault.
  process.stdout.on('error', () => undefined);
  process.stdout.write(`${VERSION}\n`);
} else {
  // Before anything else is loaded: what V8's young generation has grown to, it keeps.
  if (argv[0] === 'connect' || argv[0] === 'serve') (await import('../system/young-generation.ts')).keepYoungGenerationSmall();
  const { run } = await import('./run.ts');
  await run(argv);
}
