import {
  adminToken,
  clientCredentials,
  givenToken,
  type TokenSource,
  tokenFile,
} from '../adapters/inventory/smd/token-sources.ts';
import { noTokens, type SmdTokens, smdTokens } from '../adapters/inventory/smd/tokens.ts';
import { SettingError, type Settings } from '../config.ts';
import type { Log } from '../ports/log.ts';

/** How long a token server may take, in milliseconds: who waits for a look-up has to have time left for SMD. */
const TOKEN_TIMEOUT = 1000;

/** Reads a text file, where there are files. */
export type ReadFile = (path: string) => Promise<string>;

/** The tokens for SMD that the settings name a source of; none when they name no source. */
export function tokensFromSettings(settings: Settings, sharing: boolean, log: Log, readFile?: ReadFile): SmdTokens {
  const source = sourceFrom(settings, readFile);
  return source === undefined ? noTokens : smdTokens(source, sharing, log);
}

/** The first source that is set. Throws a `SettingError` for one that cannot be used as it is set. */
function sourceFrom(settings: Settings, readFile: ReadFile | undefined): TokenSource | undefined {
  const { BSS_OAUTH2_CLIENT_ID: id, BSS_OAUTH2_CLIENT_SECRET: secret } = settings;
  const { BSS_OAUTH2_PUBLIC_BASE_URL: publicUrl, BSS_OAUTH2_ADMIN_BASE_URL: adminUrl } = settings;
  const requests = { fetch: (...args: Parameters<typeof fetch>) => fetch(...args), timeoutMs: TOKEN_TIMEOUT };
  if (settings.BSS_SMD_TOKEN !== undefined) return givenToken(settings.BSS_SMD_TOKEN);
  if (settings.BSS_SMD_TOKEN_FILE !== undefined) {
    if (readFile !== undefined) return tokenFile(settings.BSS_SMD_TOKEN_FILE, readFile);
    throw new SettingError('BSS_SMD_TOKEN_FILE needs a file system, which this runtime has not');
  }
  if (id !== undefined && secret !== undefined) {
    if (publicUrl !== undefined) return clientCredentials({ baseUrl: publicUrl, id, secret }, requests);
    throw new SettingError('BSS_OAUTH2_PUBLIC_BASE_URL must be set with BSS_OAUTH2_CLIENT_ID: it says where to ask');
  }
  if (id !== undefined) throw new SettingError('BSS_OAUTH2_CLIENT_SECRET must be set with BSS_OAUTH2_CLIENT_ID');
  if (secret !== undefined) throw new SettingError('BSS_OAUTH2_CLIENT_ID must be set with BSS_OAUTH2_CLIENT_SECRET');
  return adminUrl === undefined ? undefined : adminToken(adminUrl, requests);
}
