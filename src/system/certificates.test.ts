import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { findAnchor, parseCertificate, readCertificate } from './certificates.ts';

const roots = rootCertificates.slice(0, 20).flatMap((pem) => parseCertificate(pem) ?? []);

test('roots say that they signed themselves, with dates and a name', () => {
  for (const root of roots) {
    const facts = readCertificate(root);
    assert.equal(facts.selfSigned, true, facts.subject);
    assert.equal(facts.subject, facts.issuer);
    assert.ok(Date.parse(facts.validFrom) < Date.parse(facts.validTo));
    assert.doesNotMatch(facts.subject, /\n/);
  }
});

test('a chain that ends in a root leads to that root, and without it to none', () => {
  const [first, ...others] = roots;
  assert.ok(first);
  assert.equal(findAnchor(first, roots).anchor, readCertificate(first).subject);
  const { anchor } = findAnchor(first, others);
  assert.equal(anchor, null);
});

test('what is no certificate is null', () => {
  assert.equal(parseCertificate('no certificate'), null);
  assert.equal(parseCertificate(Buffer.alloc(40, 0x30)), null);
});
