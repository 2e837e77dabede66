import { planCreate } from '../core/changes/create.ts';
import { planPatch } from '../core/changes/patch.ts';
import { type Plan, recordOf, type Stored } from '../core/changes/planned.ts';
import { planRemove } from '../core/changes/remove.ts';
import { planReplace } from '../core/changes/replace.ts';
import { commonConfiguration, wholeConfiguration } from '../core/configuration.ts';
import type { Dialect } from '../core/dialect.ts';
import type { BootRecord } from '../core/record.ts';
import type { RecordRequest } from '../core/record-request.ts';
import type { Steps } from '../core/steps.ts';
import { type NodeTarget, storedNodesOf } from '../core/target.ts';
import { inTurns } from '../let-others-go.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { locateTargets } from './locate-targets.ts';
import type { NodeSources } from './node-sources.ts';
import { NO_CHANGE, writeUntilApplied } from './write-until-applied.ts';

export type WriteContext = NodeSources & {
  readonly store: Store;
  readonly dialect: Dialect;
  readonly log: Log;
};

/** A record that was written, and the token that was made for it. */
export type Written = { readonly record: BootRecord; readonly referralToken: string };

/** POST: creates; a `conflict` when anything that is named has a record. */
export function createBootParameters(request: RecordRequest, context: WriteContext): Promise<Written> {
  return write(planCreate, request, context);
}

/** PUT: sets the whole configuration; creates what is not there. */
export function replaceBootParameters(request: RecordRequest, context: WriteContext): Promise<Written> {
  return write(planReplace, request, context);
}

/** PATCH: changes what the request says; `not_found` when anything that is named has no record. */
export async function patchBootParameters(request: RecordRequest, context: WriteContext): Promise<BootRecord> {
  const plan = await apply(request, context, (targets, stored) => planPatch(request, targets, stored));
  const written = [...plan.nodes, ...plan.groups].flatMap(({ configuration }) => configuration ?? []);
  return recordOf(plan, commonConfiguration(written), context.dialect);
}

/** DELETE by identifiers: `invalid` when anything that is named has no record. */
export async function removeBootParameters(request: RecordRequest, context: WriteContext): Promise<void> {
  await apply(request, context, (targets, stored) => planRemove(request, targets, stored));
}

/** DELETE by configuration: removes all records that have these parts, of nodes, tags and images. */
export async function removeMatchingBootParameters(
  { patch: { kernel, initrd, params } }: RecordRequest,
  { store }: Pick<WriteContext, 'store'>,
): Promise<void> {
  const matching = { kernel: kernel ?? undefined, initrd: initrd ?? undefined, params: params ?? undefined };
  await writeUntilApplied(store, { matching }, ({ nodes, groups, images }) => ({
    ...NO_CHANGE,
    removeNodes: nodes.map(({ id }) => id),
    removeGroups: groups.map(({ id }) => id),
    removeImages: images.map(({ id }) => id),
  }));
}

async function write(plan: typeof planReplace, request: RecordRequest, context: WriteContext): Promise<Written> {
  const configuration = wholeConfiguration(request.patch);
  const makings = { newId: () => crypto.randomUUID(), referralToken: crypto.randomUUID() };
  const planned = await apply(request, context, (targets, stored) =>
    plan(request, configuration, targets, stored, makings),
  );
  return { record: recordOf(planned, configuration, context.dialect), referralToken: makings.referralToken };
}

async function apply(
  { identifiers, tags }: RecordRequest,
  context: WriteContext,
  plan: (targets: readonly NodeTarget[], stored: Stored) => Steps<Plan>,
): Promise<Plan> {
  const { wanted, targetsBy } = await locateTargets(identifiers, context);
  return writeUntilApplied(context.store, { ...wanted, names: tags }, async (found) => {
    const targets = await targetsBy(found);
    const nodesOf = await inTurns(storedNodesOf(targets, found.nodes));
    const planned = await inTurns(plan(targets, { nodesOf, groups: found.groups }));
    return { ...planned, images: [], removeImages: [] };
  });
}
