import type { Dialect } from '../core/dialect.ts';
import { EMPTY_PHONE_HOME, PHONE_HOME_FIELDS, type PhoneHome } from '../core/phone-home.ts';
import type { BootRecord } from '../core/record.ts';

/**
 * A record as the API answers it: empty parts are left out, `cloud-init` is always there. HPE's clients refuse members
 * that they do not know: in `csm` no priority is shown.
 */
export function recordJson(record: BootRecord, dialect: Dialect): object {
  const { hosts, macs, nids, configuration, priority, phoneHome } = record;
  const { params, kernel, initrd, metaData, userData } = configuration;
  return {
    hosts: hosts.length > 0 ? hosts : undefined,
    macs: macs.length > 0 ? macs : undefined,
    nids: nids.length > 0 ? nids : undefined,
    params,
    kernel,
    initrd,
    'cloud-init': {
      'meta-data': metaData ?? null,
      'user-data': userData ?? null,
      'phone-home': phoneHomeJson(phoneHome ?? EMPTY_PHONE_HOME),
    },
    priority: priority === 0 || dialect === 'csm' ? undefined : priority,
  };
}

/** In the order of the services in the field, which a database does not keep. */
function phoneHomeJson(phoneHome: PhoneHome): object {
  return {
    ...Object.fromEntries(PHONE_HOME_FIELDS.map((field) => [field, phoneHome[field]])),
    pub_key_ed25519: phoneHome.pub_key_ed25519 || undefined,
  };
}
