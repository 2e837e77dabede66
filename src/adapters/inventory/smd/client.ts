import * as v from 'valibot';
import type { Log, LogFields } from '../../../ports/log.ts';
import { seldomWarning } from '../../log/seldom-warning.ts';
import {
  classesAnswer,
  componentsAnswer,
  endpointsAnswer,
  interfacesAnswer,
  membershipsAnswer,
  type SmdComponent,
  type SmdEndpoint,
  type SmdInterface,
  type SmdMembership,
} from './answers.ts';
import type { SmdListName } from './assemble.ts';
import {
  readBody,
  type SmdFilter,
  type SmdOptions,
  type SmdRequests,
  smdRequests,
  smdUnavailable,
} from './requests.ts';

/**
 * What SMD is asked. Each call is one request a list, and one more for each token that SMD refuses; it throws
 * `unavailable` when there is no answer to rely on.
 */
export type SmdClient = {
  components(filter: SmdFilter): Promise<SmdComponent[]>;
  interfaces(filter: SmdFilter): Promise<SmdInterface[]>;
  /** `undefined` when SMD wants a token and takes none of ours, or has no such list. */
  endpoints(filter: SmdFilter): Promise<SmdEndpoint[] | undefined>;
  /** `undefined` when SMD wants a token and takes none of ours, or has no such list. */
  memberships(filter: SmdFilter): Promise<SmdMembership[] | undefined>;
  /**
   * A whole list of nodes, as it comes in; `undefined` when it is one that one can do without, and SMD wants a token for
   * it and takes none of ours, or has no such list.
   */
  list(name: SmdListName): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Whether SMD is well and answers sense: two small requests. */
  check(): Promise<void>;
};

const NODES = { type: 'Node' };
const PATHS = {
  components: '/State/Components',
  interfaces: '/Inventory/EthernetInterfaces',
  endpoints: '/Inventory/ComponentEndpoints',
  memberships: '/memberships',
} as const;

export function smdClient({ log, ...options }: SmdOptions & { readonly log: Log }): SmdClient {
  const requests = smdRequests(options);
  const MISSING = 'SMD does not give a list: what it held before stands, and new nodes are taken without it';
  const warnOf = { endpoints: seldomWarning(log, MISSING), memberships: seldomWarning(log, MISSING) };

  /** Such lists one can do without. */
  async function optional(list: keyof typeof warnOf, ask: SmdRequests['small'], filter: SmdFilter) {
    const answer = await ask(PATHS[list], filter);
    if (!('denied' in answer)) return answer;
    const fields: LogFields = { path: PATHS[list], status: answer.denied };
    warnOf[list](fields);
    return undefined;
  }

  async function needed(path: string, ask: SmdRequests['small'], filter: SmdFilter) {
    const answer = await ask(path, filter);
    if (!('denied' in answer)) return answer;
    throw smdUnavailable(new Error(`SMD answered ${answer.denied}`));
  }

  return {
    components: async (filter) =>
      (await parse(componentsAnswer, await needed(PATHS.components, requests.small, { ...NODES, ...filter })))
        .Components,
    interfaces: async (filter) => {
      const whose = 'MACAddress' in filter || 'IPAddress' in filter ? filter : { ...NODES, ...filter };
      return parse(interfacesAnswer, await needed(PATHS.interfaces, requests.small, whose));
    },
    endpoints: async (filter) => {
      const body = await optional('endpoints', requests.small, { ...NODES, ...filter });
      return body && (await parse(endpointsAnswer, body)).ComponentEndpoints;
    },
    memberships: async (filter) => {
      const body = await optional('memberships', requests.small, filter);
      return body && parse(membershipsAnswer, body);
    },
    list(name) {
      const filter = name === 'memberships' ? {} : NODES;
      return name === 'endpoints' || name === 'memberships'
        ? optional(name, requests.large, filter)
        : needed(PATHS[name], requests.large, filter);
    },
    async check() {
      const [classes, nobody] = await Promise.all([
        needed('/service/values/class', requests.small, {}),
        // NID 0 stands for none: as good as nothing comes back.
        needed(PATHS.components, requests.small, { ...NODES, nid: '0' }),
      ]);
      await Promise.all([parse(classesAnswer, classes), parse(componentsAnswer, nobody)]);
    },
  };
}

/** Reads an answer; what is no JSON of this shape cannot be relied on. */
async function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  body: AsyncIterable<Uint8Array>,
): Promise<v.InferOutput<Schema>> {
  try {
    return v.parse(schema, JSON.parse(new TextDecoder().decode(await readBody(body))));
  } catch (error) {
    throw smdUnavailable(error);
  }
}
