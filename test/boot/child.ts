// Child processes that do not outlive the tests.
import { spawn } from 'node:child_process';

/** A running program. */
export type Child = {
  /** The exit code; 137 after `kill`, null when somebody else's signal ended it. Never rejects. */
  exited: Promise<number | null>;
  /** What it wrote to stdout and stderr so far, for messages about failures. */
  output(): string;
  /** Ends it with SIGKILL and waits for that. Harmless when it has ended already. */
  kill(): Promise<void>;
};

// An interrupted test run is itself killed without a chance to clean up. So a shell stands between: when its standard
// input closes, because we say so or because we are gone, it kills the program.
const KEEPER = `
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -9 $program; } >/dev/null 2>&1 &
keeper=$!
wait $program
code=$?
kill $keeper 2>/dev/null
exit $code`;

/** Starts a program, without standard input, that ends when this process does, whatever ended it. */
export function startChild(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Child {
  const shell = spawn('/bin/sh', ['-c', KEEPER, 'sh', command, ...args], { ...options, stdio: 'pipe' });
  const parts: string[] = [];
  const collect = (part: unknown) => parts.push(String(part));
  shell.stdout.on('data', collect);
  shell.stderr.on('data', collect);

  const exited = new Promise<number | null>((resolve) => {
    shell.once('exit', (code, signal) => {
      // Not our own doing: `kill` ends the program, and the shell then by itself.
      if (signal) collect(`ended from outside by ${signal}`);
      resolve(code);
    });
    shell.once('error', (error) => {
      collect(error.message);
      resolve(null);
    });
  });

  return {
    exited,
    output: () => parts.join(''),
    async kill() {
      shell.stdin.end();
      await exited;
    },
  };
}
