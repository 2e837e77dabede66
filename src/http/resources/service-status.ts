import { inventoryStatus, storeStatus } from '../../service/service-status.ts';
import { VERSION } from '../../version.ts';
import type { AppDeps } from '../deps.ts';
import { json } from '../json.ts';
import type { Handler } from '../resource.ts';

/** Liveness: needs neither database nor inventory. */
export const getStatus: Handler = () => json({ 'bss-status': 'running' });

export const getVersion: Handler = () => json({ 'bss-version': VERSION });

/** Liveness, as users of boot-service probe it. */
export const getHealth: Handler = () => json({ status: 'ok', service: 'bss-edge', version: VERSION });

/** Whether the inventory answers. */
export function getInventoryStatus({ inventory, log }: AppDeps): Handler {
  return async function inventoryPart() {
    return answer({ 'bss-status-hsm': await inventoryStatus(inventory, log) });
  };
}

/** Whether the database answers. All of them are PostgreSQL, the embedded one too. */
export function getStorageStatus({ store, log }: AppDeps): Handler {
  return async function storagePart() {
    return answer({ 'bss-storage-backend': { name: 'postgres', status: await storeStatus(store, log) } });
  };
}

/** The same under the name that HPE's clients ask for. */
export function getEtcdStatus({ store, log }: AppDeps): Handler {
  return async function etcdPart() {
    return answer({ 'bss-status-etcd': await storeStatus(store, log) });
  };
}

/** All parts at once, with exactly the members that the dialect's clients know. */
export function getAllStatus({ store, inventory, dialect, log }: AppDeps): Handler {
  return async function allParts() {
    const [hsm, storage] = await Promise.all([inventoryStatus(inventory, log), storeStatus(store, log)]);
    return answer(
      dialect === 'csm'
        ? { 'bss-status': 'running', 'bss-status-etcd': storage, 'bss-status-hsm': hsm, 'bss-version': VERSION }
        : {
            'bss-status': 'running',
            'bss-status-hsm': hsm,
            'bss-storage-backend': { name: 'postgres', status: storage },
          },
    );
  };
}

/** 500 when any part is in error. */
function answer(parts: object): Response {
  const states = Object.values(parts).map((part) => (typeof part === 'object' ? part.status : part));
  return json(parts, states.includes('error') ? 500 : 200);
}
