import { type BootConfiguration, isEmptyConfiguration, patchConfiguration } from '../configuration.ts';
import { ServiceError } from '../errors.ts';
import { updatePhoneHome } from '../phone-home.ts';
import type { Boot } from '../record.ts';
import type { RecordRequest } from '../record-request.ts';
import { each, type Steps } from '../steps.ts';
import { type NodeTarget, resolver } from '../target.ts';
import { firstWithoutRecord, hasRecord, type NodeWrite, namedGroups, type Plan, type Stored } from './planned.ts';

const LEAVES_NOTHING = 'the change would leave a record without kernel, initrd, params and cloud-init';

/** PATCH: changes what the request says in every record it names, or `not_found` when any of it has none. */
export function* planPatch(request: RecordRequest, targets: readonly NodeTarget[], stored: Stored): Steps<Plan> {
  // Before anything else: a record that is not there says more than what would become of the others.
  const missing = firstWithoutRecord(request.tags, targets, stored);
  if (missing !== undefined) throw new ServiceError('not_found', `${missing} has no boot parameters`);

  // Many nodes share a configuration: each is patched once.
  const patched = new Map<string, BootConfiguration>();
  const patchOf = ({ configurationId, configuration }: Boot): BootConfiguration => {
    const known = patched.get(configurationId);
    if (known !== undefined) return known;
    const result = patchConfiguration(configuration, request.patch);
    // One that says nothing but phone-home has nothing to lose.
    if (isEmptyConfiguration(result) && !isEmptyConfiguration(configuration))
      throw new ServiceError('invalid', LEAVES_NOTHING);
    patched.set(configurationId, result);
    return result;
  };

  const resolvedOf = resolver(targets);
  const writes = new Map<string, NodeWrite>();
  yield* each(stored.nodesOf, (nodes, at) => {
    const target = targets[at];
    if (target === undefined) return;
    const records = nodes.filter(hasRecord);
    // Of several records of one node only one may be taken for it in the store.
    const holder = records.find(({ resolved }) => resolved === target.resolved) ?? records[0];
    for (const node of records) {
      const { id, xname, mac, nid, resolved, boot } = node;
      writes.set(id, {
        ...{ id, xname, mac, nid },
        resolved: node === holder ? resolvedOf(target, resolved) : undefined,
        phoneHome: updatePhoneHome(node.phoneHome, request.phoneHome),
        configuration: patchOf(boot),
        referralToken: boot.referralToken,
      });
    }
  });

  return {
    nodes: [...writes.values()],
    groups: namedGroups(request.tags, stored.groups).map(({ id, name, boot, priority: old }) => {
      const priority = request.priority ?? old;
      return { id, name, priority, configuration: patchOf(boot), referralToken: boot.referralToken };
    }),
    removeNodes: [],
    removeGroups: [],
  };
}
