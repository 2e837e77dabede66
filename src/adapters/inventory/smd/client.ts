import * as v from 'valibot';
import { ServiceError } from '../../../core/errors.ts';
import type { Log } from '../../../ports/log.ts';
import {
  componentsAnswer,
  endpointsAnswer,
  interfacesAnswer,
  membershipsAnswer,
  type SmdComponent,
  type SmdEndpoint,
  type SmdInterface,
  type SmdMembership,
} from './answers.ts';

/** Filters of one of SMD's lists; the list of all nodes without any. */
export type SmdFilter = Readonly<Record<string, string>>;

/** SMD's lists. Each call is one request, and throws `unavailable` when there is no answer to rely on. */
export type SmdClient = {
  components(filter?: SmdFilter): Promise<SmdComponent[]>;
  interfaces(filter?: SmdFilter): Promise<SmdInterface[]>;
  /** Empty when SMD wants a token and takes none of ours: the public lists must do. */
  endpoints(filter?: SmdFilter): Promise<SmdEndpoint[]>;
  /** Empty when SMD wants a token and takes none of ours: the public lists must do. */
  memberships(filter?: SmdFilter): Promise<SmdMembership[]>;
};

export type SmdOptions = {
  /** `<HSM_URL>`, without `/hsm/v2`. */
  readonly url: string;
  readonly token: string | undefined;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly log: Log;
};

/** Milliseconds. */
const TOKEN_REST = 60_000;

export function smdClient({ url, token, timeoutMs, fetch, log }: SmdOptions): SmdClient {
  /** When a token that SMD refused is tried again. */
  let tokenRests = 0;
  /** Until when it has been said that a list is missing. */
  let silentUntil = 0;
  const base = `${url.replace(/\/+$/, '')}/hsm/v2`;

  function request(path: string, filter: SmdFilter, bearer: string | undefined): Promise<Response> {
    const query = new URLSearchParams(filter).toString();
    return fetch(`${base}${path}${query && `?${query}`}`, {
      headers: { Accept: 'application/json', ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  /** `denied` is what counts when SMD has no such list, or guards it and takes no token of ours. */
  async function get<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    filter: SmdFilter,
    denied?: v.InferOutput<Schema>,
  ): Promise<v.InferOutput<Schema>> {
    try {
      const bearer = performance.now() < tokenRests ? undefined : token;
      let response = await request(path, filter, bearer);
      if (isDenied(response) && bearer !== undefined) {
        if (performance.now() >= tokenRests) log.warn({ path }, 'SMD refuses BSS_SMD_TOKEN: the public lists must do');
        tokenRests = performance.now() + TOKEN_REST;
        await response.body?.cancel();
        response = await request(path, filter, undefined);
      }
      if (response.status === 200) return v.parse(schema, await response.json());
      await response.body?.cancel();
      if ((isDenied(response) || response.status === 404) && denied !== undefined) {
        if (performance.now() >= silentUntil)
          log.warn({ path, status: response.status }, 'SMD does not give a list: nodes are taken without it');
        silentUntil = performance.now() + TOKEN_REST;
        return denied;
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
        'MACAddress' in filter ? filter : { type: 'Node', ...filter },
      ),
    endpoints: async (filter = {}) =>
      (
        await get(
          '/Inventory/ComponentEndpoints',
          endpointsAnswer,
          { type: 'Node', ...filter },
          { ComponentEndpoints: [] },
        )
      ).ComponentEndpoints,
    memberships: (filter = {}) => get('/memberships', membershipsAnswer, filter, []),
  };
}

function isDenied({ status }: Response): boolean {
  return status === 401 || status === 403;
}
