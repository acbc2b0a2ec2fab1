import type { TcpOutcome } from '../model/evidence.ts';

/** What a failed connect() means by its errno (connect(2), and Winsock's equivalents as libuv maps them). */
export const TCP_OUTCOMES: Readonly<Record<string, TcpOutcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ENONET: 'unreachable',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EADDRNOTAVAIL: 'no-local-address',
  EAFNOSUPPORT: 'no-local-address',
  EINVAL: 'no-local-address',
};
