/**
 * Whose answers ours look like: `openchami` shows identifiers as they were given and folds equal records into one, `csm`
 * (HPE) shows one record per node, under its xname as soon as the inventory knows it.
 */
export type Dialect = 'openchami' | 'csm';
