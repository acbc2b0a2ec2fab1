/** The property tests on secrets once more, in thousands of runs: too long for the lane that runs after every change. */
import fc from 'fast-check';

const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`secrets: seed ${seed}`);
fc.configureGlobal({ numRuns: 2_000, seed });

await import('../../src/clients/secrets.test.ts');
await import('../contracts/no-secrets.test.ts');
