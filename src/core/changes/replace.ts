import type { BootConfiguration } from '../configuration.ts';
import { updatePhoneHome } from '../phone-home.ts';
import type { RecordRequest } from '../record-request.ts';
import { each, type Steps } from '../steps.ts';
import { type NodeTarget, resolver } from '../target.ts';
import { groupsByName, hasRecord, type Makings, type NodeWrite, type Plan, type Stored } from './planned.ts';

/** PUT: the whole configuration for all that the request names; what is not stored is created. */
export function* planReplace(
  request: RecordRequest,
  configuration: BootConfiguration,
  targets: readonly NodeTarget[],
  stored: Stored,
  { newId, referralToken }: Makings,
): Steps<Plan> {
  const writes = new Map<string, NodeWrite>();
  const merged = new Set<string>();
  const resolvedOf = resolver(targets);
  yield* each(stored.nodesOf, (nodes, at) => {
    const target = targets[at];
    if (target === undefined) return;
    const [first, ...others] =
      nodes.length < 2 ? nodes : nodes.toSorted((a, b) => Number(hasRecord(b)) - Number(hasRecord(a)));
    // The identifier first stored is kept, or all by which it was added by hand; under what a node phoned home, no
    // client has stored it.
    const { xname, mac, nid } =
      first !== undefined && (hasRecord(first) || first.phoneHome === undefined) ? first : target.keep;
    const write: NodeWrite = {
      id: first?.id ?? newId(),
      xname,
      mac,
      nid,
      resolved: resolvedOf(target, first?.resolved),
      phoneHome: updatePhoneHome(nodes.find(({ phoneHome }) => phoneHome !== undefined)?.phoneHome, request.phoneHome),
      configuration,
      referralToken,
    };
    if (!merged.has(write.id)) writes.set(write.id, write);
    // A node that has come to have several records has one from now on.
    for (const { id } of others) if (!writes.has(id)) merged.add(id);
  });

  const groups = groupsByName(stored.groups);
  return {
    nodes: [...writes.values()],
    groups: [...new Set(request.tags)].map((name) => {
      const old = groups.get(name);
      return {
        id: old?.id ?? newId(),
        name,
        priority: request.priority ?? old?.priority ?? 0,
        configuration,
        referralToken,
      };
    }),
    removeNodes: [...merged],
    removeGroups: [],
  };
}
