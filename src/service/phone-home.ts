import { ServiceError } from '../core/errors.ts';
import type { Address } from '../core/identifiers/address.ts';
import { EMPTY_PHONE_HOME, type PhoneHome } from '../core/phone-home.ts';
import type { BootRecord } from '../core/record.ts';
import { orderNodes } from '../core/resolution.ts';
import type { CloudInitContext } from './cloud-init.ts';
import { seekNode } from './find-node.ts';
import { NO_CHANGE, writeUntilApplied } from './write-until-applied.ts';

/**
 * Keeps what the node at an address reports, in place of what it reported before: in its record, or, while it has none,
 * for when it has one. Answers the node's record. Throws `not_found` when nobody is known at the address.
 */
export async function keepPhoneHome(
  address: Address | undefined,
  said: Partial<PhoneHome>,
  context: CloudInitContext,
): Promise<BootRecord> {
  const sought = address && (await seekNode({ kind: 'address', address }, context));
  if (sought === undefined) throw nobody();
  const phoneHome: PhoneHome = { ...EMPTY_PHONE_HOME, ...said };
  const { nodes } = await writeUntilApplied(context.store, sought.wanted, (found) => {
    const { component, nodes } = sought.identify(found);
    const xname = component?.xname;
    if (component === undefined || xname === undefined) throw nobody();
    const ordered = orderNodes(component, nodes);
    const known = ordered.find(({ boot }) => boot !== undefined) ?? ordered[0];
    return {
      ...NO_CHANGE,
      nodes: [
        {
          id: known?.id ?? crypto.randomUUID(),
          ...(known === undefined ? { xname } : { xname: known.xname, mac: known.mac, nid: known.nid }),
          resolved: xname,
          phoneHome,
          configuration: known?.boot?.configuration,
          referralToken: known?.boot?.referralToken,
        },
      ],
    };
  });
  const hosts = nodes.map(({ resolved }) => resolved);
  return { hosts, macs: [], nids: [], configuration: nodes[0]?.configuration ?? {}, priority: 0, phoneHome };
}

function nobody(): ServiceError {
  return new ServiceError('not_found', 'no node is known at the address that this came from');
}
