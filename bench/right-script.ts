import { parseScript, type Script, stepOf } from './ipxe-script.ts';
import { type BenchNode, bootif, CONFIGURATIONS, type Configuration, configuration } from './nodes.ts';

/** What a node was answered: a script that boots it, and which of the configurations in their order it holds, or one that waits. */
export type Verdict =
  | { readonly kind: 'boot'; readonly version: number; readonly script: Script }
  | { readonly kind: 'wait'; readonly script: Script }
  | { readonly kind: 'wrong'; readonly reason: string };

/** What all nodes are given by the so manieth write of a storm; before the first they have what `postNodes` gave them. */
export function laterConfiguration(version: number): Configuration {
  return configuration(CONFIGURATIONS + version);
}

/**
 * Whether a script is the one of this node, the so manieth of the fleet: its kernel, initrd and parameters of one of the
 * configurations, all of the same, and its own names.
 */
export function judgeScript(text: string, node: BenchNode, at: number, versions: number): Verdict {
  let script: Script;
  try {
    script = parseScript(text);
  } catch (error) {
    return { kind: 'wrong', reason: String(error) };
  }
  const kernel = stepOf(script, 'kernel');
  if (kernel === undefined) return { kind: 'wait', script };
  const initrd = stepOf(script, 'initrd');
  for (let version = 0; version <= versions; version++) {
    const wanted = version === 0 ? configuration(at % CONFIGURATIONS) : laterConfiguration(version);
    if (!kernel.words.includes(wanted.kernel)) continue;
    const reason = difference(kernel.words, initrd?.words ?? [], wanted, node);
    return reason === undefined ? { kind: 'boot', version, script } : { kind: 'wrong', reason };
  }
  return { kind: 'wrong', reason: `kernel ${kernel.words.join(' ')}` };
}

/** What differs from the script that is right; the referral token is another one each time. */
function difference(
  kernel: readonly string[],
  initrd: readonly string[],
  wanted: Configuration,
  node: BenchNode,
): string | undefined {
  const token = kernel.find((word) => word.startsWith('bss_referral_token='));
  const names = [`xname=${node.xname}`, `nid=${node.nid}`, ...(token === undefined ? [] : [token]), bootif(node)];
  const kernelWords = [wanted.kernel, 'initrd=initrd', ...wanted.params.split(' '), ...names];
  const [gotKernel, gotInitrd] = [withoutOptions(kernel), withoutOptions(initrd)];
  if (gotKernel !== kernelWords.join(' ')) return `kernel ${gotKernel}`;
  return gotInitrd === wanted.initrd ? undefined : `initrd ${gotInitrd}`;
}

/** The words behind the options, each of which has a value. */
function withoutOptions(words: readonly string[]): string {
  let at = 0;
  while (words[at]?.startsWith('--')) at += 2;
  return words.slice(at).join(' ');
}
