import { ServiceError } from '../errors.ts';
import type { StoredGroup, StoredNode } from '../record.ts';
import type { RecordRequest } from '../record-request.ts';
import { type NodeTarget, nameOf, storedNodesOf } from '../target.ts';
import { groupsByName, hasRecord, type Plan } from './planned.ts';

/** DELETE by identifiers: removes every record that the request names, or is `invalid` when any of it has none. */
export function planRemove(
  request: RecordRequest,
  targets: readonly NodeTarget[],
  stored: { readonly nodes: readonly StoredNode[]; readonly groups: readonly StoredGroup[] },
): Plan {
  const removeNodes = storedNodesOf(targets, stored.nodes).flatMap((nodes, at) => {
    const target = targets[at];
    if (target !== undefined && !nodes.some(hasRecord)) throw missing(nameOf(target));
    return nodes.map(({ id }) => id);
  });
  const groups = groupsByName(stored.groups);
  const removeGroups = request.tags.map((name) => {
    const group = groups.get(name);
    if (group === undefined) throw missing(name);
    return group.id;
  });
  return { nodes: [], groups: [], removeNodes: [...new Set(removeNodes)], removeGroups: [...new Set(removeGroups)] };
}

function missing(name: string): ServiceError {
  return new ServiceError('invalid', `${name} has no boot parameters`);
}
