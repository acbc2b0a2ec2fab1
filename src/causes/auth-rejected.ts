import { defineCause, type MatchBase } from '../model/cause.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import { looksLikeLogin } from '../model/redirects.ts';
import type { Remedy } from '../model/remedy.ts';
import { failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly status: number;
  readonly headers: readonly string[];
  /** The server says that the token is good and may not do this. */
  readonly lacksScope: boolean;
  readonly scopes: readonly string[];
  readonly issuers: readonly string[];
  readonly facts: readonly string[];
}

/** Credentials were sent and refused. */
export const cause = defineCause({
  id: 'auth-rejected',
  group: 'http',
  title: 'The server refuses the credential',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'ipv6-localhost'],
  match(found): Args | undefined {
    const { target, hostGuard } = found;
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null || !target.sendsCredentials) return undefined;
    const { last, handshake, layer } = way;
    const refused = last.meaning === 'auth-required' || (last.meaning === 'redirect' && looksLikeLogin(last));
    const accepted = hostGuard !== undefined && (hostGuard.acceptedHost !== null || hostGuard.acceptedWithoutOrigin);
    if (!refused && (last.meaning !== 'forbidden' || accepted)) return undefined;
    const challenge = way.last.answer.headers['www-authenticate'] ?? '';
    return {
      certainty: last.meaning === 'auth-required' ? 'proved' : 'likely',
      layer,
      at: last.url,
      status: way.last.answer.status,
      headers: target.headerNames,
      lacksScope: /error="?insufficient_scope/i.test(challenge),
      scopes: handshake.authorization?.scopes ?? [],
      issuers: handshake.authorization?.issuers ?? [],
      facts: [...readyWords(handshake), exchangeWords(last), ...(challenge === '' ? [] : [`it says: ${challenge}`])],
    };
  },
  explain({ at, status, headers, lacksScope, scopes, issuers, facts }) {
    const sent = headers.length === 0 ? 'credentials of the URL' : `header${headers.length === 1 ? '' : 's'} ${headers.join(', ')}`;
    const lines = [...facts, `sent: ${sent}`, ...(issuers.length === 0 ? [] : [`tokens come from ${issuers.join(', ')}`])];
    if (lacksScope)
      return {
        summary: `${at} accepts the token, but it lacks a permission${scopes.length === 0 ? '' : ` (${scopes.join(' ')})`} (HTTP ${status}, insufficient_scope).`,
        evidence: lines,
      };
    return {
      summary: `${at} refuses the credential that was sent (HTTP ${status}): it is wrong, expired, or meant for another server.`,
      evidence: lines,
    };
  },
  remedies({ lacksScope, scopes, issuers }) {
    const from = issuers.length === 0 ? '' : ` from ${issuers[0]}`;
    const renew: Remedy = lacksScope
      ? { kind: 'tell', title: `Get a token${from} with the missing scopes${scopes.length === 0 ? '' : `: ${scopes.join(' ')}`}.` }
      : { kind: 'tell', title: `Get a new token${from}, or sign in again from the client, and put it into the entry's header.` };
    return [
      renew,
      {
        kind: 'tell',
        title: "Check how it is sent: 'Authorization: Bearer TOKEN' with one space and no quotes, and no variable left unexpanded.",
      },
    ];
  },
  about: `A credential arrived, and the server does not take it: it has expired, belongs to another server (audience), is sent in the wrong form, or is a
variable's name instead of its value. 403 with \`error="insufficient_scope"\` means that the token itself is good and may not do this.
mcpreach sends the configured headers and shows the status and the challenge; the values are never shown.
By hand: \`curl -i -X POST -H "Authorization: Bearer $TOKEN" URL\`.`,
  refs: [
    'https://www.rfc-editor.org/rfc/rfc6750#section-3.1',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#error-handling',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const withToken = target(undefined, { sendsCredentials: true, headerNames: ['authorization'] });
    const say = (status: number, error: string) =>
      answered('server/discover', 'auth-required', answer(status, { headers: { 'www-authenticate': `Bearer error="${error}"` } }));
    return {
      fires: [
        { title: 'an unknown token', evidence: evidence(withToken, { ...open, direct: unfinished([say(401, 'invalid_token')]) }) },
        {
          title: 'a scope is missing',
          evidence: evidence(withToken, {
            ...open,
            direct: unfinished([say(403, 'insufficient_scope')], {
              authorization: { scheme: 'Bearer', issuers: [], scopes: ['tools:read'] },
            }),
          }),
        },
        {
          title: 'a bare 403',
          evidence: evidence(withToken, { ...open, direct: unfinished([answered('initialize', 'forbidden', answer(403))]) }),
        },
        {
          title: 'only the tools refuse it',
          evidence: evidence(withToken, { ...open, direct: toolsFailed(answered('tools/list', 'auth-required', answer(403))) }),
        },
      ],
      quiet: [
        { title: 'accepted', evidence: evidence(withToken, { ...open, direct: ready() }) },
        { title: 'none was sent', evidence: evidence(target(), { ...open, direct: unfinished([say(401, 'invalid_token')]) }) },
      ],
    };
  },
});
