import type { Format } from '../model/format.ts';
import type { FormatId } from '../model/ids.gen.ts';
import { FORMATS } from './index.gen.ts';

/** Ids of every format, sorted. */
export const FORMAT_IDS = Object.keys(FORMATS) as readonly FormatId[];

/** Loads one format; nobody pays for the others. */
export function loadFormat(id: FormatId): Promise<Format> {
  return FORMATS[id]();
}
