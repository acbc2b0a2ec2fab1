/**
 * The same failures as Windows (FormatMessage) and glibc (its message catalogues) say them in German, French, Spanish, Portuguese,
 * Italian, Russian, Japanese, Korean and Chinese. Only looked at besides the numbers: a console of another code page garbles the words.
 * https://learn.microsoft.com/en-us/windows/win32/api/winbase/nf-winbase-formatmessage · https://translationproject.org/domain/libc.html
 */
export const TRANSLATED: readonly { readonly errno: string; readonly wording: RegExp }[] = [
  {
    errno: 'EADDRINUSE',
    wording:
      /Normalerweise darf jede Socketadresse|Adresse wird bereits verwendet|Une seule utilisation de chaque adresse de socket|Adresse déjà utilisée|permite un uso de cada dirección de socket|dirección ya se está usando|É permitida apenas uma utilização de cada endereço de soquete|通常、各ソケット アドレス|アドレスは(?:既に|すでに)使用中|通常每个套接字地址|地址已(?:在|被)使用|각 소켓 주소/i,
  },
  {
    errno: 'ECONNREFUSED',
    wording:
      /Zielcomputer die Verbindung verweigerte|Verbindungsaufbau abgelehnt|ordinateur cible l[’']a expressément refusée|Connexion refusée|equipo de destino denegó expresamente|Conexión rehusada|máquina de destino as recusou|Conexão recusada|Rifiuto persistente del computer|Connessione rifiutata|конечный компьютер отверг запрос|В соединении отказано|対象のコンピューターによって拒否|接続を拒否されました|目标计算机积极拒绝|目標電腦拒絕連線|(?:拒绝连接|连接被拒绝)|대상 컴퓨터에서 연결을 거부|연결이 거부됨/i,
  },
  {
    errno: 'ECONNRESET',
    wording:
      /vorhandene Verbindung wurde vom Remotehost geschlossen|Verbindung wurde vom Kommunikationspartner zurückgesetzt|connexion existante a dû être fermée|Connexion ré-?initialisée par le correspondant|interrupción de una conexión existente|Conexión reinicializada por la máquina remota|cancelamento de uma conexão existente|Удаленный хост принудительно разорвал|既存の接続はリモート ホストに強制的に切断|接続が相手からリセットされました|远程主机强迫关闭了一个现有的连接|连接被对(?:方|端)重(?:设|置)|현재 연결은 원격 호스트에 의해 강제로/i,
  },
  {
    errno: 'ETIMEDOUT',
    wording:
      /Gegenstelle nach einer bestimmten Zeitspanne nicht|Die Wartezeit für die Verbindung ist abgelaufen|Connexion terminée par expiration|parti connecté n[’']a pas répondu convenablement|parte conectada no respondió adecuadamente|Expiró el tiempo de conexión|componente conectado não respondeu|正しく応答しなかったため|接続がタイムアウト|连接方在一段时间后没有正确答复|连接超时|연결된 구성원으로부터 응답이 없어/i,
  },
  {
    errno: 'EHOSTUNREACH',
    wording:
      /Keine Route zum Zielrechner|Aucun chemin d'accès pour atteindre|No existe ninguna ruta hasta el|ホストへの経路がありません|没有到主机的路由/i,
  },
  {
    errno: 'ENOTFOUND',
    wording:
      /Der angegebene Host ist unbekannt|Es ist kein solcher Host bekannt|Der Name oder der Dienst ist nicht bekannt|(?:Cet hôte est|Hôte) inconnu|Nom ou service inconnu|Host desconocido|Nombre o servicio desconocido|Este host não é conhecido|Этот хост неизвестен|そのようなホストは不明|名前またはサービスが不明|不知道这样的主机|未知的名称或服务|알려진 호스트가 없습니다/i,
  },
  {
    errno: 'EAI_AGAIN',
    wording:
      /Temporärer Fehler bei der Namensauflösung|Échec temporaire dans la résolution du nom|Fallo temporal en la resolución del nombre|名前解決に一時的に失敗|域名解析(?:出现)?暂时(?:性)?(?:错误|失败)/i,
  },
  {
    errno: 'EACCES',
    wording:
      /Zugriff (?:wurde )?verweigert|Keine Berechtigung|aufgrund der Zugriffsrechte des Sockets unzulässig|Accès refusé|Permission non accordée|interdite par ses autorisations d[’']accès|Acceso denegado|Permiso denegado|no permitido por sus permisos de acceso|Acesso negado|Accesso negato|Отказано в доступе|アクセスが拒否され|許可がありません|アクセス許可で禁じられた方法|拒绝访问|权限不够|访问权限不允许的方式|액세스가 거부/i,
  },
  {
    errno: 'ENOENT',
    wording:
      /kann die angegebene Datei nicht finden|Datei oder Verzeichnis nicht gefunden|konnte nicht gefunden werden|fichier spécifié est introuvable|Aucun fichier ou dossier de ce (?:type|nom)|reconnu en tant que commande interne|no puede encontrar el archivo especificado|No existe el (?:archivo|fichero) o el directorio|se reconoce como un comando interno|não pode encontrar o arquivo especificado|não é reconhecido como um comando interno|Не удается найти указанный файл|指定されたファイルが見つかりません|そのようなファイルやディレクトリはありません|内部コマンドまたは外部コマンド|系统找不到指定的文件|没有那个文件或目录|不是内部或外部命令|지정된 파일을 찾을 수 없습니다|내부 또는 외부 명령/i,
  },
];
