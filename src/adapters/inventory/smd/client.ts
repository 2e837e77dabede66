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
  type SmdFilter,
  type SmdOptions,
  type SmdRequest,
  sendToSmd,
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
   * Has a whole list of nodes asked for by `send`, which also takes it in, and answers SMD's status. Answers whether it was
   * given: not when it is one that one can do without, and SMD wants a token for it and takes none of ours, or has no such
   * list.
   */
  list(name: SmdListName, send: (request: SmdRequest) => Promise<number>): Promise<boolean>;
  /** Sends a request for a list from here, until it is given up. */
  send(request: SmdRequest, given: AbortSignal): ReturnType<typeof sendToSmd>;
  /** Whether SMD is well and answers sense: two small requests. */
  check(): Promise<void>;
};

const NOTHING = new Uint8Array();
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

  /** Such lists one can do without; answers whether it was given. */
  function warnUnlessGiven(list: keyof typeof warnOf, status: number): boolean {
    if (status === 200) return true;
    const fields: LogFields = { path: PATHS[list], status };
    warnOf[list](fields);
    return false;
  }

  function requireGiven(status: number): void {
    if (status !== 200) throw smdUnavailable(new Error(`SMD answered ${status}`));
  }

  async function needed(path: string, filter: SmdFilter): Promise<Uint8Array> {
    const { status, body = NOTHING } = await requests.small(path, filter);
    requireGiven(status);
    return body;
  }

  async function optional(list: keyof typeof warnOf, filter: SmdFilter): Promise<Uint8Array | undefined> {
    const { status, body } = await requests.small(PATHS[list], filter);
    return warnUnlessGiven(list, status) ? body : undefined;
  }

  return {
    components: async (filter) =>
      parse(componentsAnswer, await needed(PATHS.components, { ...NODES, ...filter })).Components,
    interfaces: async (filter) => {
      const whose = 'MACAddress' in filter || 'IPAddress' in filter ? filter : { ...NODES, ...filter };
      return parse(interfacesAnswer, await needed(PATHS.interfaces, whose));
    },
    endpoints: async (filter) => {
      const body = await optional('endpoints', { ...NODES, ...filter });
      return body && parse(endpointsAnswer, body).ComponentEndpoints;
    },
    memberships: async (filter) => {
      const body = await optional('memberships', filter);
      return body && parse(membershipsAnswer, body);
    },
    async list(name, send) {
      const { status } = await requests.large(PATHS[name], name === 'memberships' ? {} : NODES, send);
      if (name === 'endpoints' || name === 'memberships') return warnUnlessGiven(name, status);
      requireGiven(status);
      return true;
    },
    send: (request, given) => sendToSmd(options.fetch, request, given),
    async check() {
      const [classes, nobody] = await Promise.all([
        needed('/service/values/class', {}),
        // NID 0 stands for none: as good as nothing comes back.
        needed(PATHS.components, { ...NODES, nid: '0' }),
      ]);
      parse(classesAnswer, classes);
      parse(componentsAnswer, nobody);
    },
  };
}

/** Reads an answer; what is no JSON of this shape cannot be relied on. */
function parse<Schema extends v.GenericSchema>(schema: Schema, body: Uint8Array): v.InferOutput<Schema> {
  try {
    return v.parse(schema, JSON.parse(new TextDecoder().decode(body)));
  } catch (error) {
    throw smdUnavailable(error);
  }
}
