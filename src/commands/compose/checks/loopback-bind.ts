import type { ComposeCheck } from '../fault.ts';
import { addressesTo, isLoopback } from '../look.ts';
import type { Service, Value } from '../service.ts';

const FLAG = /^--?(?:\w+-)*(?:host|hostname|bind|bind-address|address|addr|listen|listen-address|ip|interface)$/i;
const ASSIGNED = /^--?(?:\w+-)*(?:host|hostname|bind|bind-address|address|addr|listen|listen-address|ip|interface)=(.+)$/i;
const VARIABLE =
  /^(?:(?:MCP|FASTMCP|SERVER|HTTP|APP|UVICORN|NODE|LISTEN)_)*(?:HOST|BIND|BIND_HOST|BIND_ADDRESS|BIND_ADDR|LISTEN|LISTEN_HOST|LISTEN_ADDRESS|LISTEN_ADDR|ADDR)$/i;

/** A server that is told to listen on its container's own loopback, which nobody else gets to. */
export const loopbackBind: ComposeCheck = (service, { file }) => {
  const { name, ports, networkMode } = service;
  if (networkMode !== null) return [];
  const callers = addressesTo(service, file);
  const bound = boundTo(service);
  if (bound === undefined || ports.length + callers.length === 0) return [];
  const [first] = ports;
  const closed =
    first === undefined ? '' : `, and keep the published side on loopback: "127.0.0.1:${first.host ?? first.inner}:${first.inner}"`;
  const cut = first === undefined ? `${name} by its name` : `the published port ${first.host ?? first.inner}`;
  return [
    {
      code: 'container-loopback',
      severity: 'error',
      certainty: 'likely',
      path: bound.path,
      summary: `${name} is told to listen on its container's own loopback, where ${cut} does not lead.`,
      advice: `Inside the container only, let ${name} listen on every address of the container instead of its loopback${closed}.`,
      mend: null,
    },
  ];
};

function boundTo({ words, environment }: Service): Value | undefined {
  const flagged = words.find(({ text }, index) => {
    const value = FLAG.test(words[index - 1]?.text ?? '') ? text : ASSIGNED.exec(text ?? '')?.[1];
    return value != null && isLoopback(hostOf(value));
  });
  return flagged ?? environment.find(({ name, text }) => VARIABLE.test(name) && text !== null && isLoopback(hostOf(text)));
}

/** `127.0.0.1` of `127.0.0.1:3000`. */
function hostOf(text: string): string {
  return /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(text)?.[1] ?? text;
}
