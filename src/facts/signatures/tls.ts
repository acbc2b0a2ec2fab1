import type { Signature } from './signature.ts';

/** OpenSSL's verify codes and alerts as Node, Python, Go, curl and browsers word them. */
export const TLS: readonly Signature[] = [
  {
    id: 'self-signed',
    says: 'names a certificate that is its own issuer',
    source: 'https://docs.openssl.org/3.0/man1/openssl-verification-options/',
    pattern:
      /DEPTH_ZERO_SELF_SIGNED_CERT|(?:certificate is|is) self[- ]signed\b|self[- ]signed certificate (?:error|is|rejected|although|but)|certificate verify failed: self[- ]signed certificate(?! in)|curl: \(60\)[^\n]{0,120}self[- ]signed certificate(?! in)/i,
    causes: { 'tls-self-signed': 11 },
  },
  {
    id: 'unknown-ca',
    says: 'names an issuer that is not trusted',
    source: 'https://nodejs.org/api/tls.html#x509-certificate-error-codes',
    pattern:
      /SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate in certificate chain|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to (?:get local issuer|verify the first) certificate|signed by unknown authority|UnknownIssuer|unable to find valid certification path|PKIX path building failed|UntrustedRoot|PartialChain|not trusted by the trust provider|ERR_CERT_AUTHORITY_INVALID/i,
    causes: { 'tls-unknown-ca': 11 },
  },
  {
    id: 'not-verified',
    says: 'names a certificate that is not verified',
    source: 'https://docs.python.org/3/library/ssl.html#ssl.SSLCertVerificationError',
    pattern:
      /CERTIFICATE_VERIFY_FAILED|SSL certificate (?:problem|verification failed)|certificate verify failed|x509: |SSLHandshakeException|invalid peer certificate|RemoteCertificate|The SSL connection could not be established/i,
    causes: { 'tls-unknown-ca': 3, 'tls-self-signed': 2 },
  },
  {
    id: 'cert-dates',
    says: 'names a certificate outside its dates',
    source: 'https://nodejs.org/api/tls.html#x509-certificate-error-codes',
    pattern:
      /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate has expired|expired or is not yet valid|ERR_CERT_DATE_INVALID|InvalidCertificate\(Expired\)|invalid peer certificate: Expired|CertificateExpiredException|CertificateNotYetValid|NotTimeValid/i,
    causes: { 'tls-expired': 13 },
  },
  {
    id: 'cert-name',
    says: 'names a certificate for another host',
    source: 'https://nodejs.org/api/errors.html#err_tls_cert_altname_invalid',
    pattern:
      /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames|Hostname mismatch|doesn't match either of|certificate is (?:not )?valid for|no alternative certificate subject name|ERR_CERT_COMMON_NAME_INVALID|cannot validate certificate for|NotValidForName|RemoteCertificateNameMismatch|No subject alternative (?:DNS name|names)|certificate not valid for name/i,
    causes: { 'tls-hostname': 13 },
  },
  {
    id: 'peer-without-tls',
    says: 'tells of a peer that does not speak TLS',
    source: 'https://docs.openssl.org/3.0/man3/ERR_error_string/',
    pattern:
      /wrong version number|packet length too long|0A00010B|0A0000C6|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PROTOCOL_ERROR|first record does not look like a TLS handshake|http request\b[^\n]{0,80}SSL routines|Unsupported or unrecognized SSL message|InvalidContentType|corrupt message of type|Cannot determine the frame size|server gave HTTP response to HTTPS client/i,
    causes: { 'wrong-scheme': 12 },
  },
  {
    id: 'plain-to-tls',
    says: 'tells of plain HTTP at a TLS port',
    source: 'https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors',
    pattern: /plain HTTP request was sent to HTTPS port|Client sent an HTTP request to an HTTPS server|malformed HTTP response "\\x15/i,
    causes: { 'wrong-scheme': 12 },
  },
  {
    id: 'tls-no-common',
    says: 'tells of TLS versions or ciphers that have nothing in common',
    source: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2',
    pattern:
      /SSLV3_ALERT_HANDSHAKE_FAILURE|sslv3 alert handshake failure|TLSV1_ALERT_PROTOCOL_VERSION|unsupported protocol(?! (?:version|scheme))\b|NO_CIPHERS|no shared cipher|ERR_SSL_VERSION_OR_CIPHER_MISMATCH|tls: (?:handshake failure|protocol version not supported)/i,
    causes: { 'tls-protocol': 9, 'tls-client-cert': 1 },
  },
  {
    id: 'client-cert',
    says: 'tells of a client certificate that is missing',
    source: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2',
    pattern:
      /certificate required|No required SSL certificate was sent|bad_certificate|tls: bad certificate|TLSV13_ALERT_CERTIFICATE_REQUIRED/i,
    causes: { 'tls-client-cert': 10 },
  },
  {
    id: 'tls-handshake',
    says: 'names a TLS handshake that failed',
    source: 'https://nodejs.org/api/errors.html#common-system-errors',
    errno: ['EPROTO'],
    causes: { 'wrong-scheme': 2, 'tls-protocol': 2 },
  },
];
