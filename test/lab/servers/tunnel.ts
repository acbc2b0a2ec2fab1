/** The program behind a tun or tap device, as a VPN client is one: it loses, refuses or really carries what enters. */
import type { Bench, Program } from '../bench.ts';

/** Python, because Node has no ioctl to take the device with. */
const SOURCE = String.raw`
import fcntl, os, select, socket, struct, sys
TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454ca, 1, 2, 0x1000
kind, name, mode, *rest = sys.argv[1:]
tun = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tun, TUNSETIFF, struct.pack('16sH', name.encode(), (IFF_TAP if kind == 'tap' else IFF_TUN) | IFF_NO_PI))
print('ready', flush=True)

def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data if len(data) % 2 == 0 else data[:-1]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

def ipv4(protocol, source, destination, payload):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + payload

gateway = socket.inet_aton('10.8.0.1')

if mode == 'relay':
    local, remote, limit = rest[0], rest[1], int(rest[2]) if len(rest) > 2 else 65535
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind((local, 1194))
    while True:
        ready, _, _ = select.select([tun, wire], [], [])
        if tun in ready:
            packet = os.read(tun, 65535)
            if len(packet) <= limit:
                try:
                    wire.sendto(packet, (remote, 1194))
                except OSError:
                    pass
        if wire in ready:
            try:
                packet = wire.recv(65535)
            except OSError:
                continue
            if len(packet) <= limit:
                os.write(tun, packet)

while True:
    ready, _, _ = select.select([tun], [], [], 0.2 if mode == 'chatter' else None)
    if mode == 'chatter':
        # Somebody else's datagram, so that the tunnel is seen to work.
        try:
            os.write(tun, ipv4(17, gateway, socket.inet_aton('10.8.0.2'), struct.pack('!HHHH', 9, 9, 8, 0)))
        except OSError:
            pass # not up yet
    if not ready:
        continue
    packet = os.read(tun, 65535)
    if packet[0] >> 4 != 4 or packet[9] != 6:
        continue
    source, destination = packet[12:16], packet[16:20]
    if mode == 'icmp':
        body = struct.pack('!BBHI', 3, int(rest[0]), 0, 0) + packet[:28]
        os.write(tun, ipv4(1, gateway, source, body[:2] + struct.pack('!H', checksum(body)) + body[4:]))
    if mode == 'reset' or mode == 'refuse':
        ports, sequence = packet[20:24], struct.unpack('!I', packet[24:28])[0]
        segment = ports[2:] + ports[:2] + struct.pack('!IIBBHHH', 0, sequence + 1, 0x50, 0x14, 0, 0, 0)
        whole = destination + source + struct.pack('!HH', 6, len(segment)) + segment
        os.write(tun, ipv4(6, destination, source, segment[:16] + struct.pack('!H', checksum(whole)) + segment[18:]))
`;

export interface TunnelOptions {
  readonly name: string;
  /** Default: tun. */
  readonly kind?: 'tun' | 'tap';
  /** What becomes of packets: lost; lost while others arrive; answered by ICMP of that code, or a refusal; carried to the peer's tunnel. */
  readonly does: readonly ['swallow'] | readonly ['chatter'] | readonly ['icmp', string] | readonly ['refuse'] | readonly string[];
  /** The address of this end. Default: 10.8.0.2/24. */
  readonly address?: string;
  /** Networks that are routed into it. */
  readonly carries?: readonly string[];
  readonly mtu?: number;
  /** On the peer's side. */
  readonly there?: boolean;
}

/** A tunnel that is up: a real device with a real program on its other side. */
export async function openTunnel(bench: Bench, options: TunnelOptions): Promise<Program> {
  const { name, kind = 'tun', does, address = '10.8.0.2/24', carries = [], mtu = 1500, there = false } = options;
  const script = await bench.file('tunnel.py', SOURCE);
  const program = await bench.program('python3', [script, kind, name, ...does], { until: /^ready$/m, there });
  const run = there ? bench.runThere : bench.run;
  await run('ip', 'address', 'add', address, 'dev', name);
  await run('ip', 'link', 'set', name, 'mtu', String(mtu), 'up');
  for (const network of carries) await run('ip', 'route', 'add', network, 'dev', name);
  return program;
}

/** A tunnel that really carries: both ends, with the peer's at 10.8.0.1. `limit` loses longer packets without a word. */
export async function openTunnelToPeer(
  bench: Bench,
  options: Pick<TunnelOptions, 'name' | 'carries' | 'mtu'> & { readonly limit?: number },
) {
  const limit = options.limit === undefined ? [] : [String(options.limit)];
  const mtu = options.mtu ?? 1500;
  await openTunnel(bench, { name: 'inner', mtu, does: ['relay', '10.77.0.2', '10.77.0.1', ...limit], address: '10.8.0.1/24', there: true });
  return openTunnel(bench, { ...options, does: ['relay', '10.77.0.1', '10.77.0.2', ...limit] });
}
