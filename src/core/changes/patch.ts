import { type BootConfiguration, canonicalConfiguration, patchConfiguration } from '../configuration.ts';
import { ServiceError } from '../errors.ts';
import type { Boot, StoredGroup, StoredNode } from '../record.ts';
import type { RecordRequest } from '../record-request.ts';
import { type NodeTarget, nameOf, storedNodesOf } from '../target.ts';
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

  const writes = new Map<string, NodeWrite>();
  storedNodesOf(targets, stored.nodes).forEach((nodes, at) => {
    const target = targets[at];
    const records = nodes.filter(hasRecord);
    if (target !== undefined && records.length === 0) throw missing(nameOf(target));
    for (const node of records) {
      const { id, xname, mac, nid, resolved, boot } = node;
      writes.set(id, {
        ...{ id, xname, mac, nid },
        resolved: records.length === 1 ? (target?.resolved ?? resolved) : resolved,
        phoneHome: request.phoneHome ?? node.phoneHome,
        configuration: patchOf(boot),
        referralToken: boot.referralToken,
      });
    }
  });

  const groups = groupsByName(stored.groups);
  return {
    nodes: [...writes.values()],
    groups: [...new Set(request.tags)].map((name) => {
      const group = groups.get(name);
      if (group === undefined) throw missing(name);
      const { id, boot } = group;
      const priority = request.priority ?? group.priority;
      return { id, name, priority, configuration: patchOf(boot), referralToken: boot.referralToken };
    }),
    removeNodes: [],
    removeGroups: [],
  };
}

function missing(name: string): ServiceError {
  return new ServiceError('not_found', `${name} has no boot parameters`);
}
