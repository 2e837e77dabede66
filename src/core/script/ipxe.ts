import { words } from '../kernel-parameters.ts';

/** How scripts retry: as BSS always did, or so that real iPXE can do it for days. */
export type ScriptForm = 'robust' | 'classic';

/** A pause before a node asks again, in whole seconds. */
export type Pause = { readonly seconds: number };

/** A script that loads and starts a kernel, and asks again at `retry` when that fails. All parts have passed the lint. */
export type BootScript = {
  readonly kernel: string;
  readonly initrd: string | undefined;
  readonly params: string;
  readonly pause: Pause;
  readonly retry: string;
};

/** A script that waits and asks again at `retry`; `message` is shown on the console of the `robust` form. */
export type WaitScript = { readonly pause: Pause; readonly retry: string; readonly message: string };

/** How long one download may stand still, in milliseconds. */
const STALL = 60_000;

export function bootScript(form: ScriptForm, { kernel, initrd, params, pause, retry }: BootScript): string {
  const command = params === '' ? kernel : `${kernel} ${params}`;
  return form === 'robust' ? robustBoot(command, initrd, pause, retry) : classicBoot(command, initrd, pause, retry);
}

function classicBoot(kernel: string, initrd: string | undefined, { seconds }: Pause, retry: string): string {
  const second = initrd === undefined ? '' : `initrd --name initrd ${initrd} || goto boot_retry\n`;
  return `#!ipxe
kernel --name kernel ${kernel} || goto boot_retry
${second}boot || goto boot_retry
:boot_retry
sleep ${seconds}
chain ${retry}
`;
}

/**
 * An image left over from an earlier script would be joined to the initrd: so it is freed first. Replacing the script keeps
 * the loop from nesting; a failed download comes back to the label.
 */
function robustBoot(kernel: string, initrd: string | undefined, { seconds }: Pause, retry: string): string {
  const second = initrd === undefined ? '' : `initrd --name initrd --timeout ${STALL} ${initrd} || goto boot_retry\n`;
  return `#!ipxe
imgfree
isset \${tries:int32} || set tries:int32 0
kernel --name kernel --timeout ${STALL} ${kernel} || goto boot_retry
${second}boot || goto boot_retry
:boot_retry
set e \${errno:hexraw}
inc tries
imgfree
echo Boot failed (error \${e}), try \${tries}, asking again in ${seconds} s
sleep ${seconds}
chain --replace --autofree ${retry}&e=\${e} || goto boot_retry
`;
}

export function waitScript(form: ScriptForm, { pause: { seconds }, retry, message }: WaitScript): string {
  if (form === 'classic') return `#!ipxe\nsleep ${seconds}\nchain ${retry}\n`;
  return `#!ipxe
imgfree
isset \${waits:int32} || set waits:int32 0
:wait
inc waits
echo ${consoleText(message)} (\${waits})
sleep ${seconds}
chain --replace --autofree ${retry} || goto wait
`;
}

/** A script that tells a person at the console why the node does not boot, then waits and asks again. */
export function messageScript(form: ScriptForm, script: WaitScript): string {
  return form === 'robust'
    ? waitScript(form, script)
    : `#!ipxe\necho ${consoleText(script.message)}\nsleep ${script.pause.seconds}\nchain ${script.retry}\n`;
}

/** What a console of code page 437 shows and iPXE does not expand or take for a command. */
function consoleText(message: string): string {
  const plain = message.replaceAll(/[^A-Za-z0-9 .,:()=/_-]/g, '');
  return words(plain)
    .filter((word) => !word.startsWith('-'))
    .join(' ');
}
