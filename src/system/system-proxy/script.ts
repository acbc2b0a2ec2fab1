/** Where a PAC file may be read from. */
import { open, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Measured } from '../../model/evidence.ts';
import { maskUrl } from '../../model/redact.ts';
import { after } from '../clock.ts';

/** Large companies' files have some hundred kilobytes. */
const MOST_BYTES = 1024 * 1024;
const FETCH_MS = 2000;

/** Text of a PAC file. Only this machine is asked for one: a file, or a server on loopback. */
export async function readScript(address: string, signal: AbortSignal): Promise<Measured<string>> {
  if (!URL.canParse(address)) return unmeasured('the address of the PAC file is no URL');
  const url = new URL(address);
  const shown = maskUrl(url);
  if (url.protocol === 'file:') return readLocal(url, shown);
  if (url.protocol === 'data:') return unmeasured('the PAC file is part of its address (data:)');
  if (url.protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return fetchText(url, shown, signal);
  return unmeasured(`the PAC file ${shown} was not fetched: mcpreach asks no other machine for one; by hand: curl -s '${shown}'`);
}

async function readLocal(url: URL, shown: string): Promise<Measured<string>> {
  // With a host in it, Windows takes it for a share of another machine.
  if (url.hostname !== '' && url.hostname !== 'localhost')
    return unmeasured(`the PAC file ${shown} was not read: it lies on another machine`);
  try {
    const path = fileURLToPath(url);
    // A pipe would keep us waiting.
    if (!(await stat(path)).isFile()) return unmeasured(`the PAC file ${shown} is no file`);
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(MOST_BYTES);
      const { bytesRead } = await file.read(buffer, 0, MOST_BYTES, 0);
      return { kind: 'measured', value: buffer.toString('utf8', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    return unmeasured(`the PAC file ${shown} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no such file'})`);
  }
}

function fetchText(url: URL, shown: string, signal: AbortSignal): Promise<Measured<string>> {
  return new Promise((resolve) => {
    const limit = new AbortController();
    const cancel = after(FETCH_MS, () => limit.abort());
    const settle = (result: Measured<string>) => {
      cancel();
      resolve(result);
    };
    const failed = (why: string) => settle(unmeasured(`the PAC file ${shown} was not to be had: ${why}`));
    const asked = request(
      url,
      { signal: AbortSignal.any([signal, limit.signal]), agent: false, headers: { accept: 'application/x-ns-proxy-autoconfig' } },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > MOST_BYTES) asked.destroy();
          else parts.push(part);
        });
        response.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? 'it broke off'));
        response.on('end', () => {
          if (response.statusCode === 200) settle({ kind: 'measured', value: Buffer.concat(parts).toString('utf8') });
          else failed(`HTTP ${response.statusCode}`);
        });
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => failed(error.name === 'AbortError' ? 'no answer' : (error.code ?? 'it failed')));
    asked.end();
  });
}

function unmeasured(why: string): { readonly kind: 'not-measured'; readonly why: string } {
  return { kind: 'not-measured', why };
}
