/** What a client's session talks to: a child of its own, or its share of a child that serves many. */
import { type Envelope, idText, messagesOf } from '../../wire/envelope.ts';
import { type CauseId } from '../../model/ids.gen.ts';
import type { Link, LinkFailure, OpenLink } from '../links/link.ts';
import { lastWords, lostInFlight, refusalOf, tell } from '../refusal.ts';
import { createAffinity } from './affinity.ts';

export interface UpstreamListener {
  /** A message for the client. `of` is the id of the client's request on whose stream it belongs, null for the session's own. */
  readonly onMessage: (message: Envelope, of: string | null) => void;
  /** Nothing more will come; every request has been answered before. */
  readonly onLost: (why: LinkFailure) => void;
}

export interface Upstream {
  send(message: Envelope): void;
  /** Back-pressure; does nothing where others would suffer. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export type OpenUpstream = (listener: UpstreamListener) => Upstream;

/** A child that serves one client only. Messages pass unchanged. */
export function openOwnChild(open: OpenLink, listener: UpstreamListener): Upstream {
  const affinity = createAffinity();
  const abort = new AbortController();
  let link: Link | null = null;
  let isOver = false;
  let waiting: Envelope[] = [];

  function receive(message: Envelope): void {
    if (isOver) return;
    if (message.kind === 'batch') {
      for (const one of messagesOf(message)) receive(one);
      return;
    }
    listener.onMessage(message, affinity.of(message));
  }

  function lose(why: LinkFailure): void {
    if (isOver) return;
    for (const request of affinity.open().values()) {
      const answer = link === null ? notStarted(why) : lostInFlight(request.method ?? 'a request', why);
      listener.onMessage(refusalOf(idText(request), answer, link === null ? 'no' : 'unknown'), request.id);
    }
    isOver = true;
    listener.onLost(why);
  }

  const opened = open({ onMessage: receive, onLost: lose }, abort.signal).then((result) => {
    if (result.kind === 'failed') return lose(result.why);
    link = result.link;
    for (const message of waiting) void link.send(message);
    waiting = [];
  });

  return {
    send(message) {
      if (isOver) return;
      if (message.kind === 'request') affinity.asked(message);
      if (link === null) waiting.push(message);
      else void link.send(message);
    },
    pause: () => link?.pause(),
    resume: () => link?.resume(),
    async close() {
      isOver = true;
      abort.abort();
      await opened;
      await link?.close();
    },
  };
}

/** What a client is told when the command cannot be started or does not stay. */
export function notStarted(why: LinkFailure) {
  const cause: CauseId = why.code === 'ENOENT' ? 'command-not-found' : why.code === 'EACCES' ? 'permission-denied' : 'crash-on-boot';
  return {
    cause,
    summary: `The served command does not run: ${why.detail}.${lastWords(why.lastLines)}`,
    remedies: [tell('Run the command by itself and read what it prints; then start `mcpreach serve` again.')],
  };
}
