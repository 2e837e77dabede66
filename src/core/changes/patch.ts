import { type BootConfiguration, canonicalConfiguration, patchConfiguration } from '../configuration.ts';
import { ServiceError } from '../errors.ts';
import { updatePhoneHome } from '../phone-home.ts';
import type { Boot, StoredGroup, StoredNode } from '../record.ts';
import type { RecordRequest } from '../record-request.ts';
import { type NodeTarget, nameOf, resolver, storedNodesOf } from '../target.ts';
import { groupsByName, hasRecord, type NodeWrite, type Plan } from './planned.ts';

const EMPTY = canonicalConfiguration({});

/** PATCH: changes what the request says in every record it names, or `not_found` when any of it has none. */
export function planPatch(
  request: RecordRequest,
  targets: readonly NodeTarget[],
  stored: { readonly nodes: readonly StoredNode[]; readonly groups: readonly StoredGroup[] },
): Plan {
  const patched = new Map<string, BootConfiguration>();
  const patchOf = ({ configurationId, configuration }: Boot): BootConfiguration => {
    const result = patched.get(configurationId) ?? patchConfiguration(configuration, request.patch);
    if (canonicalConfiguration(result) === EMPTY) {
      throw new ServiceError(
        'invalid',
        'the change would leave a record without kernel, initrd, params and cloud-init',
      );
    }
    patched.set(configurationId, result);
    return result;
  };

  requireRecords(request, targets, stored);
  const resolvedOf = resolver(targets);
  const writes = new Map<string, NodeWrite>();
  storedNodesOf(targets, stored.nodes).forEach((nodes, at) => {
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

  const groups = groupsByName(stored.groups);
  return {
    nodes: [...writes.values()],
    groups: [...groups.values()].map(({ id, name, boot, priority: old }) => {
      const priority = request.priority ?? old;
      return { id, name, priority, configuration: patchOf(boot), referralToken: boot.referralToken };
    }),
    removeNodes: [],
    removeGroups: [],
  };
}

/** Before anything else: a record that is not there says more than what would become of the others. */
function requireRecords(
  { tags }: RecordRequest,
  targets: readonly NodeTarget[],
  stored: { readonly nodes: readonly StoredNode[]; readonly groups: readonly StoredGroup[] },
): void {
  const groups = groupsByName(stored.groups);
  const targetsWithout = storedNodesOf(targets, stored.nodes).flatMap((nodes, at) => {
    const target = targets[at];
    return target === undefined || nodes.some(hasRecord) ? [] : nameOf(target);
  });
  const [missing] = [...targetsWithout, ...tags.filter((name) => !groups.has(name))];
  if (missing !== undefined) throw new ServiceError('not_found', `${missing} has no boot parameters`);
}
