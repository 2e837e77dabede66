/**
 * A model of how iPXE reads a script, written from what was tried with it and not from our code: lines end in a line
 * feed, one that ends in a backslash goes on in the next.
 */
export function linesOf(script: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const line of script.replace(/\n$/, '').split('\n')) {
    const text = line.endsWith('\\') ? line.slice(0, -1) : line;
    if (open) lines.push(`${lines.pop()}${text}`);
    else lines.push(text);
    open = line.endsWith('\\');
  }
  return lines;
}

/** The commands of one line: words between white space, until one that begins with `#`; `||`, `&&` and `;` end a command. */
export function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const token of tokensOf(line)) {
    if (token.startsWith('#')) break;
    if (token === '||' || token === '&&' || token === ';') commands.push([]);
    else commands.at(-1)?.push(token);
  }
  return commands;
}

function tokensOf(line: string): string[] {
  const tokens: string[] = [];
  let token = '';
  for (const character of line) {
    if (!' \t\r\n\v\f'.includes(character)) token += character;
    else if (token !== '') {
      tokens.push(token);
      token = '';
    }
  }
  return token === '' ? tokens : [...tokens, token];
}

/**
 * The names of the settings that iPXE asks for while it expands a token: the innermost first, again and again until
 * none is left. Each has the value that `holds` gives.
 */
export function settingsAskedFor(token: string, holds: (name: string) => string): string[] {
  const asked: string[] = [];
  let text = token;
  for (let rounds = 0; rounds < 1000; rounds++) {
    const end = text.indexOf('}', Math.max(0, text.indexOf('${')));
    const start = end < 0 ? -1 : text.lastIndexOf('${', end);
    if (start < 0) break;
    const name = text.slice(start + 2, end);
    asked.push(name);
    text = text.slice(0, start) + holds(name) + text.slice(end + 1);
  }
  return asked;
}
