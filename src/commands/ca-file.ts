import { UsageError } from '../model/errors.ts';
import { readPemFile } from '../system/pem-file.ts';

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'the file may not be read by this user',
  EISDIR: 'this is a folder, not a file',
};

/** Makes sure that a file holds certificates. Throws UsageError. */
export async function checkCaFile(file: string): Promise<void> {
  const found = await readPemFile(file);
  switch (found.kind) {
    case 'usable':
      return;
    case 'unreadable':
      throw new UsageError(
        found.code === 'ENOENT' ? 'no-such-file' : 'unreadable-file',
        `--ca ${file}: ${READ_ERRORS[found.code] ?? `it cannot be read (${found.code})`}.`,
      );
    case 'no-certificate':
      throw new UsageError('invalid-ca', `--ca ${file}: no certificate in it. A PEM file with -----BEGIN CERTIFICATE----- is needed.`);
    case 'broken-certificate':
      throw new UsageError('invalid-ca', `--ca ${file}: certificate number ${found.number} in it cannot be parsed.`);
  }
}
