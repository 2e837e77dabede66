import { ServiceError } from '../core/errors.ts';
import { MAX_IDENTIFIERS } from './identifier-limit.ts';

/** Levels of nested JSON. */
const MAX_DEPTH = 64;
/** Members and items of all kinds: as many identifiers as a request may name, and a large configuration. */
const MAX_VALUES = 120_000;

const TOO_MANY = `body: more than ${MAX_VALUES} values; hosts, macs, nids: must hold at most ${MAX_IDENTIFIERS} together`;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/**
 * Refuses JSON of so many values or levels that to parse and keep it would hold up everybody else. A look at each
 * character costs a fraction of that. Text that is no JSON may pass.
 */
export function checkBounds(text: string): void {
  let [depth, values, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === COMMA) values++;
    else if (OPENING.includes(code)) {
      values++;
      depth++;
      if (depth > MAX_DEPTH) throw new ServiceError('invalid', `body: nested more than ${MAX_DEPTH} levels deep`);
    } else if (CLOSING.includes(code)) depth--;
    if (values > MAX_VALUES) throw new ServiceError('invalid', TOO_MANY);
  }
}
