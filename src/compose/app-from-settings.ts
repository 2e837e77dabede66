import type { Hono } from 'hono';
import { jwksVerifier } from '../adapters/auth/jwks-verifier.ts';
import { s3Signer } from '../adapters/outside/s3-signer.ts';
import { scriptNotifier } from '../adapters/outside/script-notifier.ts';
import { spireJoinTokens } from '../adapters/outside/spire-join-tokens.ts';
import { isIn } from '../config/network.ts';
import type { Settings } from '../config.ts';
import { createApp } from '../http/app.ts';
import type { AppDeps } from '../http/deps.ts';
import type { Log } from '../ports/log.ts';
import { waitDelayOf } from './inventories.ts';

/** How long one request to another service may take, in milliseconds. */
const TIMEOUT = 2000;

type Parts = Pick<
  AppDeps,
  'store' | 'inventory' | 'own' | 'history' | 'log' | 'scriptLog' | 'metrics' | 'runtime' | 'document'
> & {
  /** Whether requests may wait for what another one has begun, which those of a Worker may not. */
  readonly sharing: boolean;
};

/** The application as the settings want it, on what an entry has opened. */
export function appFromSettings(settings: Settings, parts: Parts): Hono {
  return createApp(depsFromSettings(settings, parts));
}

/** What the application is made of. */
export function depsFromSettings(settings: Settings, { sharing, own, ...parts }: Parts): AppDeps {
  const calls = { timeoutMs: TIMEOUT, fetch: (...args: Parameters<typeof fetch>) => fetch(...args), log: parts.log };
  const { BSS_JWKS_URL, BSS_BOOTSCRIPT_NOTIFY_URL } = settings;
  const keys = { issuer: settings.BSS_JWT_ISSUER, audience: settings.BSS_JWT_AUDIENCE, sharing, ...calls };
  return {
    ...parts,
    // Beside an SMD there is no inventory of our own.
    own: /^https?:/i.test(settings.HSM_URL ?? '') ? undefined : own,
    dialect: settings.BSS_DIALECT,
    script: scriptSettings(settings),
    outside: outsideOf(settings, calls),
    notifier: BSS_BOOTSCRIPT_NOTIFY_URL ? scriptNotifier({ url: BSS_BOOTSCRIPT_NOTIFY_URL, ...calls }) : undefined,
    verifier: BSS_JWKS_URL ? jwksVerifier({ url: BSS_JWKS_URL, ...keys }) : undefined,
    scopes: settings.BSS_AUTH_SCOPES,
    chain: {
      proto: settings.BSS_CHAIN_PROTO,
      server: settings.BSS_IPXE_SERVER,
      gatewayUri: settings.BSS_GW_URI,
    },
    isTrustedProxy: (address) => isIn(settings.BSS_TRUSTED_PROXIES, address),
  };
}

/** HPE's clients look for the classic form, without BOOTIF. */
function scriptSettings(settings: Settings): AppDeps['script'] {
  const isCsm = settings.BSS_DIALECT === 'csm';
  return {
    form: settings.BSS_SCRIPT_FORM ?? (isCsm ? 'classic' : 'robust'),
    bootif: settings.BSS_BOOTIF ?? !isCsm,
    advertise: settings.BSS_ADVERTISE_ADDRESS,
    retryDelay: settings.BSS_RETRY_DELAY,
    waitDelay: waitDelayOf(settings),
    blockedRoles: settings.BSS_BLOCKED_ROLES.map((role) => role.toLowerCase()),
  };
}

type Calls = { readonly timeoutMs: number; readonly fetch: typeof fetch; readonly log: Log };

function outsideOf(settings: Settings, calls: Calls): AppDeps['outside'] {
  const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey, S3_REGION: region } = settings;
  const hasKeys = accessKey !== undefined && secretKey !== undefined;
  if (endpoint !== undefined && !hasKeys) {
    calls.log.warn({}, 'S3_ENDPOINT is of no use without S3_ACCESS_KEY and S3_SECRET_KEY: s3:// URIs stay as they are');
  }
  return {
    objects: endpoint !== undefined && hasKeys ? s3Signer({ endpoint, accessKey, secretKey, region }) : undefined,
    joinTokens: settings.SPIRE_TOKEN_URL ? spireJoinTokens({ url: settings.SPIRE_TOKEN_URL, ...calls }) : undefined,
  };
}
