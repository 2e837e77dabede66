import { inject } from 'vitest';
import { roads } from './roads.ts';
import { describeStore } from './store-contract.ts';

for (const [name, make] of Object.entries(roads)) describeStore(name, () => make(inject('postgresUrl')));
