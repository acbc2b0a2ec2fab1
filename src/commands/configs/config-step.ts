import type { ConfigFile } from '../../model/config.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import type { PathStep } from '../../model/report.ts';

/** The first step of an entry's way: where it stands, and what is wrong with it. */
export function configStep(
  { file, position }: { readonly file: Pick<ConfigFile, 'shown'>; readonly position: { readonly line: number } },
  failure: CauseId | null = null,
): PathStep {
  const place = `${file.shown}:${position.line}`;
  return {
    layer: 'config',
    status: failure === null ? 'ok' : 'failed',
    ms: null,
    detail: failure === null ? place : `${place}: ${failure}`,
  };
}
