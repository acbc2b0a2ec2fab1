import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clean } from './clean.ts';
import { type Reading, readText } from './read-text.ts';

type Wanted = Partial<Omit<Reading, 'addresses'>>;

/** Real wordings by the program that makes them, where each is from, and what must be read of it. */
const FAMILIES: Readonly<Record<string, readonly (readonly [text: string, source: string, wanted: Wanted])[]>> = {
  node: [
    [
      "TypeError: fetch failed\n    at node:internal/deps/undici/undici:13502:13 {\n  [cause]: AggregateError [ECONNREFUSED]: \n      at internalConnectMultiple (node:net:1139:18) {\n    code: 'ECONNREFUSED',\n    [errors]: [\n      Error: connect ECONNREFUSED ::1:3000\n        errno: -111,\n        address: '::1',\n        port: 3000\n      Error: connect ECONNREFUSED 127.0.0.1:3000\n    ]\n  }",
      'node 22: fetch of a closed port by name',
      { errno: 'ECONNREFUSED', host: '::1', port: 3000, family: 6, runtime: 'node', layer: 'tcp' },
    ],
    [
      "{ errno: -61, syscall: 'connect', address: '192.168.1.7', port: 8080 }",
      'node on macOS: util.inspect of a system error',
      { errno: 'ECONNREFUSED', host: '192.168.1.7', port: 8080 },
    ],
    ['Error: listen EACCES: permission denied 0.0.0.0:80', 'node: listen on a privileged port', { errno: 'EACCES', port: 80 }],
    ['spawn EINVAL', 'node 20.12.2 and later on Windows: child_process of a .cmd file', { errno: 'EINVAL', layer: 'process' }],
    ['MCP error -32001: Request timed out', 'typescript-sdk: shared/protocol', { layer: 'mcp', runtime: null }],
  ],
  python: [
    [
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host='localhost', port=9200): Max retries exceeded with url: / (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))",
      'requests on urllib3 2',
      { errno: 'ECONNREFUSED', host: 'localhost', port: 9200, runtime: 'python', hop: 'server-backend' },
    ],
    [
      "urllib3.exceptions.NameResolutionError: <urllib3.connection.HTTPSConnection object at 0x1>: Failed to resolve 'api.example.test' ([Errno 8] nodename nor servname provided, or not known)",
      'urllib3 2 on macOS',
      { errno: 'ENOTFOUND', host: 'api.example.test', layer: 'dns', runtime: 'python' },
    ],
    [
      "aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host 127.0.0.1:8000 ssl:default [Connect call failed ('127.0.0.1', 8000)]",
      'aiohttp 3',
      { errno: 'ECONNREFUSED', host: '127.0.0.1', port: 8000, family: 4, runtime: 'python' },
    ],
    [
      'httpx.ConnectError: All connection attempts failed',
      'httpx on anyio: connect_tcp',
      { errno: 'ECONNREFUSED', host: null, runtime: 'python', layer: 'tcp' },
    ],
    [
      'httpx.RemoteProtocolError: Server disconnected without sending a response.',
      'httpx on h11',
      { errno: 'ECONNRESET', runtime: 'python' },
    ],
    [
      "httpx.HTTPStatusError: Client error '404 Not Found' for url 'http://localhost:8000/mcp'",
      'httpx: raise_for_status',
      { status: 404, host: 'localhost', port: 8000, layer: 'http' },
    ],
    ['socket.gaierror: [Errno -2] Name or service not known', 'CPython on Linux', { errno: 'ENOTFOUND', runtime: 'python' }],
    ['socket.gaierror: [Errno -3] Temporary failure in name resolution', 'CPython on Linux', { errno: 'EAI_AGAIN', layer: 'dns' }],
    ['OSError: [Errno 99] Cannot assign requested address', 'CPython on Linux', { errno: 'EADDRNOTAVAIL' }],
    [
      "ConnectError('[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)')",
      'httpx on CPython 3.12',
      { layer: 'tls', runtime: 'python' },
    ],
  ],
  go: [
    [
      'Post "http://localhost:8080/mcp": dial tcp [::1]:8080: connect: connection refused',
      'net/http on Linux',
      { errno: 'ECONNREFUSED', host: '::1', port: 8080, family: 6, runtime: 'go' },
    ],
    [
      'dial tcp 127.0.0.1:3000: connectex: No connection could be made because the target machine actively refused it.',
      'net on Windows',
      { errno: 'ECONNREFUSED', host: '127.0.0.1', port: 3000, runtime: 'go' },
    ],
    [
      'dial tcp: lookup mcp.example.test on 127.0.0.53:53: server misbehaving',
      'net: the Go resolver',
      { errno: 'EAI_AGAIN', host: 'mcp.example.test', runtime: 'go' },
    ],
    [
      'Get "https://10.0.0.5/": x509: certificate signed by unknown authority',
      'crypto/x509',
      { layer: 'tls', runtime: 'go', host: '10.0.0.5' },
    ],
    ['exec: "npx": executable file not found in $PATH', 'os/exec', { errno: 'ENOENT', runtime: 'go', layer: 'process' }],
    ['dial tcp 10.1.2.3:443: i/o timeout', 'net', { errno: 'ETIMEDOUT', host: '10.1.2.3', port: 443 }],
  ],
  rust: [
    [
      'error sending request for url (http://127.0.0.1:8080/mcp): client error (Connect): tcp connect error: Connection refused (os error 111)',
      'reqwest 0.12 on Linux',
      { errno: 'ECONNREFUSED', host: '127.0.0.1', port: 8080, runtime: 'rust', layer: 'tcp' },
    ],
    [
      'tcp connect error: Es konnte keine Verbindung hergestellt werden (os error 10061)',
      'hyper on a German Windows',
      { errno: 'ECONNREFUSED', runtime: 'rust' },
    ],
    [
      'dns error: failed to lookup address information: nodename nor servname provided, or not known',
      'reqwest on macOS',
      { errno: 'ENOTFOUND', layer: 'dns' },
    ],
    ['hyper::Error(IncompleteMessage)', 'hyper', { errno: 'ECONNRESET', runtime: 'rust' }],
    ['invalid peer certificate: UnknownIssuer', 'rustls', { layer: 'tls' }],
    ['Os { code: 2, kind: NotFound, message: "No such file or directory" }', 'std: Debug of io::Error', { errno: 'ENOENT' }],
  ],
  java: [
    [
      'java.net.ConnectException: Connection refused: localhost/127.0.0.1:8080',
      'netty on the JDK',
      { errno: 'ECONNREFUSED', port: 8080, runtime: 'java' },
    ],
    ['java.net.UnknownHostException: mcp.example.test', 'JDK', { errno: 'ENOTFOUND', host: 'mcp.example.test', runtime: 'java' }],
    ['java.net.SocketTimeoutException: Connect timed out', 'JDK 17', { errno: 'ETIMEDOUT', runtime: 'java' }],
    [
      'javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target',
      'JDK',
      { layer: 'tls', runtime: 'java' },
    ],
    [
      'java.io.IOException: Cannot run program "npx": error=2, No such file or directory',
      'JDK: ProcessBuilder',
      { errno: 'ENOENT', runtime: 'java' },
    ],
    [
      'java.io.IOException: Server returned HTTP response code: 503 for URL: http://localhost:8080/sse',
      'JDK: HttpURLConnection',
      { status: 503, transport: 'sse', port: 8080 },
    ],
  ],
  dotnet: [
    [
      'System.Net.Http.HttpRequestException: No connection could be made because the target machine actively refused it. (localhost:5000)\n ---> System.Net.Sockets.SocketException (10061): No connection could be made',
      '.NET 8 on Windows',
      { errno: 'ECONNREFUSED', host: 'localhost', port: 5000, runtime: 'dotnet' },
    ],
    ['System.Net.Sockets.SocketException (111): Connection refused', '.NET 8 on Linux', { errno: 'ECONNREFUSED', runtime: 'dotnet' }],
    [
      'System.Net.Sockets.SocketException (11001): Der angegebene Host ist unbekannt.',
      '.NET on a German Windows',
      { errno: 'ENOTFOUND', runtime: 'dotnet' },
    ],
    [
      'Response status code does not indicate success: 401 (Unauthorized).',
      '.NET: EnsureSuccessStatusCode',
      { status: 401, layer: 'http' },
    ],
    [
      'System.ComponentModel.Win32Exception (2): The system cannot find the file specified.',
      '.NET: Process.Start',
      { errno: 'ENOENT', runtime: 'dotnet' },
    ],
  ],
  tools: [
    [
      'npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/no-such - Not found',
      'npm 10',
      { runtime: 'npm', status: 404 },
    ],
    ['error: Failed to spawn: `server`\n  Caused by: No such file or directory (os error 2)', 'uv', { errno: 'ENOENT', runtime: 'uv' }],
    [
      'docker: Error response from daemon: driver failed programming external connectivity on endpoint mcp: Bind for 0.0.0.0:3000 failed: port is already allocated.',
      'Docker Engine',
      { errno: 'EADDRINUSE', runtime: 'docker' },
    ],
    ['curl: (56) Recv failure: Connection reset by peer', 'curl', { errno: 'ECONNRESET', runtime: 'curl' }],
    ['curl: (22) The requested URL returned error: 403', 'curl -f', { status: 403, runtime: 'curl' }],
    ['::1 - - [28/Nov/2026:10:00:00 +0000] "POST /mcp HTTP/1.1" 404 153', 'access log of nginx', { status: 404, transport: 'http' }],
    ['[GIN] 2026/11/28 - 10:00:00 | 502 |      1.2ms |       127.0.0.1 | POST     "/mcp"', 'gin', { status: 502 }],
    [
      'GET http://localhost:3000/mcp net::ERR_CONNECTION_REFUSED',
      'Chromium',
      { errno: 'ECONNREFUSED', host: 'localhost', port: 3000, runtime: 'browser' },
    ],
  ],
};

