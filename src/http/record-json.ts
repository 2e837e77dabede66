import { EMPTY_PHONE_HOME, PHONE_HOME_FIELDS, type PhoneHome } from '../core/phone-home.ts';
import type { BootRecord } from '../core/record.ts';

/** A record as the API answers it: empty parts are left out, `cloud-init` is always there. */
export function recordJson({ hosts, macs, nids, configuration, priority, phoneHome }: BootRecord): object {
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
    priority: priority === 0 ? undefined : priority,
  };
}

/** In the order of the services in the field, which a database does not keep. */
function phoneHomeJson(phoneHome: PhoneHome): object {
  return {
    ...Object.fromEntries(PHONE_HOME_FIELDS.map((field) => [field, phoneHome[field]])),
    pub_key_ed25519: phoneHome.pub_key_ed25519 || undefined,
  };
}
