import type { Signature } from './signature.ts';

const DEBUGGING = 'https://modelcontextprotocol.io/docs/tools/debugging';

/** What people write when they tell of a failure in their own words, with no message at hand. */
export const OWN_WORDS: readonly Signature[] = [
  {
    id: 'own-not-from-elsewhere',
    says: 'tells of a server that its own machine reaches and others do not',
    source: 'https://man7.org/linux/man-pages/man7/ip.7.html',
    pattern: /\bLAN\b|\b(?:from|on|to) another (?:machine|computer|device|PC)\b|\bother (?:machines|computers|devices|PCs)\b/i,
    and: /\b(?:not|none|never|only|cannot|can't|fails?|no)\b|timed? ?out|refused/i,
    causes: { 'bound-to-loopback': 6, 'firewall-drop': 2, 'container-loopback': 1, 'host-unreachable': 1 },
  },
  {
    id: 'own-container-unreached',
    says: 'tells of a server in a container that is not reached',
    source: 'https://docs.docker.com/engine/network/port-publishing/',
    pattern: /\b(?:Docker|container|compose|Podman)\b/i,
    and: /\bnot (?:be )?(?:reach\w{0,6}|access\w{0,6}|listen\w{0,6}|available|connect\w{0,4})|(?:cannot|can't|fails? to) (?:be )?(?:connect|reach|access)/i,
    not: /Docker daemon|docker\.sock/i,
    causes: { 'container-loopback': 3, 'container-network': 3, 'container-port-unpublished': 3, 'container-not-running': 1.5 },
  },
  {
    id: 'own-not-shown',
    says: 'tells of servers or tools that do not appear in the client',
    source: DEBUGGING,
    pattern:
      /\b(?:servers?|tools?|MCPs?)\b[^\n]{0,30}\b(?:not|never|don't|doesn't|no longer)\b[^\n]{0,12}\b(?:show\w{0,4}|appear\w{0,2}|load\w{0,3}|list\w{0,3}|visible)|(?:shows?|sees?) no (?:servers?|tools?)|cannot see\b[^\n]{0,20}\bMCP|no [^\n]{0,20}\blog files?/i,
    causes: { 'config-wrong-file': 4, 'config-wrong-key': 3, 'config-needs-approval': 2, 'config-syntax': 2, 'command-not-found': 1 },
  },
  {
    id: 'own-shell-works',
    says: 'tells of a command that works in a terminal and not in the client',
    source: 'https://nodejs.org/api/child_process.html#child_processspawncommand-args-options',
    pattern: /\b(?:works?|fine|connects?|launched)\b[^\n]{0,40}\b(?:terminal|shell|command line|by hand|manually)\b/i,
    causes: { 'env-path-missing': 4, 'missing-env': 2, 'runtime-too-old': 1.5, 'stdout-pollution': 1 },
  },
  {
    id: 'own-client-differs',
    says: 'tells of a server that another client reaches',
    source: 'https://modelcontextprotocol.io/clients',
    pattern:
      /\b(?:works?|connects?|fine|ok)\b[^\n]{0,20}\b(?:in|with|from) (?:Cursor|VS ?Code|Claude|Inspector|curl|the browser|another client|other clients)/i,
    causes: { 'wrong-transport': 3, 'client-bug': 2.5, 'protocol-version': 1.5, 'proxy-intercepts': 1 },
  },
  {
    id: 'own-cannot-connect',
    says: 'says no more than that there is no connection',
    source: DEBUGGING,
    summary: true,
    pattern:
      /\b(?:can ?not|can't|could ?n[o']t|fails? to|unable to|does ?n[o']t|never)\b[^\n]{0,12}\b(?:connects?|reach(?:ed)?|start)\b|\bnot (?:be )?reach(?:ed|able)\b|(?:shown?|appears?) as (?:disconnected|failed)/i,
    causes: { 'server-not-running': 1.5, 'wrong-port': 0.8, 'wrong-transport': 0.6, 'crash-on-boot': 0.6, 'command-not-found': 0.5 },
  },
  {
    id: 'own-node-version',
    says: 'names an old version of Node or Python',
    source: 'https://nodejs.org/en/about/previous-releases',
    pattern: /\bNode(?:\.js|JS)?(?: version)?:? v?(?:[0-9]|1[0-8])\.\d|\bPython(?: version)?:? (?:2\.\d|3\.[0-9])(?:\.\d{1,2})?\b/i,
    causes: { 'runtime-too-old': 6 },
  },
];
