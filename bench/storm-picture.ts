import { KINDS } from './storm-process.ts';
import type { Storm } from './storm-report.ts';

/** Which can be told from one another on white, on black, and by most who see colours otherwise. */
const COLOURS: Readonly<Record<(typeof KINDS)[number], string>> = {
  script: '#2f9e6e',
  'old script': '#5b8def',
  'wait script': '#b58900',
  '503': '#e07b39',
  other: '#b05cc6',
  'wrong script': '#e03131',
};

const [WIDTH, HEIGHT] = [860, 300];
/** Room around the plot, for the words. */
const [LEFT, RIGHT, TOP, BOTTOM] = [60, 16, 62, 42];

/** Answers over time as an SVG: per second, stacked by kind, with what went on marked. It is readable on light and dark ground. */
export function stormPicture({ name, nodes, incidents, outcome }: Storm): string {
  const last = Math.max(0, ...outcome.answers.map(({ at }) => at), ...incidents.map(({ to }) => to));
  const seconds = Math.ceil(last / 1000) + 1;
  const perSecond = Array.from({ length: seconds }, () => new Map<string, number>());
  for (const { at, kind } of outcome.answers) {
    const counts = perSecond[Math.max(0, Math.floor(at / 1000))];
    counts?.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const most = niceAbove(
    Math.max(1, ...perSecond.map((counts) => [...counts.values()].reduce((sum, n) => sum + n, 0))),
  );
  const x = (second: number): number => LEFT + (second / seconds) * (WIDTH - LEFT - RIGHT);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - TOP - BOTTOM);
  const used = KINDS.filter((kind) => outcome.answers.some((answer) => answer.kind === kind));

  const spans = incidents.map(
    ({ name: what, from, to }) =>
      `<rect class="incident" x="${px(x(from / 1000))}" y="${TOP}" width="${px(Math.max(1.5, x(to / 1000) - x(from / 1000)))}" height="${HEIGHT - TOP - BOTTOM}"/>` +
      `<text x="${px(x(from / 1000))}" y="${TOP - 5}">${what}</text>`,
  );
  const bars = perSecond.flatMap((counts, second) => {
    let below = 0;
    return KINDS.flatMap((kind) => {
      const count = counts.get(kind) ?? 0;
      if (count === 0) return [];
      const [bottom, top] = [y(below), y(below + count)];
      below += count;
      return `<rect x="${px(x(second) + 0.5)}" y="${px(top)}" width="${px(Math.max(1, x(second + 1) - x(second) - 1))}" height="${px(bottom - top)}" fill="${COLOURS[kind]}"/>`;
    });
  });
  const heights = [0, most / 2, most].map(
    (count) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(count))}" y2="${px(y(count))}"/>` +
      `<text x="${LEFT - 6}" y="${px(y(count) + 4)}" text-anchor="end">${count.toLocaleString('en')}</text>`,
  );
  const step = niceAbove(seconds / 12);
  const moments = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, at) => at * step).map(
    (second) => `<text x="${px(x(second))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${second}</text>`,
  );
  const legend = used.map((kind, at) => {
    const left = LEFT + at * 120;
    return `<rect x="${left}" y="28" width="11" height="11" fill="${COLOURS[kind]}"/><text x="${left + 16}" y="38">${kind}</text>`;
  });
  const title = `${name}: answers per second to ${nodes.toLocaleString('en')} nodes`;

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">
<style>
text { font: 12px sans-serif; fill: #6e7781; }
.title { font-weight: bold; }
.grid { stroke: #8b949e; stroke-opacity: 0.4; }
.incident { fill: #8b949e; fill-opacity: 0.25; }
</style>
<text class="title" x="${LEFT}" y="18">${title}</text>
${[...legend, ...spans, ...heights, ...bars, ...moments].join('\n')}
<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">seconds since the first node was switched on</text>
</svg>
`;
}

/** The next number of 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((nice) => nice >= value) ?? value;
}

/** A length with no more digits than can be seen. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
