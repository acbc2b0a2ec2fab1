import { wslRemedies, type WslWay } from '../facts/wsl-remedies.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import { answer, answered, attempt, evidence, names, NOTHING_AROUND, ready, target, tcp, unfinished } from '../model/examples.ts';
import { endpoint, failsDirectly, isLocal, openAttempts } from '../model/view.ts';
import { EXAMPLE_SETTINGS, onTheOtherSide, wsl } from '../model/wsl-examples.ts';
import { mirroredMode, wslSituation, type WslReason } from '../model/wsl-situation.ts';
import type { WslEvidence } from '../model/wsl.ts';

interface Args extends MatchBase, WslWay {
  readonly host: string;
  /** What the host in the URL is instead. */
  readonly here: string;
  /** "Windows", or the distribution. */
  readonly there: string;
  /** Where it listens over there; null where that was not told. */
  readonly listens: string | null;
  /** What the firewall of Windows was seen to do. */
  readonly filtered: string;
  readonly facts: readonly string[];
}

/** The listener is on the other side of WSL. */
export const cause = defineCause({
  id: 'wsl-boundary',
  group: 'address',
  title: 'Client and server are on two sides of WSL',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp', 'wsl'],
  hiddenBy: ['crash-on-boot', 'ipv6-localhost', 'bound-to-loopback'],
  match(found): Args | undefined {
    if (!failsDirectly(found) || openAttempts(found).length > 0 || (found.patience?.openedAfterMs ?? null) !== null) return undefined;
    const situation = wslSituation(found);
    if (situation === undefined) return undefined;
    const { target: about, wsl: seen } = found;
    const { reason, listener: there, answer: seenAnswer, door } = situation;
    return {
      certainty: seenAnswer?.ready === true ? 'proved' : 'likely',
      host: about.host,
      port: about.port,
      side: seen.side,
      here: !isLocal(found) ? 'does not lead there' : seen.side === 'linux' ? 'is the Linux of WSL' : 'is Windows',
      there: seen.side === 'linux' ? 'Windows' : `WSL (${seen.distribution ?? 'Linux'})`,
      reason,
      listens: there === null ? null : endpoint(there.address, there.port),
      filtered: filterWords(seen),
      blockedBy: blockingRule(seen),
      onIPv6: there?.address === '::1',
      answers: seenAnswer === null ? null : { url: seenAnswer.handshake.url, at: endpoint(seenAnswer.address, about.port) },
      door: door?.address ?? null,
      adapter: seen.adapter,
      file: there?.file ?? null,
      mirrored: mirroredMode(seen),
      settingsFile: seen.settings.kind === 'measured' ? seen.settings.value.file : '%USERPROFILE%\\.wslconfig',
      facts: factsOf(found),
    };
  },
  explain({ host, here, port, there, reason, listens, answers, filtered, facts }) {
    if (answers !== null) {
      return { summary: `The server runs in ${there} and answers at ${answers.at}, while ${host} ${here}.`, evidence: facts };
    }
    return {
      summary: `The listener on port ${port} is in ${there}, at ${listens ?? 'an unknown address'}: ${reason === 'windows-firewall' ? filtered : WHY[reason](host)}.`,
      evidence: facts,
    };
  },
  remedies: (args) => wslRemedies(args),
  about: `WSL 2 is a virtual machine with a network of its own. With NAT networking, its default, \`localhost\` in Linux is Linux and
\`localhost\` in Windows is Windows; only from Windows to Linux does Windows pass localhost on (\`localhostForwarding\`), and never the other way.
From Linux, Windows is reached by the default gateway, if the server listens there and Windows' firewall lets it in. With mirrored networking
(Windows 11 22H2 and newer) both sides share \`127.0.0.1\`, not \`::1\`.
mcpreach asks the other side who listens on the port (\`powershell.exe\` from Linux, \`wsl.exe\` from Windows), which networking is in effect and
what \`.wslconfig\` says, and tries a handshake at the addresses that lead there. In a container inside WSL this is not looked at.
By hand: \`wslinfo --networking-mode\`, \`ip route show default\`, \`powershell.exe -Command Get-NetTCPConnection -State Listen\` in Linux;
\`wsl.exe -l -v\`, \`wsl.exe -- ss -ltn\`, \`netsh interface portproxy show all\` in Windows.`,
  refs: [
    'https://learn.microsoft.com/en-us/windows/wsl/networking',
    'https://learn.microsoft.com/en-us/windows/wsl/wsl-config#wslconfig',
    'https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/hyper-v-firewall',
    'https://github.com/microsoft/WSL/issues/5211',
  ],
  examples,
});

