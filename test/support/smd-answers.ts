import ready from '../fixtures/smd/service-ready.json' with { type: 'json' };
import classes from '../fixtures/smd/service-values-class.json' with { type: 'json' };
import { type SmdLists, withoutFirstHalf } from './smd-lists.ts';
import { type SmdFilter, type SmdSearch, searchIn } from './smd-search.ts';

/** What is told of the lists: the truth, nothing, nonsense, or nothing of the first half of the components. */
export type SmdKnowledge = 'all' | 'empty' | 'wrong types' | 'half-empty';

/** Status and body of SMD's answers. */
export type SmdAnswers = {
  answer(target: string, knowledge: SmdKnowledge): [status: number, body: Buffer];
  /** Gives up all that is kept. */
  forget(): void;
  /** The same, and makes ready again what was kept. */
  renew(): void;
};

const WRONG = { ID: 5, id: 5, label: 5, MACAddress: 5, ComponentID: 5, IPAddresses: 5, groupLabels: 5, Enabled: 'yes' };

/** Which list a path answers, and the key that SMD wraps it in. */
const ROUTES: Record<string, { readonly list: keyof SmdLists; readonly key?: string }> = {
  '/State/Components': { list: 'components', key: 'Components' },
  '/Inventory/EthernetInterfaces': { list: 'interfaces' },
  '/Inventory/ComponentEndpoints': { list: 'endpoints', key: 'ComponentEndpoints' },
  '/memberships': { list: 'memberships' },
  '/groups': { list: 'groups' },
};

/** Whether a request asks for a whole list, or for all nodes in it. */
export function isWholeList(target: string): boolean {
  const { path, query } = parsedTarget(target);
  return path in ROUTES && [...query.keys()].every((name) => name === 'type');
}

/** Answers from lists. `frozen`, it keeps whole lists and indexes, and does not notice changes. */
export function smdAnswers(lists: SmdLists, frozen: boolean): SmdAnswers {
  const searches = new Map<SmdKnowledge, SmdSearch>();
  const wholes = new Map<
    string,
    { readonly target: string; readonly knowledge: SmdKnowledge; readonly body: Buffer }
  >();

  function search(knowledge: SmdKnowledge): SmdSearch {
    const made =
      searches.get(knowledge) ?? searchIn(knowledge === 'half-empty' ? withoutFirstHalf(lists) : lists, frozen);
    if (frozen) searches.set(knowledge, made);
    return made;
  }

  /** A filter that is not simulated is 400, so that tests notice. */
  function look(target: string, knowledge: SmdKnowledge): [number, Buffer] {
    const { path, query } = parsedTarget(target);
    if (path === '/service/ready') return [200, toBytes(ready)];
    if (path === '/service/values/class') return [200, toBytes(classes)];
    const route = ROUTES[path];
    if (route === undefined) {
      const id = /^\/State\/Components\/(.+)$/.exec(path)?.[1];
      const [one] = (id !== undefined && search(knowledge).find('components', [['id', [id]]])) || [];
      return one === undefined ? [404, problem(404)] : [200, toBytes(one)];
    }
    const filters = [...new Set(query.keys())].map((name): SmdFilter => [name, query.getAll(name)]);
    const entries = search(knowledge).find(route.list, filters);
    if (entries === undefined) return [400, problem(400)];
    const answered = knowledge === 'empty' ? [] : knowledge === 'wrong types' ? [WRONG] : entries;
    return [200, toBytes(route.key === undefined ? answered : { [route.key]: answered })];
  }

  function answer(target: string, knowledge: SmdKnowledge): [number, Buffer] {
    const key = `${knowledge} ${target}`;
    const kept = wholes.get(key);
    if (kept !== undefined) return [200, kept.body];
    const [status, body] = look(target, knowledge);
    if (frozen && isWholeList(target)) wholes.set(key, { target, knowledge, body });
    return [status, body];
  }

  function forget(): void {
    searches.clear();
    wholes.clear();
  }

  return {
    answer,
    forget,
    renew() {
      const kept = [...wholes.values()];
      forget();
      for (const { target, knowledge } of kept) answer(target, knowledge);
    },
  };
}

/** The body of a refusal. */
export function problem(status: number): Buffer {
  return toBytes({ type: 'about:blank', title: 'refused', detail: 'simulated', status });
}

/** A request's path below `/hsm/v2`, and its query. */
export function parsedTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const { pathname, searchParams } = new URL(target, 'http://smd');
  return { path: pathname.replace(/^\/hsm\/v2/, ''), query: searchParams };
}

function toBytes(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body));
}
