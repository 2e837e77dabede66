import * as v from 'valibot';
import type { Component } from '../../../core/component.ts';
import { isUnavailable } from '../../../core/errors.ts';
import type { Xname } from '../../../core/identifiers/xname.ts';
import { componentsAnswer, endpointsAnswer, interfacesAnswer, membershipsAnswer } from './answers.ts';
import { assemble, type SmdListName } from './assemble.ts';
import type { SmdClient } from './client.ts';
import { readBody, smdUnavailable } from './requests.ts';
import { withUntold } from './untold.ts';

/**
 * Reads all of SMD at once, where there is no thread for it: four requests. What it does not tell of a node that is known
 * stays as it was. Throws `unavailable`.
 */
export async function readLists(
  { list, send }: Pick<SmdClient, 'list' | 'send'>,
  known: (xname: Xname) => Component | undefined,
): Promise<Component[]> {
  // A Worker has few connections: when one list fails, the others give theirs back.
  const stop = new AbortController();

  async function read<Schema extends v.GenericSchema>(
    name: SmdListName,
    schema: Schema,
  ): Promise<v.InferOutput<Schema> | undefined> {
    let answer: v.InferOutput<Schema> | undefined;
    await list(name, async (request) => {
      const { status, body } = await send(request, stop.signal);
      if (body !== undefined) answer = v.parse(schema, JSON.parse(new TextDecoder().decode(await readBody(body))));
      return status;
    });
    return answer;
  }

  try {
    const [components, interfaces, endpoints, memberships] = await Promise.all([
      read('components', componentsAnswer),
      read('interfaces', interfacesAnswer),
      read('endpoints', endpointsAnswer),
      read('memberships', membershipsAnswer),
    ]);
    const untold = { endpoints: endpoints === undefined, memberships: memberships === undefined };
    const made = assemble({
      components: components?.Components ?? [],
      interfaces: interfaces ?? [],
      endpoints: endpoints?.ComponentEndpoints,
      memberships,
    });
    return made.map((component) =>
      component.xname === undefined ? component : withUntold(component, known(component.xname), untold),
    );
  } catch (error) {
    stop.abort();
    throw isUnavailable(error) ? error : smdUnavailable(error);
  }
}
