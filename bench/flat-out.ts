/**
 * Connections that ask for scripts without a rest, as a process of its own:
 * `node bench/flat-out.ts <url> <nodes> <connections> <seconds>`. Writes what they saw, as JSON.
 */
import { measure } from './load.ts';
import { isBootScript, makeNodes, scriptPath } from './nodes.ts';

const [url = '', nodes, connections, seconds] = process.argv.slice(2);
const asks = makeNodes(Number(nodes)).map((node) => ({ path: scriptPath(node), isAnswer: isBootScript }));
const measured = await measure(url, asks, Number(seconds), Number(connections));
process.stdout.write(JSON.stringify(measured), () => process.exit(0));
