import { edgeHyperdrive } from './compose/edge-hyperdrive.ts';
import { workerEntry } from './worker/entry.ts';

/** The Worker over any PostgreSQL, through Hyperdrive. It has an entry of its own because the drivers are large. */
export default workerEntry(edgeHyperdrive);
