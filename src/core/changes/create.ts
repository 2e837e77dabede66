import type { BootConfiguration } from '../configuration.ts';
import { ServiceError } from '../errors.ts';
import type { RecordRequest } from '../record-request.ts';
import { each, type Steps } from '../steps.ts';
import { type NodeTarget, nameOf } from '../target.ts';
import { groupsByName, hasRecord, type Makings, type Plan, type Stored } from './planned.ts';
import { planReplace } from './replace.ts';

/** POST: new records for all that the request names, or a `conflict` when any of it has one already. */
export function* planCreate(
  request: RecordRequest,
  configuration: BootConfiguration,
  targets: readonly NodeTarget[],
  stored: Stored,
  makings: Makings,
): Steps<Plan> {
  yield* each(stored.nodesOf, (nodes, at) => {
    const existing = nodes.find(hasRecord);
    const target = targets[at];
    if (existing === undefined || target === undefined) return;
    const [asked, under] = [nameOf(target.keep), nameOf(existing)];
    const where = asked === under ? '' : ` under ${under}`;
    throw new ServiceError('conflict', `${asked} has boot parameters already${where}: use PUT or PATCH to change them`);
  });
  const groups = groupsByName(stored.groups);
  for (const tag of request.tags) {
    if (!groups.has(tag)) continue;
    throw new ServiceError('conflict', `${tag} has boot parameters already: use PUT or PATCH to change them`);
  }
  return yield* planReplace(request, configuration, targets, stored, makings);
}
