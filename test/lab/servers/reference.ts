/** Command lines of real stdio servers: the official SDKs', the reference collection's, and FastMCP's. */
import { join } from 'node:path';
import { LAB, PROGRAMS, ROOT } from '../places.ts';
import { pythonCommand } from './daemons.ts';

/** `server-everything` of npm. */
export function everything(transport: 'stdio' | 'streamableHttp' | 'sse' = 'stdio'): readonly string[] {
  return [process.execPath, join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js'), transport];
}

/** `server-filesystem` of npm, allowed to read these folders. */
export function filesystem(...folders: readonly string[]): readonly string[] {
  return [process.execPath, join(LAB, 'npm', 'node_modules', '@modelcontextprotocol', 'server-filesystem', 'dist', 'index.js'), ...folders];
}

/** A server of one of the official TypeScript SDKs. */
export function official(kind: 'v1' | 'v2' | 'v2-modern'): readonly string[] {
  return [process.execPath, join(PROGRAMS, '..', 'rig', 'stdio-servers', 'official.js'), kind];
}

/** FastMCP of Python's `mcp` 1.x or 2.x. */
export function fastMcp(version: 1 | 2): readonly string[] {
  return pythonCommand(version, 'stdio', 0);
}

/** A program of the first Python environment: a reference server of PyPI, or an installer. */
export function pythonProgram(name: 'mcp-server-time' | 'mcp-server-fetch' | 'uv' | 'uvx'): string {
  return join(LAB, 'python-1', 'bin', name);
}
