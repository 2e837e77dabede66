import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from './figures.ts';
import type { OwnPlaces } from './own-places.ts';
import type { SharedPlaces } from './shared-places.ts';
import { type Outcome, perform, type Write } from './write.ts';

/** What writers have in common. */
export type Field = {
  readonly origin: string;
  readonly shared: SharedPlaces;
  readonly figures: Figures;
  /** Is told of answers that should not have been. */
  complain(words: string): void;
};

/** The part of writes that go to places for which others fight. */
const SHARED = 0.3;
/** How a write is refused that came too late for a place of several writers. */
const TOO_LATE: Readonly<Record<Write['method'], number | undefined>> = {
  POST: 400,
  DELETE: 400,
  PATCH: 404,
  PUT: undefined,
};

let written = 0;

/** Writes, one request after the other, until it is told to stop; what is under way then is waited for. */
export async function keepWriting(own: OwnPlaces, field: Field, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    written += 1;
    const id = String(written);
    const mine = Math.random() < SHARED ? undefined : own.propose(id);
    const outcome =
      mine === undefined ? await writeShared(field.shared.propose(id), field) : await writeOwn(mine, own, field);
    if (outcome === 'unsent' || outcome === 'put off') await sleep(50 + Math.random() * 100);
  }
}

async function writeOwn(write: Write, own: OwnPlaces, field: Field): Promise<Outcome> {
  const [outcome, answer] = await perform(write, field.origin);
  own.note(write, outcome);
  count(outcome, field.figures);
  if (outcome === 'refused') field.figures.refused += 1;
  if (outcome === 'refused' || outcome === 'failed')
    field.complain(`${write.method}: ${answer?.status} ${answer?.text}`);
  return outcome;
}

async function writeShared(write: Write, field: Field): Promise<Outcome> {
  const note = field.shared.begin(write);
  const [outcome, answer] = await perform(write, field.origin);
  note(outcome);
  count(outcome, field.figures);
  const isTooLate = outcome === 'refused' && answer?.status === TOO_LATE[write.method];
  if (outcome === 'refused') field.figures[isTooLate ? 'tooLate' : 'refused'] += 1;
  if ((outcome === 'refused' && !isTooLate) || outcome === 'failed')
    field.complain(`${write.method}: ${answer?.status} ${answer?.text}`);
  return outcome;
}

function count(outcome: Outcome, figures: Figures): void {
  if (outcome === 'acknowledged') figures.acknowledged += 1;
  if (outcome === 'put off') figures.putOff += 1;
  if (outcome === 'failed') figures.failed += 1;
  if (outcome === 'unanswered') figures.unanswered += 1;
}
