import type { Component } from '../../core/component.ts';
import { toComponent } from './smd/to-component.ts';

/**
 * The set of `HSM_URL=mem:`, for trying things out: four compute nodes and one that is disabled. Their addresses are
 * from the block that is set aside for documentation, so that nobody's real one is among them.
 */
export function cannedComponents(): Component[] {
  return [0, 1, 2, 3, 4].flatMap((node) => {
    const said = { Type: 'Node', State: 'Ready', Flag: 'OK', NetType: 'Sling', Arch: 'X86', Class: 'River' };
    const component = { ...said, ID: `x0c0s${node}b0n0`, NID: node + 1, Role: 'Compute', Enabled: node < 4 };
    return (
      toComponent({
        component,
        macs: [`02:00:00:00:00:0${node}`],
        addresses: [`192.0.2.${node + 1}`],
        groups: [],
        endpointEnabled: true,
        fqdn: `nid000${node + 1}.local`,
      }) ?? []
    );
  });
}
