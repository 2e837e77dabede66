import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import endpoints from '../fixtures/smd/component-endpoints.json' with { type: 'json' };
import components from '../fixtures/smd/components.json' with { type: 'json' };
import interfaces from '../fixtures/smd/ethernet-interfaces-all.json' with { type: 'json' };
import groups from '../fixtures/smd/groups.json' with { type: 'json' };
import memberships from '../fixtures/smd/memberships.json' with { type: 'json' };
import ready from '../fixtures/smd/service-ready.json' with { type: 'json' };
import classes from '../fixtures/smd/service-values-class.json' with { type: 'json' };

/** A node as a test describes it. What is left out is absent from SMD's answers too. */
export type SmdNode = {
  readonly xname: string;
  /** A text, as old sites have it, or a number. */
  readonly nid?: number | string;
  /** One interface each, spelled as here. */
  readonly macs?: readonly string[];
  /** Of its first interface, spelled as here. */
  readonly addresses?: readonly string[];
  readonly state?: string;
  readonly role?: string;
  readonly subRole?: string;
  readonly groups?: readonly string[];
  readonly enabled?: boolean;
  /** Further members of the component, in SMD's words. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Left out, the node has no component endpoint. */
  readonly endpoint?: { readonly enabled?: boolean; readonly fqdn?: string; readonly macs?: readonly string[] };
};

/** How SMD answers; `slow` is milliseconds, `stall` stops in the middle of the body, `text` is a 200 with that body. */
export type SmdMode =
  | ('healthy' | 'hang' | 'stall' | 'refuse' | 'garbage' | 'wrong types' | 'empty')
  | ({ readonly slow: number } | { readonly status: number } | { readonly text: string });

