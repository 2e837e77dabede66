import * as v from 'valibot';
import { ServiceError } from '../../../core/errors.ts';
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
  /** Empty when SMD asks for a token that there is none of: the public lists must do. */
  endpoints(filter?: SmdFilter): Promise<SmdEndpoint[]>;
  /** Empty when SMD asks for a token that there is none of: the public lists must do. */
  memberships(filter?: SmdFilter): Promise<SmdMembership[]>;
};

export type SmdOptions = {
  /** `<HSM_URL>`, without `/hsm/v2`. */
  readonly url: string;
  readonly token: string | undefined;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
};

export function smdClient({ url, token, timeoutMs, fetch }: SmdOptions): SmdClient {
  const base = `${url.replace(/\/+$/, '')}/hsm/v2`;

  async function get<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    filter: SmdFilter,
    denied?: v.InferOutput<Schema>,
  ): Promise<v.InferOutput<Schema>> {
    const query = new URLSearchParams(filter).toString();
    try {
      const response = await fetch(`${base}${path}${query && `?${query}`}`, {
        headers: { Accept: 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        const isDenied = response.status === 401 || response.status === 403;
        if (isDenied && token === undefined && denied !== undefined) return denied;
        throw new Error(`SMD answered ${response.status}`);
      }
      return v.parse(schema, await response.json());
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
