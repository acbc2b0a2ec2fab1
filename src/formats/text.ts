import type { Format } from '../model/format.ts';
import { createTextStream } from './text-stream.ts';

/** For people at a terminal. */
export const format: Format = {
  id: 'text',
  mediaType: 'text/plain',
  extension: 'txt',
  render: (report, options) => createTextStream(options, report.targets.length).end(report),
};
