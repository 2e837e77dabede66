import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsJoinToken, withJoinToken } from '../../../src/core/script/join-token.ts';
import { lintParams } from '../../../src/core/script/lint.ts';

const PLACEHOLDER = '${SPIRE_JOIN_TOKEN}';

describe('parameters', () => {
  it.each(['quiet spire_join_token=${SPIRE_JOIN_TOKEN}', 'a=${SPIRE_JOIN_TOKEN},${SPIRE_JOIN_TOKEN}', PLACEHOLDER])(
    'want a join token where the lint lets its place stand: %s',
    (params) => {
      expect(needsJoinToken(params)).toBe(true);
      expect(lintParams(params)).toBeUndefined();
    },
  );

  it.each(['', 'quiet', '$SPIRE_JOIN_TOKEN', '${spire_join_token}', '{SPIRE_JOIN_TOKEN}', '${mac}'])(
    'want none without its place: %s',
    (params) => {
      expect(needsJoinToken(params)).toBe(false);
      expect(withJoinToken(params, 'token')).toBe(params);
    },
  );

  it('have the token, whatever its characters, in every place, and all else as it was', () => {
    const parts = fc.array(fc.string().filter((text) => !/[${}]/.test(text)));
    const tokens = fc.oneof(fc.string(), fc.constantFrom('$&', '$$', '$1', '$`', "$'", PLACEHOLDER));
    fc.assert(
      fc.property(parts, tokens, (written, token) => {
        expect(withJoinToken(written.join(PLACEHOLDER), token)).toBe(written.join(token));
      }),
    );
  });
});
