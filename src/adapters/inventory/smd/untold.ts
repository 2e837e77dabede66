import type { Component } from '../../../core/component.ts';

/** Lists that SMD does not give: it guards them and takes no token of ours. */
export type Untold = { readonly endpoints: boolean; readonly memberships: boolean };

/**
 * A component as SMD tells of it now, with what it does not tell as it was known before: a token that ran out must not
 * take a node out of its groups. MACs are not among that: whose one is that moved meanwhile, the public lists say.
 */
export function withUntold<Made extends Component>(made: Made, known: Component | undefined, untold: Untold): Made {
  if (known === undefined) return made;
  const groups = untold.memberships ? { groups: known.groups } : {};
  if (!untold.endpoints) return { ...made, ...groups };
  const { EndpointEnabled } = known.details;
  return {
    ...made,
    ...groups,
    enabled: made.enabled && EndpointEnabled !== false,
    fqdn: known.fqdn,
    details: { ...made.details, EndpointEnabled },
  };
}