const WHY: Readonly<Record<Exclude<WslReason, 'windows-firewall'>, (host: string) => string>> = {
  'windows-loopback': (host) => `that is the loopback of Windows, and ${host} does not lead there from WSL with NAT networking`,
  'windows-apart': (host) => `${host} does not lead there from inside WSL`,
  'mirrored-ipv6': () => 'mirrored networking shares 127.0.0.1 between Windows and WSL, but not ::1',
  'mirrored-address': () => 'mirrored networking shares 127.0.0.1, and the addresses of the other side only with hostAddressLoopback=true',
  'mirrored-ignored': () => 'mirrored networking leaves this port out (ignoredPorts in .wslconfig)',
  'mirrored-blocked': (host) => `mirrored networking should lead from ${host} there, and something blocks it, as the Hyper-V firewall can`,
  'forwarding-off': () => 'Windows does not pass localhost on to WSL (localhostForwarding=false in .wslconfig)',
  'forwarding-stopped': () => 'Windows should pass localhost on to WSL and does not at the moment',
  'linux-address': () => 'Windows passes localhost on only to what listens at 127.0.0.1 or at any address there',
};

function filterWords({ firewall }: WslEvidence): string {
  const seen = firewall?.kind === 'measured' && firewall.value.verdict === 'blocks' ? firewall.value : null;
  if (seen === null) return 'nothing comes back from there to WSL, as when the firewall of Windows drops it';
  if (seen.rule !== null)
    return `the firewall of Windows blocks what comes from WSL, by its rule "${seen.rule.name}" (${seen.profile} networks)`;
  return `the firewall of Windows blocks what comes from WSL, for no rule lets it in (${seen.profile} networks)`;
}

function blockingRule({ firewall }: WslEvidence): WslWay['blockedBy'] {
  return firewall?.kind === 'measured' && firewall.value.verdict === 'blocks' ? firewall.value.rule : null;
}

