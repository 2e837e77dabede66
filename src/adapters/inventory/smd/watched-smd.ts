import type { CallWatch } from '../../../ports/call-watch.ts';
import { watchedCall } from '../../watched-call.ts';
import type { SmdClient } from './client.ts';

/** SMD, with every call of that watched: by the name of the list, behind `all_` when the whole of that is asked for. */
export function watchedSmd(smd: SmdClient, watch: CallWatch): SmdClient {
  const watched = <Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> =>
    watchedCall(watch, name, call);
  return {
    ...smd,
    components: (filter) => watched('components', () => smd.components(filter)),
    interfaces: (filter) => watched('interfaces', () => smd.interfaces(filter)),
    endpoints: (filter) => watched('endpoints', () => smd.endpoints(filter)),
    memberships: (filter) => watched('memberships', () => smd.memberships(filter)),
    list: (name, send) => watched(`all_${name}`, () => smd.list(name, send)),
    check: () => watched('check', () => smd.check()),
  };
}
