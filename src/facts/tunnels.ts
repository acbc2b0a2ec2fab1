import type { InterfaceKind } from '../model/routes.ts';

/** Interface names by which VPN products can be told, from their documentation and sources (2026); first match wins. */
const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/^tailscale\d*$/i, 'Tailscale'],
  [/^nordlynx$|^nordtun\d*$/i, 'NordVPN'],
  [/^(?:proton|pvpn)/i, 'Proton VPN'],
  [/^(?:wg\d*-mullvad|mullvad)/i, 'Mullvad VPN'],
  [/^(?:wt\d+|netbird\d*)$/i, 'NetBird'],
  [/^gpd\d+$|^PANGP/i, 'GlobalProtect'],
  [/^cscotun\d+$|AnyConnect|Cisco Secure Client/i, 'Cisco Secure Client'],
  [/^zt[a-z0-9]{8,}$|ZeroTier/i, 'ZeroTier'],
  [/^CloudflareWARP$|Cloudflare WARP/i, 'Cloudflare WARP'],
  [/^fctvpn|Fortinet|FortiClient/i, 'FortiClient'],
  [/^(?:zcctun\d*|Zscaler)/i, 'Zscaler'],
  [/^(?:tunsnx|snx\d*)$|Check Point Virtual/i, 'Check Point'],
  [/^(?:tun\d*_pulse|pulse\d*)$|Juniper|Pulse Secure|Ivanti/i, 'Ivanti Secure Access'],
  [/^nebula\d*$/i, 'Nebula'],
  [/^ham\d+$|Hamachi/i, 'Hamachi'],
  [/^(?:wg\d*|wg[-_].*)$|WireGuard/i, 'WireGuard'],
  [/^(?:ovpn.*|tap-windows.*)$|OpenVPN|TAP-Windows/i, 'OpenVPN'],
];

/** Names that mean a tunnel where the system does not tell the kind; each holds on at least one system. */
const KINDS: readonly (readonly [RegExp, InterfaceKind])[] = [
  [/^lo\d*$/, 'loopback'],
  [/^(?:utun|tun|gpd|cscotun|tailscale|nordlynx|CloudflareWARP|fctvpn|zcctun|nebula|wt)\d*$/, 'tun'],
  [/^wg/, 'wireguard'],
  [/^(?:tap|zt|feth)/, 'tap'],
  [/^ppp\d*$/, 'ppp'],
  [/^(?:ipsec|gif|gre|sit|ip6tnl|tunl|vti|xfrm|stf)\d*/, 'kernel-tunnel'],
  // XHC and VHC are how macOS lets USB controllers be watched.
  [/^(?:awdl|llw|anpi|ap|XHC|VHC)\d+$/, 'virtual'],
  [/^veth/, 'veth'],
  [/^(?:docker\d+|br-|virbr|bridge|podman|cni)/, 'bridge'],
];

/** The product whose interface is called (or described) so; null when it is nobody's in particular. */
export function productOf(...words: readonly string[]): string | null {
  return PRODUCTS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1] ?? null;
}

/** Descriptions of Windows adapters that are a tunnel's end. */
const DESCRIBED = /wintun|wireguard|tap-windows|tunnel|\bvpn\b|openvpn|pangp|anyconnect|secure client|zerotier|wan miniport/i;

/** What a Windows adapter is by its description. */
export function kindByDescription(description: string, isHardware: boolean): InterfaceKind {
  if (DESCRIBED.test(description) || productOf(description) !== null) return 'tun';
  if (/loopback/i.test(description)) return 'loopback';
  return isHardware ? 'physical' : 'virtual';
}

/** Tailscale's own IPv6 prefix, by which one of macOS's nameless `utun` interfaces is told from another. */
export function productByAddress(address: string): string | null {
  return /^fd7a:115c:a1e0:/i.test(address) ? 'Tailscale' : null;
}

/** What an interface of this name usually is; physical when the name says nothing. */
export function kindByName(name: string): InterfaceKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'physical';
}
