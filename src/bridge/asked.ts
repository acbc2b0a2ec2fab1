/**
 * What servers have asked the client (sampling, elicitation, roots, ping) and is not answered yet. A new server starts its ids
 * anew, so that a late answer to a question of the old one would fit a question of the new one: from the second epoch on
 * each question reaches the client under an id of ours.
 */
import { type Envelope, idOf, idText, messageOf, replaceRange, readEnvelope, valueAt, withId } from '../wire/envelope.ts';
import { isRecord } from '../wire/json-rpc.ts';

interface Question {
  readonly epoch: number;
  /** The server's id as it wrote it. */
  readonly theirs: string;
}

export interface Asked {
  /** A server's question as the client gets it. */
  pass(question: Envelope, epoch: number): Envelope;
  /** A client's answer as this epoch's server gets it; null when the question is none of this server's. */
  comeBack(answer: Envelope, epoch: number): Envelope | null;
  /** A server's notification about its own question, with the id under which the client knows it. */
  about(notification: Envelope, epoch: number): Envelope;
  /** Forgets what servers before `epoch` asked; the notifications that close their prompts at the client. */
  forget(epoch: number): readonly Envelope[];
}

export function createAsked(): Asked {
  /** By the id under which the client knows the question. */
  const questions = new Map<string, Question>();

  /** JSON text of the id that the client sees. */
  const shownId = (theirs: string, epoch: number) => (epoch <= 1 ? theirs : JSON.stringify(`mcpreach:${epoch}:${theirs}`));

  return {
    pass(question, epoch) {
      const theirs = idText(question);
      const shown = epoch <= 1 ? question : withId(question, shownId(theirs, epoch));
      if (shown.id !== null) questions.set(shown.id, { epoch, theirs });
      return shown;
    },
    comeBack(answer, epoch) {
      const question = answer.id === null ? undefined : questions.get(answer.id);
      if (answer.id === null || question === undefined || question.epoch !== epoch) return null;
      questions.delete(answer.id);
      return epoch <= 1 ? answer : withId(answer, question.theirs);
    },
    about(notification, epoch) {
      const params = valueAt(notification, notification.paramsAt);
      if (epoch <= 1 || notification.paramsAt === null || !isRecord(params) || idOf(params['requestId']) === null) return notification;
      const requestId = `mcpreach:${epoch}:${JSON.stringify(params['requestId'])}`;
      return readEnvelope(replaceRange(notification.bytes, notification.paramsAt, JSON.stringify({ ...params, requestId })));
    },
    forget(epoch) {
      const closing: Envelope[] = [];
      for (const [id, { epoch: asked }] of questions) {
        if (asked >= epoch) continue;
        questions.delete(id);
        closing.push(
          messageOf({
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: { requestId: JSON.parse(id) as unknown, reason: 'The server that asked has gone.' },
          }),
        );
      }
      return closing;
    },
  };
}
