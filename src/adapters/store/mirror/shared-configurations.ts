import type { BootConfiguration } from '../../../core/configuration.ts';
import type { Boot } from '../../../core/record.ts';

/** So many configurations are looked through for those that are no longer used, and from then on twice as many as are. */
const FEW = 1000;

/**
 * Has records whose configurations are equal share one, as long as any of them is held: a site has a few for all its nodes,
 * however they were written.
 */
export function sharedConfigurations(): (boot: Boot) => Boot {
  const known = new Map<string, WeakRef<BootConfiguration>>();
  let many = FEW;

  function forgetUnused(): void {
    for (const [id, configuration] of known) if (configuration.deref() === undefined) known.delete(id);
    many = Math.max(FEW, 2 * known.size);
  }

  return (boot) => {
    const same = known.get(boot.configurationId)?.deref();
    if (same !== undefined) return same === boot.configuration ? boot : { ...boot, configuration: same };
    if (known.size >= many) forgetUnused();
    known.set(boot.configurationId, new WeakRef(boot.configuration));
    return boot;
  };
}
