import { ServiceError } from '../errors.ts';
import type { RecordRequest } from '../record-request.ts';
import { each, type Steps } from '../steps.ts';
import type { NodeTarget } from '../target.ts';
import { firstWithoutRecord, namedGroups, type Plan, type Stored } from './planned.ts';

/** DELETE by identifiers: removes every record that the request names, or is `invalid` when any of it has none. */
export function* planRemove(request: RecordRequest, targets: readonly NodeTarget[], stored: Stored): Steps<Plan> {
  const missing = firstWithoutRecord(request.tags, targets, stored);
  if (missing !== undefined) throw new ServiceError('invalid', `${missing} has no boot parameters`);
  const removeNodes = new Set<string>();
  yield* each(stored.nodesOf, (nodes) => {
    for (const { id } of nodes) removeNodes.add(id);
  });
  return {
    nodes: [],
    groups: [],
    removeNodes: [...removeNodes],
    removeGroups: namedGroups(request.tags, stored.groups).map(({ id }) => id),
  };
}