function factsOf(found: Evidence): readonly string[] {
  const { tcp: dialled, wsl: seen } = found;
  const { port } = found.target;
  if (seen === undefined) return [];
  const { listeners, networking, settings, attempts, handshakes } = seen;
  const there = seen.side === 'linux' ? 'Windows' : 'WSL';
  const facts = (dialled?.attempts ?? []).map(
    ({ address, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`,
  );
  if (found.machine?.sockets.kind === 'measured') facts.push(`nothing on this side listens on port ${port}`);
  if (listeners.kind === 'measured')
    for (const { address, program } of listeners.value)
      facts.push(`in ${there} ${program ?? 'a program'} listens at ${endpoint(address, port)}`);
  else facts.push(`the listeners of ${there} could not be read: ${listeners.why}`);
  for (const { address, outcome } of attempts) {
    const told = handshakes.find(({ route }) => route.kind === 'direct' && route.address === address);
    facts.push(`${endpoint(address, port)} ${outcome}${told?.result.kind === 'ready' ? ', and completes the handshake' : ''}`);
  }
  if (seen.firewall?.kind === 'not-measured') facts.push(`the firewall of Windows could not be read: ${seen.firewall.why}`);
  if (seen.firewall?.kind === 'measured' && seen.firewall.value.verdict === 'passes')
    facts.push(`the rules of Windows' own firewall let it in from WSL`);
  if (networking.kind === 'measured') facts.push(`networking of WSL: ${networking.value}`);
  if (settings.kind === 'measured' && settings.value.networkingMode !== null && networking.kind === 'measured')
    if (settings.value.networkingMode !== networking.value)
      facts.push(`${settings.value.file} asks for ${settings.value.networkingMode}, which is not in effect`);
  return facts;
}

function examples() {
  const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
  const linux = { wsl: true };
  const windows = { platform: 'win32' as const, userId: null };
  const blocked = {
    verdict: 'blocks',
    rule: { id: 'TCP Query User{1}C:\\node.exe', name: 'Node.js JavaScript Runtime', isPolicy: false },
    profile: 'public',
  } as const;
  const gateway = 'http://172.28.112.1:3000/mcp';
  const stranger = unfinished([answered('initialize', 'not-found', answer(404))], {
    route: { kind: 'direct', address: '172.28.112.1', family: 4 },
  });
  const answering = ready({ url: gateway, route: { kind: 'direct', address: '172.28.112.1', family: 4 } });
  return {
    fires: [
      {
        title: 'the server runs in Windows and answers at the gateway',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ attempts: [attempt('172.28.112.1', 'open')], handshakes: [answering] }) },
          linux,
        ),
      },
      {
        title: 'the server listens at the loopback of Windows',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ listeners: onTheOtherSide('127.0.0.1'), attempts: [attempt('172.28.112.1', 'refused')] }) },
          linux,
        ),
      },
      {
        title: 'the URL names Windows, where the server listens at its loopback',
        evidence: evidence(
          target(gateway),
          { tcp: tcp(attempt('172.28.112.1', 'timed-out')), wsl: wsl({ listeners: onTheOtherSide('127.0.0.1') }) },
          linux,
        ),
      },
      {
        title: 'the firewall of Windows drops what comes from WSL',
        evidence: evidence(target(), { ...refused, wsl: wsl({ attempts: [attempt('172.28.112.1', 'timed-out')] }) }, linux),
      },
      {
        title: 'a rule of Windows blocks the program',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ attempts: [attempt('172.28.112.1', 'timed-out')], firewall: { kind: 'measured', value: blocked } }) },
          linux,
        ),
      },
      {
        title: 'mirrored networking does not share ::1',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ networking: { kind: 'measured', value: 'mirrored' }, doors: [], listeners: onTheOtherSide('::1') }) },
          linux,
        ),
      },
      {
        title: 'mirrored networking shares the addresses of Windows only on request',
        evidence: evidence(
          target(),
          {
            ...refused,
            wsl: wsl({
              networking: { kind: 'measured', value: 'mirrored' },
              doors: [{ address: '192.168.1.20', family: 4 }],
              listeners: onTheOtherSide('192.168.1.20'),
              attempts: [attempt('192.168.1.20', 'timed-out')],
            }),
          },
          linux,
        ),
      },
      {
        title: 'Windows does not pass localhost on to Linux',
        evidence: evidence(
          target(),
          {
            ...refused,
            wsl: wsl({
              side: 'windows',
              doors: [],
              settings: { kind: 'measured', value: { ...EXAMPLE_SETTINGS, localhostForwarding: false } },
            }),
          },
          windows,
        ),
      },
    ],
    quiet: [
      {
        title: 'nobody listens on the other side either',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ listeners: onTheOtherSide(), attempts: [attempt('172.28.112.1', 'refused')] }) },
          linux,
        ),
      },
      {
        title: 'a program that is no MCP server has the port in Windows',
        evidence: evidence(
          target(),
          { ...refused, wsl: wsl({ attempts: [attempt('172.28.112.1', 'open')], handshakes: [stranger] }) },
          linux,
        ),
      },
      {
        title: 'it came up on this side while it was watched',
        evidence: evidence(
          target(),
          { ...refused, patience: { watchedMs: 900, openedAfterMs: 800, handshake: ready() }, wsl: wsl() },
          linux,
        ),
      },
    ],
  };
}
