/** Rows as a Markdown table that is readable as it is, the first row as its head: the first column flush left, the others right. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, at) => {
      const cell = row[at] ?? '';
      return at === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  return [head, rule, ...rows].map(line).join('\n');
}
