import type { CausePage } from '../../model/account.ts';
import { CLIENT_BUG } from './client-bug.ts';
import { NO_HEALTH_ENDPOINT } from './no-health-endpoint.ts';
import { SERVER_BUG } from './server-bug.ts';

/** Public codes that have a page and are never found by a probe, sorted by id. */
export const CAUSE_PAGES: readonly CausePage[] = [CLIENT_BUG, NO_HEALTH_ENDPOINT, SERVER_BUG];
