import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, ready, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import { looksLikeLogin, redirectTarget } from '../model/redirects.ts';
import type { Remedy } from '../model/remedy.ts';
import { type Failed, failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly status: number;
  readonly scheme: string | null;
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
  /** The page a redirect leads to. */
  readonly login: string | null;
  readonly facts: readonly string[];
}

/** The server wants a credential, and none was sent. */
export const cause = defineCause({
  id: 'auth-required',
  group: 'http',
  title: 'The server asks for a credential',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'ipv6-localhost'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way === undefined || way.last.answer === null || found.target.sendsCredentials) return undefined;
    const certainty = askedFor(found, way);
    if (certainty === undefined) return undefined;
    const { handshake, last, layer } = way;
    const { authorization } = handshake;
    const challenge = way.last.answer.headers['www-authenticate'];
    return {
      certainty,
      layer,
      at: last.url,
      status: way.last.answer.status,
      scheme: authorization?.scheme ?? challenge?.match(/^\s*([\w-]+)/)?.[1] ?? null,
      issuers: authorization?.issuers ?? [],
      scopes: authorization?.scopes ?? [],
      login: last.meaning === 'redirect' ? (redirectTarget(last)?.href ?? null) : null,
      facts: [...readyWords(handshake), exchangeWords(last)],
    };
  },
  explain({ at, status, scheme, issuers, scopes, login, certainty, facts }) {
    const lines = [
      ...facts,
      ...(login === null ? [] : [`it redirects to ${login}`]),
      ...(scheme === null ? [] : [`it asks for ${scheme} authentication`]),
      ...(issuers.length === 0 ? [] : [`tokens come from ${issuers.join(', ')}`]),
      ...(scopes.length === 0 ? [] : [`scopes: ${scopes.join(' ')}`]),
      'no credential was sent',
    ];
    if (login !== null)
      return {
        summary: `${at} sends clients without a credential to a login page (HTTP ${status}): it must be signed in to.`,
        evidence: lines,
      };
    if (certainty === 'possible')
      return { summary: `${at} refuses the request without a reason (HTTP ${status}); probably it wants a credential.`, evidence: lines };
    const issuer = issuers[0];
    return {
      summary: `${at} asks for ${scheme === null ? 'a credential' : `${scheme} authentication`} (HTTP ${status}) and none was sent${issuer === undefined ? '' : `; ${issuer} hands out tokens`}.`,
      evidence: lines,
    };
  },
  remedies({ scheme, issuers, scopes, login }) {
    const scope = scopes.length === 0 ? '' : ` with the scopes ${scopes.join(' ')}`;
    const signIn: Remedy = {
      kind: 'tell',
      title: "Sign in from the client: it opens the browser for this server (in most clients a button or command named 'Authenticate').",
    };
    const header: Remedy = {
      kind: 'tell',
      title:
        scheme !== null && /^basic$/i.test(scheme)
          ? "Add a header 'Authorization: Basic …' with user name and password in base64 to the server's entry."
          : `Add the token${scope} as a header 'Authorization: Bearer …' to the server's entry, best by a variable and not in plain text.`,
    };
    const check: Remedy = { kind: 'tell', title: "Check a token with: mcpreach doctor URL --header 'Authorization: Bearer TOKEN'" };
    if (login !== null)
      return [
        {
          kind: 'tell',
          title:
            'A login proxy stands before the server: use the address meant for programs, or a service token of that proxy as a header.',
        },
        check,
      ];
    return issuers.length > 0 ? [signIn, header, check] : [header, signIn, check];
  },
  about: `The server answers, and refuses requests without a credential: 401 with a \`WWW-Authenticate\` challenge, 403 that asks for one, or a redirect to a
login page by a proxy in front. Since 2025-06-18 the challenge points to a document (RFC 9728) that names who hands out tokens.
mcpreach sends no credential that was not configured, shows status and challenge, and reads that document when it is on the same origin.
Which protocol revision the server speaks cannot be seen before a credential is accepted.
By hand: \`curl -i -X POST URL\` and look at \`WWW-Authenticate\`.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization',
    'https://www.rfc-editor.org/rfc/rfc9728',
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const refused = answered('server/discover', 'auth-required', answer(401, { headers: { 'www-authenticate': 'Bearer' } }));
    const authorization = { scheme: 'Bearer', issuers: ['https://login.example.com/'], scopes: ['tools'] };
    const login = answered('server/discover', 'redirect', answer(302, { headers: { location: '/login?next=***' } }));
    const forbidden = answered('server/discover', 'forbidden', answer(403));
    return {
      fires: [
        { title: '401 with a challenge', evidence: evidence(target(), { ...open, direct: unfinished([refused], { authorization }) }) },
        { title: 'a redirect to a login page', evidence: evidence(target(), { ...open, direct: unfinished([login]) }) },
        { title: 'a bare 403', evidence: evidence(target(), { ...open, direct: unfinished([forbidden]) }) },
        {
          title: 'only the tools are guarded',
          evidence: evidence(target(), { ...open, direct: toolsFailed(answered('tools/list', 'auth-required', answer(401))) }),
        },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'a credential was sent',
          evidence: evidence(target(undefined, { sendsCredentials: true }), { ...open, direct: unfinished([refused]) }),
        },
        {
          title: 'it was the Host header',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([forbidden]),
            hostGuard: { sentHost: 'localhost:3000', sentOrigin: null, acceptedHost: '127.0.0.1:3000', acceptedWithoutOrigin: false },
          }),
        },
      ],
    };
  },
});

/** How sure it is that the answer asks for a credential; undefined when it does not. */
function askedFor({ hostGuard }: Evidence, { last }: Failed): Args['certainty'] | undefined {
  if (last.meaning === 'auth-required') return 'proved';
  if (last.meaning === 'redirect') return looksLikeLogin(last) ? 'likely' : undefined;
  const accepted = hostGuard !== undefined && (hostGuard.acceptedHost !== null || hostGuard.acceptedWithoutOrigin);
  return last.meaning === 'forbidden' && !accepted ? 'possible' : undefined;
}
