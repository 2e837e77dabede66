/** A command of a script, its words, and where iPXE goes on when it fails: without a label, at the end. */
export type Step = {
  readonly command: string;
  readonly words: readonly string[];
  readonly onFailure: string | undefined;
};

/** A script as iPXE runs it: its steps, and before which of them each label stands. */
export type Script = { readonly steps: readonly Step[]; readonly labels: ReadonlyMap<string, number> };

/** What the scripts of a service that boots nodes may hold. */
const COMMANDS = new Set('imgfree isset set inc echo kernel initrd boot sleep chain'.split(' '));

/** Reads a script strictly. Throws a sentence when iPXE would not take it for one, or when it holds what no script of ours does. */
export function parseScript(text: string): Script {
  const [first, ...lines] = text.split('\n');
  if (first !== '#!ipxe') throw new Error('does not begin with #!ipxe');
  if (lines.pop() !== '') throw new Error('does not end with a line feed');
  const steps: Step[] = [];
  const labels = new Map<string, number>();
  for (const line of lines) {
    if (line.startsWith(':')) labels.set(line.slice(1), steps.length);
    else steps.push(parseStep(line));
  }
  for (const { onFailure } of steps) {
    if (onFailure !== undefined && !labels.has(onFailure)) throw new Error(`has no label ${onFailure}`);
  }
  return { steps, labels };
}

/** The step of this command, if there is one. */
export function stepOf(script: Script, command: string): Step | undefined {
  return script.steps.find((step) => step.command === command);
}

function parseStep(line: string): Step {
  const [first = '', alternative] = line.split(' || ');
  const [command = '', ...words] = first.split(' ');
  if (!COMMANDS.has(command)) throw new Error(`holds the command ${JSON.stringify(command.slice(0, 40))}`);
  const label = /^goto (\S+)$/.exec(alternative ?? '')?.[1];
  if (alternative !== undefined && label === undefined && command !== 'isset')
    throw new Error(`goes on with ${JSON.stringify(alternative.slice(0, 40))}`);
  return { command, words, onFailure: label };
}
