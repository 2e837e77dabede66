import { hyperdriveDriver } from '../adapters/store/drivers/hyperdrive.ts';
import { SettingError } from '../config.ts';
import { type OpenEdgeDatabase, requireStore } from './edge-database.ts';

/** Any PostgreSQL, through the binding `HYPERDRIVE`. */
export const edgeHyperdrive: OpenEdgeDatabase = (settings, env) => {
  requireStore('hyperdrive', settings);
  const url = connectionStringOf(env.HYPERDRIVE);
  const driver = hyperdriveDriver(url);
  return { driver, url, openScope: driver.openScope };
};

function connectionStringOf(binding: unknown): string {
  const isBinding = typeof binding === 'object' && binding !== null && 'connectionString' in binding;
  if (isBinding && typeof binding.connectionString === 'string') return binding.connectionString;
  throw new SettingError('BSS_STORE hyperdrive needs a Hyperdrive binding named HYPERDRIVE');
}
