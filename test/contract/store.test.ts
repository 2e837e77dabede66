import { inject } from 'vitest';
import { describeStore } from './store-contract.ts';
import { stores } from './stores.ts';

for (const [name, make] of Object.entries(stores)) describeStore(name, () => make(inject('postgresUrl')));
