/** The packet filters of this machine: what they hold, and what they do with one connection. */
export { findBlock, growthBetween } from './find-block.ts';
export type { Connection } from './journey.ts';
export { readFilters } from './read.ts';
export { toBlock } from './block.ts';
