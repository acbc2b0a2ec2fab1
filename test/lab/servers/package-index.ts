/** Package registries on this machine: npm's and PyPI's, with one server each; everything else is not found. */
import { readFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type RegistryPace, startRegistry } from '../../rig/stdio-registry.ts';
import type { Bench } from '../bench.ts';
import { interpreter } from '../places.ts';
import { scriptSource } from './stdio-script.ts';

type Environment = Readonly<Record<string, string>>;

/** npm's registry with the packages `rig-server` and, without a command, `rig-library`. Returns what makes npx use it. */
export async function npmRegistry(bench: Bench, pace: RegistryPace = 'healthy'): Promise<Environment> {
  const folder = await bench.folder();
  const registry = await startRegistry(folder, await bench.file('server.mjs', scriptSource()), pace);
  bench.later(() => registry.close());
  return { npm_config_registry: registry.url, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' };
}

/** More than comes through in the longest wait. */
const SLOW_BYTES = 50 << 20;
const CHUNK_BYTES = 64 << 10;

/** Writes a wheel and its metadata: `lab_server-1.0.0`, whose one command is a stdio server of a few lines. */
const WHEEL = `
import os, sys, zipfile
path, requires, ballast = sys.argv[1], sys.argv[2], int(sys.argv[3])
server = '''
import json, sys
def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message: continue
        method = message["method"]
        if method == "initialize": result = {"protocolVersion": message["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "lab-wheel", "version": "1"}}
        elif method == "tools/list": result = {"tools": [{"name": "add", "inputSchema": {"type": "object"}}]}
        else:
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "Method not found"}}), flush=True)
            continue
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
'''
info = "lab_server-1.0.0.dist-info/"
files = {
    "lab_server.py": server,
    info + "METADATA": "Metadata-Version: 2.1\\nName: lab-server\\nVersion: 1.0.0\\n" + (f"Requires-Python: {requires}\\n" if requires else ""),
    info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: lab\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    info + "entry_points.txt": "[console_scripts]\\nlab-server = lab_server:main\\n",
}
files[info + "RECORD"] = "".join(f"{name},,\\n" for name in ["lab_ballast.bin", *files, info + "RECORD"])
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr("lab_ballast.bin", os.urandom(ballast))
    for name, text in files.items(): wheel.writestr(name, text)
with open(path + ".metadata", "w") as metadata: metadata.write(files[info + "METADATA"])
`;

export interface IndexOptions {
  /** `slow`: the wheel drips in for ever; `mute`: takes requests and never answers. */
  readonly pace?: RegistryPace;
  /** What the package asks of Python, such as `>=3.99`. */
  readonly requiresPython?: string;
}

/** PyPI's simple index with the package `lab-server`. Returns what makes uv and pip use it. */
export async function pythonIndex(bench: Bench, { pace = 'healthy', requiresPython = '' }: IndexOptions = {}): Promise<Environment> {
  const folder = await bench.folder();
  const file = 'lab_server-1.0.0-py3-none-any.whl';
  await bench.run(interpreter('python-1'), '-c', WHEEL, join(folder, file), requiresPython, String(pace === 'slow' ? SLOW_BYTES : 0));
  const [wheel, metadata] = await Promise.all([readFile(join(folder, file)), readFile(join(folder, `${file}.metadata`))]);
  const requires = requiresPython === '' ? '' : ` data-requires-python="${requiresPython.replace('>', '&gt;')}"`;
  const handle: RequestListener = (request, response) => {
    if (pace === 'mute') return;
    if (request.url === '/simple/lab-server/') {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="/files/${file}" data-core-metadata="true"${requires}>${file}</a>`);
    } else if (request.url === `/files/${file}.metadata`) {
      response.writeHead(200).end(metadata);
    } else if (request.url !== `/files/${file}`) {
      response.writeHead(404).end();
    } else if (pace === 'healthy') {
      response.writeHead(200, { 'content-length': wheel.length }).end(wheel);
    } else {
      drip(response, wheel);
    }
  };
  const { port } = await bench.listen({ handle });
  const url = `http://127.0.0.1:${port}/simple`;
  return {
    UV_DEFAULT_INDEX: url,
    UV_CACHE_DIR: join(folder, 'cache'),
    UV_PYTHON: interpreter('python-1'),
    UV_PYTHON_DOWNLOADS: 'never',
    PIP_INDEX_URL: url,
  };
}

/** A large package on a slow line. */
function drip(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-length': body.length });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + CHUNK_BYTES));
    sent += CHUNK_BYTES;
    if (sent >= body.length) response.end();
  }, 100);
  response.on('close', () => clearInterval(timer));
}
