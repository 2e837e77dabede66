import { beforeEach, describe, expect, it } from 'vitest';
import type { Component } from '../../src/core/component.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { Mac } from '../../src/core/identifiers/mac.ts';
import { DEFAULT_TAG } from '../../src/core/identifiers/tag.ts';
import type { Soon } from '../../src/core/soon.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { Found, Store } from '../../src/ports/store.ts';
import type { ScriptRequest } from '../../src/service/script-request.ts';
import type { Verdict, VerdictContext } from '../../src/service/verdict.ts';
import { createVerdictMemory, type VerdictMemory } from '../../src/service/verdict-memory.ts';
import { type Clock, clockForTest } from '../support/clock.ts';

const settings = { blockedRoles: [] };

const MAC = '02:00:00:00:00:01' as Mac;

const component: Component = {
  xname: 'x1000c0s0b0n0' as Component['xname'],
  macs: [MAC],
  addresses: [],
  groups: [],
  enabled: true,
  details: {},
};

/** An inventory of one node and a store with a default, whose contents and editions are set by hand. */
function site(isAlone = false) {
  const state = {
    inventory: 1 as number | undefined,
    store: 1 as number | undefined,
    component: component as Component | undefined,
    kernel: 'http://files/a' as string | undefined,
    macs: [] as Mac[],
    looks: 0,
    look: (found: Found): Soon<Found> => found,
  };
  const inventory = {
    find: () => state.component && { component: state.component },
    edition: () => state.inventory,
    macs: () => state.component?.macs ?? [],
  } as Partial<Inventory> as Inventory;
  const store = {
    edition: () => state.store,
    macs: () => state.macs,
    look() {
      state.looks += 1;
      const boot = { configurationId: '1', configuration: { kernel: state.kernel }, referralToken: undefined };
      const group = { id: '2', revision: 1, name: DEFAULT_TAG, priority: 0, boot };
      return state.look({ nodes: [], groups: [group], images: [], configurationImages: [] } as unknown as Found);
    },
  } as Partial<Store> as Store;
  const context: VerdictContext = { inventory: isAlone ? undefined : inventory, store, own: undefined, settings };
  let remembered = 0;
  const { reach, workAhead } = createVerdictMemory(context, () => {
    remembered += 1;
  });
  return { state, memory: { reach, workAhead, remembered: () => remembered } };
}

function request(part: Partial<ScriptRequest> = {}): ScriptRequest {
  const key = { kind: 'mac', mac: MAC } as const;
  return { key, tag: undefined, arch: undefined, retry: 0, endpoint: '', now: 0, random: 0, ...part };
}

async function kernelOf(verdict: Soon<Verdict>): Promise<string | undefined> {
  const { prepared } = await verdict;
  return prepared !== undefined && 'kernel' in prepared ? prepared.kernel : undefined;
}

it('looks nothing up for a node that asks again', () => {
  const { state, memory } = site();
  const first = memory.reach(request());
  const again = memory.reach(request({ retry: 3, arch: 'x86_64' }));
  expect(again).toBe(first);
  expect(state.looks).toBe(1);
  expect(memory.remembered()).toBe(1);
});

it.each(['store', 'inventory'] as const)('has forgotten all when the %s knows anything new', async (part) => {
  const { state, memory } = site();
  memory.reach(request());
  state.kernel = 'http://files/b';
  state[part] = 2;
  expect(await kernelOf(memory.reach(request()))).toBe('http://files/b');
});

it.each(['store', 'inventory'] as const)(
  'relies on nothing while the %s does not rely on what it knows',
  async (part) => {
    const { state, memory } = site();
    memory.reach(request());
    state[part] = undefined;
    state.kernel = 'http://files/b';
    expect(await kernelOf(memory.reach(request()))).toBe('http://files/b');
    expect(memory.remembered()).toBe(0);
  },
);

it('does not remember what was looked up before something new came', async () => {
  const { state, memory } = site();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.look = (found) => promise.then(() => found);
  const late = memory.reach(request());
  state.look = (found) => found;
  state.kernel = 'http://files/b';
  state.store = 2;
  expect(await kernelOf(memory.reach(request()))).toBe('http://files/b');
  resolve();
  expect(await kernelOf(late)).toBe('http://files/a');
  expect(await kernelOf(memory.reach(request()))).toBe('http://files/b');
});

it('remembers nobody who has nothing to boot, and who is asked for by anything but a MAC', async () => {
  const { state, memory } = site();
  state.component = undefined;
  expect(memory.reach(request())).toMatchObject({ decision: 'unknown' });
  state.component = component;
  state.kernel = undefined;
  expect(memory.reach(request())).toMatchObject({ decision: 'unconfigured' });
  state.kernel = 'http://files/a';
  const byName = request({ key: { kind: 'xname', xname: 'x1000c0s0b0n0' as NonNullable<Component['xname']> } });
  memory.reach(byName);
  memory.reach(byName);
  expect(memory.remembered()).toBe(0);
});

