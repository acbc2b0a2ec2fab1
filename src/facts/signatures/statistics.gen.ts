// Counted by `npm run eval:explain -- --write`. Do not edit.
import type { Statistics } from './signature.ts';

/** How often real cases that people labelled had which cause, by signature and by system. */
export const STATISTICS: Statistics = { signatures: {}, systems: {}, causes: {} };
