import { fileURLToPath } from 'node:url';

/** Drizzle's migrations: they lie beside the sources, and beside what is built of them. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../drizzle', import.meta.url));
