import type { Hono } from 'hono';
import { isIn } from '../config/network.ts';
import type { Settings } from '../config.ts';
import { createApp } from '../http/app.ts';
import type { AppDeps } from '../http/deps.ts';
import { waitDelayOf } from './inventory-by-url.ts';

/** The application as the settings want it, on what an entry has opened. */
export function appFromSettings(
  settings: Settings,
  parts: Pick<AppDeps, 'store' | 'inventory' | 'log' | 'scriptLog' | 'runtime'>,
): Hono {
  return createApp({
    ...parts,
    script: {
      form: settings.BSS_SCRIPT_FORM,
      bootif: settings.BSS_BOOTIF,
      advertise: settings.BSS_ADVERTISE_ADDRESS,
      retryDelay: settings.BSS_RETRY_DELAY,
      waitDelay: waitDelayOf(settings),
      blockedRoles: settings.BSS_BLOCKED_ROLES.map((role) => role.toLowerCase()),
    },
    chain: {
      proto: settings.BSS_CHAIN_PROTO,
      server: settings.BSS_IPXE_SERVER,
      gatewayUri: settings.BSS_GW_URI,
    },
    isTrustedProxy: (address) => isIn(settings.BSS_TRUSTED_PROXIES, address),
  });
}
