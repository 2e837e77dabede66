import * as v from 'valibot';
import type { Component } from '../../../core/component.ts';
import { isUnavailable } from '../../../core/errors.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import { componentsAnswer, endpointsAnswer, interfacesAnswer, membershipsAnswer } from './answers.ts';
import { assemble } from './assemble.ts';
import type { SmdClient } from './client.ts';
import { readBody, smdUnavailable } from './requests.ts';
import { withUntold } from './untold.ts';

/**
 * Reads all of SMD at once, where there is no thread for it: four requests. What it does not tell of a node that is known
 * stays as it was. Throws `unavailable`.
 */
export async function readLists(
  { list }: SmdClient,
  known: (xname: Xname) => Component | undefined,
): Promise<Component[]> {
  const asked = [list('components'), list('interfaces'), list('endpoints'), list('memberships')] as const;
  try {
    const [components, interfaces, endpoints, memberships] = await Promise.all(asked);
    const untold = { endpoints: endpoints === undefined, memberships: memberships === undefined };
    const made = assemble({
      components: (await read(componentsAnswer, components)).Components,
      interfaces: await read(interfacesAnswer, interfaces),
      endpoints: endpoints && (await read(endpointsAnswer, endpoints)).ComponentEndpoints,
      memberships: memberships && (await read(membershipsAnswer, memberships)),
    });
    return made.map((component) =>
      component.xname === undefined ? component : withUntold(component, known(component.xname), untold),
    );
  } catch (error) {
    for (const body of asked) void letGo(body);
    throw isUnavailable(error) ? error : smdUnavailable(error);
  }
}

/** Gives the connection of a body back that nobody reads to its end: a Worker has few. */
async function letGo(asked: Promise<AsyncIterable<Uint8Array> | undefined>): Promise<void> {
  try {
    const chunks = (await asked)?.[Symbol.asyncIterator]();
    // What was never begun would not notice its end.
    await chunks?.next();
    await chunks?.return?.();
  } catch {
    // Then there is nothing left to give back.
  }
}

async function read<Schema extends v.GenericSchema>(
  schema: Schema,
  body: AsyncIterable<Uint8Array> = nothing(),
): Promise<v.InferOutput<Schema>> {
  return v.parse(schema, JSON.parse(new TextDecoder().decode(await readBody(body))));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