/** One request; `start` and `end` in milliseconds of the performance clock, no `end` while it waits for its answer. */
export type SmdRequest = {
  /** Path and query, as sent. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly start: number;
  end: number | undefined;
};

type Entry = Record<string, unknown>;

/** An SMD of our own on 127.0.0.1. It starts with what `test/fixtures/smd` recorded, unless it is given nodes. */
export interface SmdSimulator {
  /** For `HSM_URL`. */
  readonly url: string;
  /** How it answers from now on. */
  mode: SmdMode;
  /** The same for single paths below `/hsm/v2`, such as `/memberships`; stands before `mode`. */
  readonly modeOf: Map<string, SmdMode>;
  /** What it knows, in SMD's own words: may be changed at any time. */
  readonly lists: {
    readonly components: Entry[];
    readonly interfaces: Entry[];
    readonly endpoints: Entry[];
    readonly memberships: { id: string; groupLabels: string[]; partitionName: string }[];
    readonly groups: { label: string; description: string; members: { ids: string[] } }[];
  };
  /** All requests so far, in the order they came. Set its `length` to 0 to begin anew. */
  readonly requests: SmdRequest[];
  /** Puts a node at the end of every list that it belongs to. */
  add(node: SmdNode): void;
  /** From now on, what is not public needs this token; `undefined` opens everything. */
  requireToken(token: string | undefined): void;
  stop(): Promise<void>;
}

const RECORDED = { components: components.Components, interfaces, endpoints: endpoints.ComponentEndpoints };
const GARBAGE = '{"Components":[{"ID":"x1000c0s0b';
const WRONG = { ID: 5, id: 5, label: 5, MACAddress: 5, ComponentID: 5, IPAddresses: 5, groupLabels: 5, Enabled: 'yes' };
const PUBLIC = /^\/(State\/Components|Inventory\/EthernetInterfaces|service\/.*)$/;

const problem = (status: number): object => ({ type: 'about:blank', title: 'refused', detail: 'simulated', status });

/** Which list a path answers, and the key that SMD wraps it in. */
const ROUTES: Record<string, { readonly list: keyof typeof FILTERS; readonly key?: string }> = {
  '/State/Components': { list: 'components', key: 'Components' },
  '/Inventory/EthernetInterfaces': { list: 'interfaces' },
  '/Inventory/ComponentEndpoints': { list: 'endpoints', key: 'ComponentEndpoints' },
  '/memberships': { list: 'memberships' },
  '/groups': { list: 'groups' },
};

/** The filters of each list, and what they are compared with. */
const FILTERS: Record<keyof SmdSimulator['lists'], Record<string, string>> = {
  components: { id: 'ID', type: 'Type', state: 'State', role: 'Role', nid: 'NID', group: 'group' },
  interfaces: { type: 'Type', ComponentID: 'ComponentID', MACAddress: 'MACAddress', IPAddress: 'IPAddresses' },
  endpoints: { id: 'ID', type: 'Type' },
  memberships: { id: 'id' },
  groups: { group: 'label' },
};

/** Starts a simulator, on a free port unless one is given. */
export async function startSmd(options: { nodes?: readonly SmdNode[]; port?: number } = {}): Promise<SmdSimulator> {
  const lists: SmdSimulator['lists'] = options.nodes
    ? { components: [], interfaces: [], endpoints: [], memberships: [], groups: [] }
    : structuredClone({ ...RECORDED, memberships, groups });
  let token: string | undefined;

  /** What a filter compares with. MACs alone are compared in any case. */
  function valuesOf(entry: Entry, field: string): string[] {
    if (field === 'group') return lists.memberships.find(({ id }) => id === entry.ID)?.groupLabels ?? [];
    return [entry[field]].flat().map((value: unknown) => {
      if (typeof value === 'object' && value !== null && 'IPAddress' in value) return String(value.IPAddress);
      return field === 'MACAddress' ? String(value).toLowerCase() : String(value);
    });
  }

  /** The status and the body that SMD would give now. A filter that is not simulated is 400, so that tests notice. */
  function answer(path: string, query: URLSearchParams, mode: SmdMode): [number, unknown] {
    if (path === '/service/ready') return [200, ready];
    if (path === '/service/values/class') return [200, classes];
    const route = ROUTES[path];
    if (route === undefined) {
      const one = lists.components.find(({ ID }) => path === `/State/Components/${ID}`);
      return one === undefined ? [404, problem(404)] : [200, one];
    }
    const filters = FILTERS[route.list];
    const asked = [...new Set(query.keys())].map((name): [string, string[]] => [name, query.getAll(name)]);
    const bad = asked.some(([name, values]) => !(name in filters) || (name === 'group' && /!/.test(values.join())));
    if (bad) return [400, problem(400)];
    const entries = lists[route.list].filter((entry: Entry) =>
      asked.every(([name, values]) => {
        const own = valuesOf(entry, filters[name] ?? '');
        const has = (value: string) => own.includes(name === 'MACAddress' ? value.toLowerCase() : value);
        if (values.some((value) => value.startsWith('!') && has(value.slice(1)))) return false;
        return values.every((value) => value.startsWith('!')) || values.some(has);
      }),
    );
    const answered = mode === 'empty' ? [] : mode === 'wrong types' ? [WRONG] : entries;
    return [200, route.key === undefined ? answered : { [route.key]: answered }];
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: target = '/', headers } = request;
    const seen: SmdRequest = { target, authorization: headers.authorization, start: performance.now(), end: undefined };
    smd.requests.push(seen);
    const { pathname, searchParams } = new URL(target, 'http://smd');
    const path = pathname.replace(/^\/hsm\/v2/, '');
    const mode = smd.modeOf.get(path) ?? smd.mode;
    const denied = token !== undefined && !PUBLIC.test(path) && headers.authorization !== `Bearer ${token}`;
    let [status, body] = denied ? [401, problem(401)] : answer(path, searchParams, mode);
    if (mode === 'hang') return;
    if (typeof mode === 'object' && 'slow' in mode) await sleep(mode.slow);
    if (typeof mode === 'object' && 'status' in mode) [status, body] = [mode.status, problem(mode.status)];
    const text =
      mode === 'garbage' ? GARBAGE : typeof mode === 'object' && 'text' in mode ? mode.text : JSON.stringify(body);
    seen.end = performance.now();
    if (mode === 'refuse') return void request.socket.destroy();
    response.writeHead(status, { 'Content-Type': status === 200 ? 'application/json' : 'application/problem+json' });
    if (mode === 'stall') response.write(text.slice(0, text.length / 2));
    else response.end(text);
  }

  // A backlog for a thousand clients at once: the default drops connections, which then come a second later.
  const server = createServer((request, response) => void serve(request, response));
  server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  const smd: SmdSimulator = {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    mode: 'healthy',
    modeOf: new Map(),
    lists,
    requests: [],
    add(node) {
      const { xname: id, endpoint } = node;
      const { nid: NID, state: State, role: Role, subRole: SubRole, enabled: Enabled } = node;
      lists.components.push({ ID: id, Type: 'Node', State, Enabled, Role, SubRole, NID, ...node.details });
      node.macs?.forEach((MACAddress, at) => {
        const ID = MACAddress.replaceAll(/[:-]/g, '').toLowerCase();
        const IPAddresses = (at === 0 ? (node.addresses ?? []) : []).map((IPAddress) => ({ IPAddress }));
        lists.interfaces.push({ ID, MACAddress, ComponentID: id, Type: 'Node', IPAddresses });
      });
      if (endpoint !== undefined) {
        const EthernetNICInfo = (endpoint.macs ?? []).map((MACAddress) => ({ MACAddress }));
        const said = { Enabled: endpoint.enabled, FQDN: endpoint.fqdn, RedfishSystemInfo: { EthernetNICInfo } };
        lists.endpoints.push({ ID: id, Type: 'Node', ...said });
      }
      lists.memberships.push({ id, groupLabels: [...(node.groups ?? [])], partitionName: '' });
      for (const label of node.groups ?? []) {
        const group = lists.groups.find((known) => known.label === label);
        if (group === undefined) lists.groups.push({ label, description: '', members: { ids: [id] } });
        else group.members.ids.push(id);
      }
    },
    requireToken(wanted) {
      token = wanted;
    },
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  options.nodes?.forEach(smd.add);
  return smd;
}
