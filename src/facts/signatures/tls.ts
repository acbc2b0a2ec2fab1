import type { Signature } from './signature.ts';

/** OpenSSL's verify codes and alerts as Node, Python, Go, curl and browsers word them. */
export const TLS: readonly Signature[] = [
  {
    says: 'names a certificate that is its own issuer',
    pattern:
      /DEPTH_ZERO_SELF_SIGNED_CERT|certificate verify failed: self[- ]signed certificate(?! in)|curl: \(60\)[^\n]*self[- ]signed certificate(?! in)/i,
    causes: { 'tls-self-signed': 11 },
  },
  {
    says: 'names an issuer that is not trusted',
    pattern:
      /SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate in certificate chain|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to (?:get local issuer|verify the first) certificate|signed by unknown authority|ERR_CERT_AUTHORITY_INVALID/i,
    causes: { 'tls-unknown-ca': 11 },
  },
  {
    says: 'names a certificate that is not verified',
    pattern: /CERTIFICATE_VERIFY_FAILED|SSL certificate (?:problem|verification failed)|certificate verify failed|x509: /i,
    causes: { 'tls-unknown-ca': 2, 'tls-self-signed': 1 },
  },
  {
    says: 'names a certificate outside its dates',
    pattern: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate has expired|expired or is not yet valid|ERR_CERT_DATE_INVALID/i,
    causes: { 'tls-expired': 13 },
  },
  {
    says: 'names a certificate for another host',
    pattern:
      /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames|Hostname mismatch|doesn't match either of|certificate is (?:not )?valid for|no alternative certificate subject name|ERR_CERT_COMMON_NAME_INVALID|cannot validate certificate for/i,
    causes: { 'tls-hostname': 13 },
  },
  {
    says: 'tells of a peer that does not speak TLS',
    pattern:
      /wrong version number|packet length too long|0A00010B|0A0000C6|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PROTOCOL_ERROR|first record does not look like a TLS handshake|http request\b.*SSL routines|server gave HTTP response to HTTPS client/i,
    causes: { 'wrong-scheme': 12 },
  },
  {
    says: 'tells of plain HTTP at a TLS port',
    pattern: /plain HTTP request was sent to HTTPS port|Client sent an HTTP request to an HTTPS server|malformed HTTP response "\\x15/i,
    causes: { 'wrong-scheme': 12 },
  },
  {
    says: 'tells of TLS versions or ciphers that have nothing in common',
    pattern:
      /SSLV3_ALERT_HANDSHAKE_FAILURE|sslv3 alert handshake failure|TLSV1_ALERT_PROTOCOL_VERSION|unsupported protocol\b|NO_CIPHERS|no shared cipher|ERR_SSL_VERSION_OR_CIPHER_MISMATCH|tls: (?:handshake failure|protocol version not supported)/i,
    causes: { 'tls-protocol': 9, 'tls-client-cert': 1 },
  },
  {
    says: 'tells of a client certificate that is missing',
    pattern:
      /certificate required|No required SSL certificate was sent|bad_certificate|tls: bad certificate|TLSV13_ALERT_CERTIFICATE_REQUIRED/i,
    causes: { 'tls-client-cert': 10 },
  },
  { says: 'names a TLS handshake that failed', errno: ['EPROTO'], causes: { 'wrong-scheme': 2, 'tls-protocol': 2 } },
];
