#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=8 --max-old-space-size=1024 --heap-growing-percent=35
// A larger young generation makes scripts faster, a smaller one the program smaller. What is kept hardly grows, so that little
// room for it will do; of more than one arena glibc leaves half unused.
import { setFlagsFromString } from 'node:v8';
import { migrateCommand } from './migrate.ts';

// When all nodes are read, what is made lives on. V8 would learn from that to make the same where only a full collection finds
// it, also for each request, and then collect all the time.
setFlagsFromString('--no-allocation-site-pretenuring');

const USAGE = `bss-edge [serve]    runs the service
bss-edge migrate    brings the schema of the PostgreSQL database in DATABASE_URL (or BSS_DB*) up to date
`;

const [command = 'serve', ...rest] = process.argv.slice(2);
if (command === 'serve' && rest.length === 0) {
  await import('../node.ts');
} else if (command === 'migrate' && rest.length === 0) {
  process.exitCode = await migrateCommand(process.env);
} else {
  const asked = command === '--help' || command === 'help';
  (asked ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = asked ? 0 : 2;
}
