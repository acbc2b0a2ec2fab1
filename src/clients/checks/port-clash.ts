import type { ConfigEntry } from '../../model/config.ts';
import type { Check } from '../check.ts';

const FLAG = /^(?:--?(?:port|http-port|server-port|listen-port)|-p)$/i;
const VARIABLE = /^(?:(?:MCP|SERVER|HTTP|FASTMCP|APP|LISTEN)_)?PORT$/i;

function portOf(text: string | undefined): number | null {
  const value = text !== undefined && /^\d{2,5}$/.test(text) ? Number(text) : 0;
  return value > 0 && value < 65_536 ? value : null;
}

/** Ports that a started server will listen on, by its own arguments and variables. */
function listensOn({ transport, command, args, env }: ConfigEntry): readonly number[] {
  if (transport !== 'stdio') return [];
  const isContainer = command !== null && /(?:docker|podman)(?:\.exe)?$/i.test(command);
  const published = isContainer
    ? args.flatMap((arg, index) => (/^(?:-p|--publish)$/.test(args[index - 1] ?? '') ? [/(?:^|:)(\d+):\d+/.exec(arg)?.[1]] : []))
    : [];
  const flags = isContainer
    ? []
    : args.flatMap((arg, index) => [
        ...(FLAG.test(arg) ? [args[index + 1]] : []),
        ...(/^--?(?:[\w-]*-)?port=/i.test(arg) ? [arg.split('=')[1]] : []),
      ]);
  const variables = isContainer ? [] : Object.entries(env).flatMap(([name, value]) => (VARIABLE.test(name) ? [value] : []));
  return [...published, ...flags, ...variables].map(portOf).filter((port): port is number => port !== null);
}

function isUsed({ unread, disabled }: ConfigEntry): boolean {
  return unread === null && !disabled;
}

/** Two entries that each start a server on the same port of this machine: the second cannot have it. */
export const portClashes: Check = (entry, { all }) => {
  if (!isUsed(entry)) return [];
  return listensOn(entry).flatMap((port) => {
    const others = all.filter((other) => other !== entry && isUsed(other) && listensOn(other).includes(port));
    const [first] = others;
    if (first === undefined) return [];
    return [
      {
        code: 'config-port-clash',
        severity: 'warning',
        certainty: 'likely',
        position: entry.position,
        summary: `"${entry.name}" and "${first.name}" of ${first.file.shown} both start a server on port ${port}.`,
        advice: 'Give one of them another port.',
      } as const,
    ];
  });
};
