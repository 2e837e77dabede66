import type { Driver } from '../adapters/store/driver.ts';
import { neonHttpDriver } from '../adapters/store/drivers/neon-http.ts';
import { nothingOpen, type RequestScope } from '../adapters/store/drivers/request-scope.ts';
import { SettingError, type Settings } from '../config.ts';

/** A Worker's way to its database. */
export type EdgeDatabase = {
  readonly driver: Driver;
  readonly url: string;
  /** Whoever works for a request does it in a scope of that. */
  openScope(): RequestScope;
};

/**
 * The way that the settings ask for, over the bindings of a Worker. It holds no connection, so requests may share it. `pg`
 * is loaded only by those who need it.
 */
export async function edgeDatabase(settings: Settings, env: Readonly<Record<string, unknown>>): Promise<EdgeDatabase> {
  if (settings.BSS_STORE === 'neon') {
    if (settings.DATABASE_URL === undefined) throw new SettingError('DATABASE_URL must be set with BSS_STORE neon');
    const url = settings.DATABASE_URL;
    return { driver: neonHttpDriver(url), url, openScope: () => nothingOpen };
  }
  if (settings.BSS_STORE !== 'hyperdrive') throw new SettingError('BSS_STORE must be neon or hyperdrive on Workers');
  const url = connectionStringOf(env.HYPERDRIVE);
  const { hyperdriveDriver } = await import('../adapters/store/drivers/hyperdrive.ts');
  const driver = hyperdriveDriver(url);
  return { driver, url, openScope: driver.openScope };
}

function connectionStringOf(binding: unknown): string {
  const isBinding = typeof binding === 'object' && binding !== null && 'connectionString' in binding;
  if (isBinding && typeof binding.connectionString === 'string') return binding.connectionString;
  throw new SettingError('BSS_STORE hyperdrive needs a Hyperdrive binding named HYPERDRIVE');
}