for (const [family, wordings] of Object.entries(FAMILIES)) {
  describe(family, () => {
    for (const [text, source, wanted] of wordings) {
      test(`${source}: ${text.split('\n')[0]?.slice(0, 70) ?? ''}`, () => {
        const reading = readText(clean(text));
        for (const [key, value] of Object.entries(wanted)) assert.deepEqual(reading[key as keyof Reading], value, key);
      });
    }
  });
}

/** The sentences of Windows (FormatMessage) and glibc, by language. The first column is the code that each stands for. */
const TRANSLATIONS: readonly (readonly [errno: string, ...sentences: string[]])[] = [
  [
    'ECONNREFUSED',
    'Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte',
    'Aucune connexion n’a pu être établie car l’ordinateur cible l’a expressément refusée',
    'No se puede establecer una conexión ya que el equipo de destino denegó expresamente dicha conexión',
    '対象のコンピューターによって拒否されたため、接続できませんでした。',
    '由于目标计算机积极拒绝，无法连接。',
    'Verbindungsaufbau abgelehnt',
    'Connexion refusée',
    '拒绝连接',
  ],
  [
    'ETIMEDOUT',
    'Ein Verbindungsversuch ist fehlgeschlagen, da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat',
    'Une tentative de connexion a échoué car le parti connecté n’a pas répondu convenablement au-delà d’une certaine durée',
    'Se produjo un error durante el intento de conexión ya que la parte conectada no respondió adecuadamente tras un periodo de tiempo',
    '接続済みの呼び出し先が一定の時間を過ぎても正しく応答しなかったため、接続できませんでした。',
    '由于连接方在一段时间后没有正确答复或连接的主机没有反应，连接尝试失败。',
  ],
  [
    'ENOTFOUND',
    'Der angegebene Host ist unbekannt.',
    'Cet hôte est inconnu.',
    'Host desconocido.',
    'そのようなホストは不明です。',
    '不知道这样的主机。',
    'Der Name oder der Dienst ist nicht bekannt',
  ],
  [
    'ENOENT',
    'Das System kann die angegebene Datei nicht finden.',
    'Le fichier spécifié est introuvable.',
    'El sistema no puede encontrar el archivo especificado.',
    '指定されたファイルが見つかりません。',
    '系统找不到指定的文件。',
    'Der Befehl "npx" ist entweder falsch geschrieben oder konnte nicht gefunden werden.',
    "'npx' 不是内部或外部命令，也不是可运行的程序",
  ],
  ['EACCES', 'Zugriff verweigert', 'Accès refusé.', 'Acceso denegado.', 'アクセスが拒否されました。', '拒绝访问。'],
  [
    'EADDRINUSE',
    'Normalerweise darf jede Socketadresse (Protokoll, Netzwerkadresse oder Anschluss) nur jeweils einmal verwendet werden',
    'Une seule utilisation de chaque adresse de socket (protocole/adresse réseau/port) est habituellement autorisée',
    'Sólo se permite un uso de cada dirección de socket (protocolo/dirección de red/puerto)',
    '通常、各ソケット アドレスに対してプロトコル、ネットワーク アドレス、またはポートのどれか 1 つのみを使用できます。',
    '通常每个套接字地址(协议/网络地址/端口)只允许使用一次。',
  ],
  [
    'ECONNRESET',
    'Eine vorhandene Verbindung wurde vom Remotehost geschlossen',
    'Une connexion existante a dû être fermée par l’hôte distant',
    '既存の接続はリモート ホストに強制的に切断されました。',
    '远程主机强迫关闭了一个现有的连接。',
  ],
];

