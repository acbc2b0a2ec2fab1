/** The packet filters of this machine: what they hold, and what they do with one connection. */
export { readDarwin } from './darwin.ts';
export { findBlocks, growthBetween } from './find-block.ts';
export type { Dialled } from './foreign.ts';
export type { Connection } from './journey.ts';
export { readFilters } from './read.ts';
export { readSelinux } from './selinux.ts';
export { toBlock } from './block.ts';
export { readWindows } from './windows.ts';
