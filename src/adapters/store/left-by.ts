import type { BootConfiguration } from '../../core/configuration.ts';
import type { Boot, StoredNode } from '../../core/record.ts';
import { each, type Steps } from '../../core/steps.ts';
import type { Change } from '../../ports/store.ts';
import type { NodesBefore } from './change-rows.ts';
import type { ContentIds } from './content-id.ts';
import type { Written } from './written.ts';

/**
 * What a change will have left, as reading it would tell, once its revision is known. It is made before: between the
 * acknowledgement of a write and its being in memory nothing may come, and it should be short.
 */
export function* leftBy(
  change: Change,
  { configurations, images }: ContentIds,
  before: NodesBefore,
): Steps<(revision: number) => Written> {
  const { basis, removeNodes, removeGroups, removeImages } = change;
  const revision = 0;
  let last: Boot | undefined;
  const boot = (configuration: BootConfiguration, referralToken: string | undefined): Boot => {
    if (last?.configuration !== configuration || last.referralToken !== referralToken)
      last = { configurationId: configurations.get(configuration) ?? '', configuration, referralToken };
    return last;
  };
  const nodes: (Omit<StoredNode, 'revision'> & { revision: number })[] = [];
  yield* each(change.nodes, ({ id, xname, mac, nid, resolved, phoneHome, configuration, referralToken }) => {
    nodes.push({
      id,
      revision,
      createdAt: before.get(id)?.createdAt ?? basis.found.asOf ?? 0,
      xname,
      mac,
      nid,
      resolved,
      phoneHome,
      boot: configuration && boot(configuration, referralToken),
    });
  });
  const groups = change.groups.map(({ id, name, priority, configuration, referralToken }) => ({
    ...{ id, name, priority, revision },
    boot: boot(configuration, referralToken),
  }));
  const imageRows = change.images.map((image) => ({ ...image, id: images.get(image) ?? '', revision }));
  return (revision) => {
    for (const rows of [nodes, groups, imageRows]) for (const row of rows) row.revision = revision;
    return { nodes, groups, images: imageRows, removed: [...removeNodes, ...removeGroups, ...removeImages] };
  };
}
