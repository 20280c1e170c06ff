import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KEYSTORE_PASSWORD } from './server-properties.ts';

export interface Certificate {
  /** For the broker: PKCS12. */
  keystore: string;
  /** For clients: PEM. */
  ca: string;
}

/** A key of the broker's own, for 127.0.0.1, that is good for a day. */
export async function certificate(dir: string): Promise<Certificate> {
  const keystore = join(dir, 'keystore.p12');
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', KEYSTORE_PASSWORD, '-alias', 'broker'];
  const key = ['-keyalg', 'EC', '-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-validity', '1'];
  const keytool = promisify(execFile);
  await keytool('keytool', ['-genkeypair', ...store, ...key]);
  const { stdout: ca } = await keytool('keytool', ['-exportcert', '-rfc', ...store]);
  return { keystore, ca };
}
