/** A metric that an expression of PromQL reads, with the labels that it or an aggregation of the expression names. */
export type Selector = { readonly metric: string; readonly labels: readonly string[] };

const TOKENS =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<range>\[(?:[0-9]+(?:ms|[smhdwy])|\$__rate_interval)\])|(?<number>[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)|(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},]))/y;

/** Words that take labels in brackets. */
const GROUPINGS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set([...GROUPINGS, 'and', 'or', 'unless', 'bool', 'offset']);
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** The metrics of an expression. Throws for what holds no tokens of PromQL, and for brackets that do not match. */
export function selectorsIn(expression: string): Selector[] {
  const tokens = tokensOf(expression);
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouped: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (token === '{') {
      const end = tokens.indexOf('}', at);
      const names = tokens.slice(at, end).filter((_, n, all) => /^(=~|!~|!=|=)$/.test(all[n + 1] ?? ''));
      selectors.at(-1)?.labels.push(...names);
      at = end;
    } else if (GROUPINGS.has(token) && tokens[at + 1] === '(') {
      const end = tokens.indexOf(')', at);
      grouped.push(...tokens.slice(at + 2, end).filter((name) => name !== ','));
      at = end;
    } else if (
      /^[a-zA-Z_:]/.test(token) &&
      tokens[at + 1] !== '(' &&
      !WORDS.has(token) &&
      !GROUPINGS.has(tokens[at + 1] ?? '')
    ) {
      selectors.push({ metric: token, labels: [] });
    }
  }
  return selectors.map(({ metric, labels }) => ({ metric, labels: [...labels, ...grouped] }));
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const open: string[] = [];
  const text = expression.trim();
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const from = TOKENS.lastIndex;
    const [token] = TOKENS.exec(text) ?? [];
    if (token === undefined) throw new Error(`no PromQL from ${JSON.stringify(text.slice(from))} on`);
    const word = token.trim();
    const closing = CLOSING[word];
    if (closing !== undefined) open.push(closing);
    if ((word === ')' || word === '}') && open.pop() !== word) throw new Error(`a bracket too many: ${text}`);
    tokens.push(word);
  }
  if (open.length > 0) throw new Error(`a bracket too few: ${text}`);
  return tokens;
}
