import type { Exchange } from './evidence.ts';

/** Where a redirecting answer leads, in shown form; null when it does not redirect. */
export function redirectTarget({ answer, url }: Exchange): URL | null {
  const location = answer?.headers['location'];
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url) : null;
}

const LOGIN_PATH = /(?:^|[/._-])(?:log-?in|log-?on|sign-?in|signin|oauth2?|auth|authorize|sso|saml2?|openid-connect)(?:[/._-]|$)/i;
const LOGIN_HOST = /^(?:login|auth|sso|accounts?|idp|id|signin)\./i;

/** Whether a redirect leads to a page where somebody signs in: by its path, or by the name of another host. */
export function looksLikeLogin(exchange: Exchange): boolean {
  const to = redirectTarget(exchange);
  if (to === null || exchange.answer === null || exchange.answer.status < 300) return false;
  const from = new URL(exchange.url);
  if (to.hostname !== from.hostname && LOGIN_HOST.test(to.hostname)) return true;
  // The configured path itself may carry such a word; only a new one says anything.
  return to.pathname !== from.pathname && LOGIN_PATH.test(to.pathname) && !LOGIN_PATH.test(from.pathname);
}