it('fails as a look fails, and remembers nothing of that', async () => {
  const { state, memory } = site();
  state.look = () => Promise.reject(new Error('away'));
  await expect(memory.reach(request())).rejects.toThrow('away');
  state.look = (found) => found;
  expect(await kernelOf(memory.reach(request()))).toBe('http://files/a');
});

it('does not remember what was only known from before', async () => {
  const { state, memory } = site();
  const { look } = state;
  state.look = (found) => ({ ...found, age: 5 });
  expect(memory.reach(request())).toMatchObject({ age: 5 });
  state.look = look;
  expect(memory.reach(request())).toMatchObject({ age: undefined });
});

describe('Working ahead', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = clockForTest();
  });
  /** Has it work ahead, if it is to, a second after the last time. */
  function aSecondLater(memory: VerdictMemory): Promise<void> {
    clock.pass(1000);
    return memory.workAhead();
  }

  it('looks up whoever may ask, once nothing new has come for a while', async () => {
    const { state, memory } = site();
    await aSecondLater(memory);
    expect(state.looks).toBe(0);
    await aSecondLater(memory);
    await aSecondLater(memory);
    expect(state.looks).toBe(1);
    expect(await kernelOf(memory.reach(request()))).toBe('http://files/a');
    expect(state.looks).toBe(1);
  });

  it.each(['store', 'inventory'] as const)('begins anew when the %s knows anything new', async (part) => {
    const { state, memory } = site();
    await aSecondLater(memory);
    await aSecondLater(memory);
    state[part] = 2;
    state.kernel = 'http://files/b';
    await aSecondLater(memory);
    expect(state.looks).toBe(1);
    await aSecondLater(memory);
    expect(state.looks).toBe(2);
    expect(await kernelOf(memory.reach(request()))).toBe('http://files/b');
    expect(state.looks).toBe(2);
  });

  it('looks up whoever is stored, where that is the inventory, and else nobody but whom the inventory knows', async () => {
    for (const [isAlone, looks] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { state, memory } = site(isAlone);
      state.macs = [MAC];
      state.component = undefined;
      await aSecondLater(memory);
      await aSecondLater(memory);
      expect(state.looks).toBe(looks);
    }
  });

  it('does nothing while something is not to be relied on, and stops when that comes to be so', async () => {
    const { state, memory } = site();
    const other = '02:00:00:00:00:02' as Mac;
    state.component = { ...component, macs: [MAC, other] };
    state.store = undefined;
    await aSecondLater(memory);
    await aSecondLater(memory);
    expect(state.looks).toBe(0);
    state.store = 1;
    await aSecondLater(memory);
    const { look } = state;
    state.look = (found) => {
      state.store = 2;
      return look(found);
    };
    await aSecondLater(memory);
    expect(state.looks).toBe(1);
  });

  it('goes on where it was stopped for a moment, though nothing is new', async () => {
    const { state, memory } = site();
    const other = '02:00:00:00:00:02' as Mac;
    state.component = { ...component, macs: [MAC, other] };
    await aSecondLater(memory);
    const { look } = state;
    state.look = (found) => {
      state.store = undefined;
      return look(found);
    };
    await aSecondLater(memory);
    state.store = 1;
    state.look = look;
    await aSecondLater(memory);
    memory.reach(request({ key: { kind: 'mac', mac: other } }));
    expect([state.looks, memory.remembered()]).toEqual([3, 1]);
  });

  it('rests ten times as long as it took, whatever is new', async () => {
    const { state, memory } = site();
    const { look } = state;
    state.look = (found) => {
      clock.pass(300);
      return look(found);
    };
    await aSecondLater(memory);
    await aSecondLater(memory);
    state.store = 2;
    await aSecondLater(memory);
    await aSecondLater(memory);
    expect(state.looks).toBe(1);
    await aSecondLater(memory);
    await aSecondLater(memory);
    expect(state.looks).toBe(2);
  });

  it.each([new ServiceError('not_found', 'nodes of role Management are not to boot'), new Error('a fault')])(
    'passes over whoever cannot be looked up: %s',
    async (error) => {
      const { state, memory } = site();
      const { look } = state;
      state.look = () => {
        throw error;
      };
      await aSecondLater(memory);
      await aSecondLater(memory);
      state.look = () => Promise.reject(error);
      state.store = 2;
      await aSecondLater(memory);
      await aSecondLater(memory);
      expect(state.looks).toBe(2);
      state.look = look;
      expect(await kernelOf(memory.reach(request()))).toBe('http://files/a');
    },
  );
});
