import * as v from 'valibot';
import { ServiceError } from '../../../core/errors.ts';
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
import type { SmdTokens } from './tokens.ts';

/** Filters of one of SMD's lists; the list of all nodes without any. */
export type SmdFilter = Readonly<Record<string, string>>;

/**
 * SMD's lists. Each call is one request, and one more for each token that SMD refuses; it throws `unavailable` when there
 * is no answer to rely on.
 */
export type SmdClient = {
  components(filter?: SmdFilter): Promise<SmdComponent[]>;
  interfaces(filter?: SmdFilter): Promise<SmdInterface[]>;
  /** Empty when SMD wants a token and takes none of ours: the public lists must do. */
  endpoints(filter?: SmdFilter): Promise<SmdEndpoint[]>;
  /** Empty when SMD wants a token and takes none of ours: the public lists must do. */
  memberships(filter?: SmdFilter): Promise<SmdMembership[]>;
  /** Whether SMD is well and answers sense: two small requests. */
  check(): Promise<void>;
};

export type SmdOptions = {
  /** `<HSM_URL>`, without `/hsm/v2`. */
  readonly url: string;
  readonly tokens: SmdTokens;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

export function smdClient({ url, tokens, timeoutMs, fetch, log }: SmdOptions): SmdClient {
  const MISSING = 'SMD does not give a list: nodes are taken without it';
  const warnOf = { endpoints: seldomWarning(log, MISSING), memberships: seldomWarning(log, MISSING) };
  const base = `${url.replace(/\/+$/, '')}/hsm/v2`;

  function request(path: string, filter: SmdFilter, bearer: string | undefined): Promise<Response> {
    const query = new URLSearchParams(filter).toString();
    return fetch(`${base}${path}${query && `?${query}`}`, {
      headers: { Accept: 'application/json', ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  /** With the token, once more with another when SMD refuses it, and without any when that is refused too. */
  async function authorized(path: string, filter: SmdFilter): Promise<Response> {
    const token = await tokens.current();
    const response = await request(path, filter, token);
    if (token === undefined || !isDenied(response)) return response;
    await response.body?.cancel();
    const another = await tokens.renewed(token);
    if (another !== undefined) {
      const second = await request(path, filter, another);
      if (!isDenied(second)) return second;
      await second.body?.cancel();
      tokens.rest();
    }
    return request(path, filter, undefined);
  }

  /** `without` is what counts, and who says so, when SMD has no such list, or guards it and takes no token of ours. */
  async function get<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    filter: SmdFilter,
    without?: { readonly answer: v.InferOutput<Schema>; readonly warn: (fields: LogFields) => void },
  ): Promise<v.InferOutput<Schema>> {
    try {
      const response = await authorized(path, filter);
      if (response.status === 200) return v.parse(schema, await response.json());
      await response.body?.cancel();
      if ((isDenied(response) || response.status === 404) && without !== undefined) {
        without.warn({ path, status: response.status });
        return without.answer;
      }
      throw new Error(`SMD answered ${response.status}`);
    } catch (error) {
      throw new ServiceError('unavailable', 'the inventory (SMD) cannot be asked', { cause: error });
    }
  }

  return {
    components: async (filter = {}) =>
      (await get('/State/Components', componentsAnswer, { type: 'Node', ...filter })).Components,
    interfaces: (filter = {}) =>
      get(
        '/Inventory/EthernetInterfaces',
        interfacesAnswer,
        'MACAddress' in filter || 'IPAddress' in filter ? filter : { type: 'Node', ...filter },
      ),
    endpoints: async (filter = {}) =>
      (
        await get(
          '/Inventory/ComponentEndpoints',
          endpointsAnswer,
          { type: 'Node', ...filter },
          { answer: { ComponentEndpoints: [] }, warn: warnOf.endpoints },
        )
      ).ComponentEndpoints,
    memberships: (filter = {}) =>
      get('/memberships', membershipsAnswer, filter, { answer: [], warn: warnOf.memberships }),
    async check() {
      await Promise.all([
        get('/service/values/class', classesAnswer, {}),
        // NID 0 stands for none: as good as nothing comes back.
        get('/State/Components', componentsAnswer, { type: 'Node', nid: '0' }),
      ]);
    },
  };
}

function isDenied({ status }: Response): boolean {
  return status === 401 || status === 403;
}
