/** Everything that can be said about a Compose file from its text alone. Pure: no engine is asked, no command is run. */
import type { ComposeCheck, ComposeContext, ComposeFault } from './fault.ts';
import { clientAddress } from './checks/client-address.ts';
import { exposure } from './checks/exposure.ts';
import { healthGate } from './checks/health-gate.ts';
import { innerPort } from './checks/inner-port.ts';
import { loopbackBind } from './checks/loopback-bind.ts';
import { portClash } from './checks/port-clash.ts';
import { isCaller, isServer } from './look.ts';
import { isTable, readCompose } from './read-compose.ts';
import type { Service } from './service.ts';
import type { DocumentPath } from '../../model/document.ts';

const CHECKS: readonly ComposeCheck[] = [portClash, loopbackBind, innerPort, clientAddress, healthGate, exposure];

export interface LintedService {
  readonly service: Service;
  readonly isServer: boolean;
  /** Whether it has the address of another service, of itself or of its host. */
  readonly isCaller: boolean;
  readonly faults: readonly ComposeFault[];
}

export interface Linted {
  /** Services that look like MCP servers, publish a port, call others, or have something wrong with them. */
  readonly services: readonly LintedService[];
  /** Files that are taken in and were not read. */
  readonly included: readonly string[];
  /** How many services there are in all. */
  readonly count: number;
}

/** Judges a Compose document that was parsed to plain values. */
export function lintCompose(value: unknown): Linted {
  const file = readCompose(value);
  const context: ComposeContext = { file, raw: (path) => follow(value, path) };
  const all = file.services.map(
    (service): LintedService => ({
      service,
      isServer: isServer(service, file),
      isCaller: isCaller(service, file),
      faults: CHECKS.flatMap((check) => check(service, context)),
    }),
  );
  const told = all.filter((one) => one.isServer || one.service.ports.length > 0 || one.isCaller || one.faults.length > 0);
  return { services: told, included: file.included, count: all.length };
}

function follow(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isTable(inner) ? inner[key] : undefined;
  }, value);
}
