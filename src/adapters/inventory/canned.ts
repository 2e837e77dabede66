import type { Component } from '../../core/component.ts';
import { toComponent } from './smd/to-component.ts';

/** The set of `HSM_URL=mem:`, for trying things out: four compute nodes and one that is disabled. */
export function cannedComponents(): Component[] {
  return [0, 1, 2, 3, 4].flatMap((node) => {
    const entry = { ID: `x0c0s${node}b0n0`, NID: node + 1, Role: 'Compute', Enabled: node < 4 };
    return (
      toComponent({
        component: entry,
        macs: [`02:00:00:00:00:0${node}`],
        groups: [],
        fqdn: `nid000${node + 1}.local`,
      }) ?? []
    );
  });
}
