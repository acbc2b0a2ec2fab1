/** The library: everything here is public API. */
export type { WaitLevel } from './commands/wait/sighting.ts';
export type { WaitedTarget, WaitResult } from './commands/wait/wait.ts';
export type { WaitOptions } from './commands/wait/wait-until-ready.ts';
export { waitUntilReady } from './commands/wait/wait-until-ready.ts';
export type { DiagnoseOptions, StdioInput, TargetInput } from './diagnose/options.ts';
export { diagnose } from './diagnose/run.ts';
export type { ConnectAttempt, ConnectOptions } from './library/connect.ts';
export { connectWithRetry } from './library/connect.ts';
export type { ConnectFailure } from './library/connect-failure.ts';
export type { HealthHandler, HealthOptions } from './library/health-routes.ts';
export { healthRoutes } from './library/health-routes.ts';
export type { ListenOptions, LocalListener } from './library/listen-local.ts';
export { listenLocal } from './library/listen-local.ts';
export type { PortHolder } from './library/port-in-use.ts';
export { PortInUseError } from './library/port-in-use.ts';
export { ReachError } from './library/reach-error.ts';
export type { CheckAnswer, ReadyCheck } from './library/ready-check.ts';
export type { SdkClient, SdkTransport, TransportFactory, TransportInit } from './library/sdk.ts';
export type { Certainty, Severity } from './model/cause.ts';
export { UsageError } from './model/errors.ts';
export type { DiagnosisEvent, DiagnosisListener } from './model/events.ts';
export type { EvidenceKind } from './model/evidence.ts';
export type { CauseId } from './model/ids.gen.ts';
export type { Layer } from './model/layer.ts';
export type {
  ErrorDocument,
  PathStep,
  Report,
  ReportFinding,
  ReportRemedy,
  ReportTarget,
  StepStatus,
  TargetStatus,
} from './model/report.ts';
export type { StdioClientFacts } from './model/stdio.ts';
export type { ClientFacts, Transport } from './model/target.ts';
export { VERSION } from './model/version.gen.ts';
