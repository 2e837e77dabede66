import type { Driver } from '../adapters/store/driver.ts';
import type { RequestScope } from '../adapters/store/drivers/request-scope.ts';
import { SettingError, type Settings } from '../config.ts';

/** What a Worker is given beside the request: variables, secrets and the other services of its account. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A Worker's way to its database. It holds no connection, so requests may share it. */
export type EdgeDatabase = {
  readonly driver: Driver;
  readonly url: string;
  /** Whoever works for a request does it in a scope of that. */
  openScope(): RequestScope;
};

/** Makes it. Throws a `SettingError` when the settings or the bindings are those of another way. */
export type OpenEdgeDatabase = (settings: Settings, env: Bindings) => EdgeDatabase;

/** How to deploy the Worker for each database. There is one for each, so that none carries the other's driver. */
const DEPLOY = { neon: 'wrangler deploy --env=""', hyperdrive: 'wrangler deploy --env hyperdrive' };

/** Refuses settings for another database than the one that this Worker was made for. */
export function requireStore(store: keyof typeof DEPLOY, { BSS_STORE: asked }: Settings): void {
  if (asked === store) return;
  if (asked !== 'neon' && asked !== 'hyperdrive') throw new SettingError(`BSS_STORE must be ${store} on this Worker`);
  throw new SettingError(
    `BSS_STORE is ${asked}, but this Worker was made for ${store}: that for ${asked} is deployed by ${DEPLOY[asked]}`,
  );
}
