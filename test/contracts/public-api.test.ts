import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as library from '../../src/index.ts';
import { ROOT } from './repository.ts';

/** What programs may import. A name may be added here; removing one breaks them and needs a major version. */
const VALUES = [
  'PortInUseError',
  'ReachError',
  'UsageError',
  'VERSION',
  'connectWithRetry',
  'diagnose',
  'healthRoutes',
  'listenLocal',
  'waitUntilReady',
];
const TYPES = [
  'CauseId',
  'Certainty',
  'CheckAnswer',
  'ClientFacts',
  'ConnectAttempt',
  'ConnectFailure',
  'ConnectOptions',
  'DiagnoseOptions',
  'DiagnosisEvent',
  'DiagnosisListener',
  'ErrorDocument',
  'EvidenceKind',
  'HealthHandler',
  'HealthOptions',
  'Layer',
  'ListenOptions',
  'LocalListener',
  'PathStep',
  'PortHolder',
  'ReadyCheck',
  'Report',
  'ReportFinding',
  'ReportRemedy',
  'ReportTarget',
  'SdkClient',
  'SdkTransport',
  'Severity',
  'StdioClientFacts',
  'StdioInput',
  'StepStatus',
  'TargetInput',
  'TargetStatus',
  'Transport',
  'TransportFactory',
  'TransportInit',
  'WaitLevel',
  'WaitOptions',
  'WaitResult',
  'WaitedTarget',
];

test('the library exports exactly the listed values', () => {
  assert.deepEqual(Object.keys(library).sort(), VALUES);
});

test('the library exports exactly the listed types, by name', () => {
  const text = readFileSync(join(ROOT, 'src', 'index.ts'), 'utf8');
  assert.doesNotMatch(text, /export \*/, 'names are listed one by one, so that a change of the API shows in this file');
  const names = [...text.matchAll(/^export type \{([^}]*)\}/gm)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  assert.deepEqual(names.filter((name) => name !== '').sort(), TYPES);
});
