import { within } from '../../system/clock.ts';
import { type GroupExit, startGroup } from '../../system/processes/start-group.ts';
import { type Envelope, readEnvelope } from '../../wire/envelope.ts';
import { createFrameReader } from '../../wire/frames.ts';
import type { Link, LinkFailure, LinkListener, OpenedLink, OpenLink, Outcome } from './link.ts';

export interface StdioLinkOptions {
  /** The program and its arguments; started without a shell. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string;
  /** All variables it gets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Masks secrets in what the program prints; everything that is told of its output has gone through it. */
  readonly mask: (text: string) => string;
  /** Hears each line of its standard error, secrets masked. */
  readonly onStderr?: (line: string) => void;
  /** Hears each line on standard output that is no message, secrets masked. It is not passed on. */
  readonly onNoise?: (line: string) => void;
  /** Whether a signal to us ends it at once; default: yes. */
  readonly endOnSignal?: boolean;
}

/** Larger than any message the bridge promises to carry. */
const LONGEST_MESSAGE = 256 * 1024 * 1024;
/** What a program may take to end by itself when its input is closed, as the specification asks clients to do first, in milliseconds. */
const CLOSE_MS = 200;
/** From the end of its output to the end of a program that goes of its own accord, in milliseconds. */
const SILENT_MS = 500;
const LAST_LINES = 10;
const SHOWN_NOISE = 200;

const LINE_END = Buffer.from('\n');

/** A program as a server: one message per line on its standard input and output. Opening it starts it. */
export function openStdioLink(options: StdioLinkOptions): OpenLink {
  return (listener) => Promise.resolve(start(options, listener));
}

function start({ command, cwd, environment, mask, onStderr, onNoise, endOnSignal }: StdioLinkOptions, listener: LinkListener): OpenedLink {
  /** Requests without a response, by id. */
  const open = new Map<string, (outcome: Outcome) => void>();
  let over: LinkFailure | null = null;
  let isClosed = false;

  const reader = createFrameReader(
    LONGEST_MESSAGE,
    (line) => receive(line),
    (bytes) => onNoise?.(`a line of ${bytes} bytes`),
  );
  const group = startGroup({
    command,
    environment,
    cwd,
    keepStdout: false,
    ...(endOnSignal === undefined ? {} : { endOnSignal }),
    onStdout: (chunk) => (chunk === null ? void fallSilent() : reader.push(chunk as Buffer)),
    ...(onStderr === undefined ? {} : { onStderrLine: (line: string) => onStderr(mask(line)) }),
  });

  const lastLines = () => group.stderr().slice(-LAST_LINES).map(mask);

  function receive(line: Buffer): void {
    const message = readEnvelope(line);
    if (message.kind === 'invalid') {
      onNoise?.(mask(line.toString('utf8', 0, SHOWN_NOISE)));
      return;
    }
    if (isClosed) return;
    if (message.kind !== 'response' || message.id === null) return listener.onMessage(message, null);
    listener.onMessage(message, message.id);
    const settle = open.get(message.id);
    open.delete(message.id);
    settle?.({ kind: 'done' });
  }

  function end(why: LinkFailure): void {
    if (over !== null) return;
    over = why;
    for (const settle of open.values()) settle({ kind: 'unknown', why });
    open.clear();
    if (!isClosed) listener.onLost(why);
  }

  /** Standard output is closed: mostly because the program ends. One that lives on answers nothing any more. */
  async function fallSilent(): Promise<void> {
    reader.end();
    if ((await within(group.exit, SILENT_MS, null)) !== null) return;
    end({ ...CLOSED, kind: 'ended', detail: 'the program closed its output', lastLines: lastLines() });
    await group.end();
  }

  void group.exit.then((exit) => {
    end(ended(exit, lastLines()));
    // What it started may live on, and would hold ports and files of the next one.
    void group.end();
  });

  const link: Link = {
    send(message: Envelope) {
      if (over !== null) return Promise.resolve({ kind: 'not-sent', why: over });
      const { kind, id, bytes } = message;
      group.writeStdin(bytes);
      group.writeStdin(LINE_END);
      if (kind !== 'request' || id === null) return Promise.resolve({ kind: 'done' });
      return new Promise((resolve) => open.set(id, resolve));
    },
    abandon: () => undefined,
    pause: () => group.pauseStdout(),
    resume: () => group.resumeStdout(),
    async close() {
      isClosed = true;
      group.closeStdin();
      await within(group.exit, CLOSE_MS, null);
      await group.end();
      end(CLOSED);
    },
  };
  return { kind: 'open', link };
}

const CLOSED: LinkFailure = {
  kind: 'closed',
  code: null,
  status: null,
  detail: 'the connection was closed',
  retryAfterMs: null,
  lastLines: [],
};

function ended({ code, signal, startError }: GroupExit, lastLines: readonly string[]): LinkFailure {
  const how =
    startError !== null
      ? `the program could not be started (${startError})`
      : signal !== null
        ? `the program was ended by ${signal}`
        : `the program ended with exit code ${code}`;
  return { kind: 'ended', code: startError ?? signal, status: code, detail: how, retryAfterMs: null, lastLines };
}
