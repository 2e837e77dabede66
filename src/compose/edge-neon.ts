import { neonHttpDriver } from '../adapters/store/drivers/neon-http.ts';
import { nothingOpen } from '../adapters/store/drivers/request-scope.ts';
import { SettingError } from '../config.ts';
import { type OpenEdgeDatabase, requireStore } from './edge-database.ts';

/** Neon, at `DATABASE_URL`. */
export const edgeNeon: OpenEdgeDatabase = (settings) => {
  requireStore('neon', settings);
  const url = settings.DATABASE_URL;
  if (url === undefined) throw new SettingError('DATABASE_URL must be set with BSS_STORE neon');
  return { driver: neonHttpDriver(url), url, openScope: () => nothingOpen };
};
