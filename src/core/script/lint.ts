import { trimBlanks, words } from '../kernel-parameters.ts';
import { JOIN_TOKEN_PLACEHOLDER } from './join-token.ts';

/** Why a text may not stand in a script, and where (a count of UTF-16 units from the text's beginning). */
export type LintFinding = { readonly offset: number; readonly reason: string };

/** So many words may be written as parameters. iPXE hangs on a line of 300 words and takes one of 260. */
export const MAX_WORDS = 190;

/** So many words may come together from a record and its images; the line has some 15 more. */
export const MAX_WORDS_TOGETHER = 240;

/** iPXE's own settings that a text may use, with or without `netN/` in front and a type behind. */
const SETTING =
  /^\$\{(net[0-9]+\/)?(mac|ip|netmask|gateway|dns|hostname|domain|uuid|serial|asset|manufacturer|product|buildarch|platform|version|next-server)(:[a-z0-9]+)?\}/;

/** Characters of a text: far more than a kernel or iPXE takes. */
export const MAX_LENGTH = 65_536;

/** What a pattern can say of parameters that the lint lets pass: no control characters but the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
export const PARAMS_PATTERN = /^[^\x00-\x08\x0a-\x1f\x7f]*$/;

/** What a pattern can say of a URI that the lint lets pass: neither blanks nor "#", and no "-" at the beginning. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
export const URI_PATTERN = /^([^\x00-\x20#\x7f-][^\x00-\x20#\x7f]*)?$/;

const CONTROL_NAMES: ReadonlyMap<string, string> = new Map([
  ['\n', 'a line break'],
  ['\r', 'a carriage return'],
  ['\v', 'a vertical tab'],
  ['\f', 'a form feed'],
  ['\0', 'a NUL'],
]);

/** What is wrong with kernel parameters, or `undefined`: iPXE has no quoting, so what could end or change the command is refused. */
export function lintParams(text: string, maxWords = MAX_WORDS): LintFinding | undefined {
  const found = lintText(text, [JOIN_TOKEN_PLACEHOLDER]) ?? lintWords(text);
  if (found !== undefined) return found;
  const count = words(text).length;
  return count > maxWords ? { offset: 0, reason: `${count} words, at most ${maxWords} are allowed` } : undefined;
}

/** What is wrong with the URI of a kernel or an initrd, or `undefined`. */
export function lintUri(text: string): LintFinding | undefined {
  const found = lintText(text, []);
  if (found !== undefined) return found;
  const space = text.search(/\s/);
  if (space >= 0) return { offset: space, reason: 'white space' };
  const hash = text.indexOf('#');
  if (hash >= 0) return { offset: hash, reason: 'a "#"' };
  if (text.startsWith('-')) return { offset: 0, reason: 'a "-" at the beginning' };
  return lintWords(text);
}

/** What no part of a script may hold: control characters, settings that are not allowed by name, a continued line. */
function lintText(text: string, placeholders: readonly string[]): LintFinding | undefined {
  if (text.length > MAX_LENGTH) return { offset: MAX_LENGTH, reason: `more than ${MAX_LENGTH} characters` };
  return lintControls(text) ?? lintExpansions(text, placeholders) ?? lintTrailingBackslash(text);
}

/** A tab is white space like a blank; every other ASCII control character is refused. */
function lintControls(text: string): LintFinding | undefined {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) {
      return { offset: at, reason: CONTROL_NAMES.get(text.charAt(at)) ?? 'a control character' };
    }
  }
  return undefined;
}

/** Every `${` has to begin an allowed setting; `$` in front of one or `{` behind could recombine with its value. */
function lintExpansions(text: string, placeholders: readonly string[]): LintFinding | undefined {
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 1)) {
    const rest = text.slice(at, at + 64);
    const setting = placeholders.find((placeholder) => rest.startsWith(placeholder)) ?? SETTING.exec(rest)?.[0];
    if (setting === undefined) return { offset: at, reason: 'a "${" that begins no allowed setting' };
    if (text.charAt(at - 1) === '$') return { offset: at - 1, reason: 'a "$" before a setting' };
    if (rest.charAt(setting.length) === '{') return { offset: at + setting.length, reason: 'a "{" behind a setting' };
  }
  return undefined;
}

function lintTrailingBackslash(text: string): LintFinding | undefined {
  const trimmed = trimBlanks(text);
  return trimmed.endsWith('\\') ? { offset: text.lastIndexOf('\\'), reason: 'a "\\" at the end' } : undefined;
}

function lintWords(text: string): LintFinding | undefined {
  for (const { 0: word, index } of text.matchAll(/[^ \t]+/g)) {
    if (word.startsWith('#')) return { offset: index, reason: 'a word that begins with "#"' };
    if (word === '||' || word === '&&' || word === ';') return { offset: index, reason: `a lone "${word}"` };
  }
  return undefined;
}
