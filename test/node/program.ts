import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a program prints as JSON, run by a process of its own with these flags of Node's. */
export async function printedBy(program: string, ...flags: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '--eval', program]);
  return JSON.parse(stdout);
}
