import type { Dialect } from '../../core/dialect.ts';
import type { BootRecord } from '../../core/record.ts';
import { listHosts } from '../../service/hosts.ts';
import { listBootParameters } from '../../service/read-boot-parameters.ts';
import { componentJson } from '../component-json.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import { recordJson } from '../record-json.ts';
import type { Handler } from '../resource.ts';

/** GET of all that is known: the inventory, and the records. */
export function getDumpState(deps: AppDeps): Handler {
  return async function dumpState() {
    const [components, records] = await Promise.all([listHosts(deps), listBootParameters(deps)]);
    return json({
      Components: components.map(componentJson),
      Params: records.map((record) => dumpedJson(record, deps.dialect)),
    });
  };
}

/**
 * A record as it is dumped. Anybody may ask for this, so cloud-init's data, which may hold secrets, is left empty, as the
 * services in the field leave it. In `csm` every identifier is among the hosts, a NID as HPE names it there.
 */
function dumpedJson(record: BootRecord, dialect: Dialect): object {
  const { kernel, initrd, params } = record.configuration;
  const plain = { ...record, configuration: { kernel, initrd, params }, priority: 0, phoneHome: undefined };
  if (dialect === 'openchami') return recordJson(plain, dialect);
  const hosts = [...record.hosts, ...record.macs, ...record.nids.map((nid) => `nid${nid}`)];
  return {
    ...recordJson(plain, dialect),
    hosts: hosts.length > 0 ? hosts : undefined,
    macs: undefined,
    nids: undefined,
  };
}
