import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The files of a certificate and its key, PEM both. */
export type Certificate = { readonly cert: string; readonly key: string };

/** An authority of a test's own. */
export type Authority = Certificate & {
  /** Signs a certificate for a subject: a server's for the names in it, as OpenSSL writes them, or a client's. */
  sign(subject: string, names?: string): Promise<Certificate>;
};

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const openssl = (...args: string[]): Promise<unknown> => promisify(execFile)('openssl', args);

/** Makes an authority, whose files are in a folder. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const own = { cert: at('ca.crt'), key: at('ca.key') };
  await openssl('req', '-x509', ...NEW_KEY, '-keyout', own.key, '-out', own.cert, '-days', '2', '-subj', `/CN=${name}`);
  let signed = 0;

  return {
    ...own,
    async sign(subject, names) {
      signed += 1;
      const [cert, key, request] = [at(`${signed}.crt`), at(`${signed}.key`), at(`${signed}.csr`)];
      await openssl('req', '-new', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${subject}`);
      const extensions = at(`${signed}.ext`);
      await writeFile(extensions, names === undefined ? '' : `subjectAltName=${names}\n`);
      const by = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial'];
      await openssl('x509', '-req', '-in', request, ...by, '-out', cert, '-days', '2', '-extfile', extensions);
      return { cert, key };
    },
  };
}
