import { edgeHyperdrive } from './compose/edge-hyperdrive.ts';
import { workerEntry } from './worker/entry.ts';

/** The Worker over any PostgreSQL, through Hyperdrive. It is one of its own because drivers are large. */
export default workerEntry(edgeHyperdrive);
