import { importTests } from '../lib/unit.mjs';

await importTests(0, 2);
