import * as v from 'valibot';
import { settings } from '../../src/config.ts';

/** The settings as the README's table has them: a line each, with name, default and sentence. */
export function settingsTable(): string {
  return Object.entries(settings.entries)
    .map(([name, schema]) => {
      const written = v.getDefault(schema.pipe[0]);
      return `| \`${name}\` | ${written ? `\`${written}\`` : ''} | ${v.getDescription(schema)} |`;
    })
    .join('\n');
}
