import { importTests } from '../lib/unit.mjs';

await importTests(1, 2);