for (const [errno, ...sentences] of TRANSLATIONS) {
  for (const sentence of sentences) test(`${errno} in another language: ${sentence}`, () => assert.equal(readText(sentence).errno, errno));
}

test('a number says more than the garbled sentence beside it', () => {
  assert.equal(readText('ConnectionRefusedError: [WinError 10061] \u00d3\u00c9\u00d3\u00da\u00c4\u00bf\u00b1\u00ea').errno, 'ECONNREFUSED');
  assert.equal(readText('PermissionError: [WinError 5] ����').errno, 'EACCES');
  assert.equal(readText('System.Exception: 0x8007274D').errno, 'ECONNREFUSED');
});

test('the first error of a text is the one that is read, what is said about it afterwards comes second', () => {
  const { errno, errnos } = readText('npm error ENOTFOUND registry.example.test\nretrying\nError: connect ETIMEDOUT 10.0.0.1:443');
  assert.equal(errno, 'ENOTFOUND');
  assert.deepEqual(errnos, ['ENOTFOUND', 'ETIMEDOUT']);
  const other = readText('Error: connect ETIMEDOUT 10.0.0.1:443\nretrying\nnpm error ENOTFOUND registry.example.test\n[Errno 111]');
  assert.deepEqual(other.errnos, ['ETIMEDOUT', 'ENOTFOUND', 'ECONNREFUSED']);
});

test('an AggregateError names all its addresses', () => {
  const { addresses } = readText('AggregateError: connect ECONNREFUSED ::1:8000, connect ECONNREFUSED 127.0.0.1:8000');
  assert.deepEqual(addresses, [
    { host: '::1', port: 8000, family: 6 },
    { host: '127.0.0.1', port: 8000, family: 4 },
  ]);
});
