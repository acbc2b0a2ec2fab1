/** The two sides of WSL, each asked from the other one. */
export { askLinux, ownWindows } from './linux-side.ts';
export type { OtherSide } from './side.ts';
export { askWindowsFirewall } from './windows-firewall.ts';
export { askWindows, ownPlaces } from './windows-side.ts';
