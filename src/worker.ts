import { edgeNeon } from './compose/edge-neon.ts';
import { workerEntry } from './worker/entry.ts';

/** The Worker over Neon. */
export default workerEntry(edgeNeon);
