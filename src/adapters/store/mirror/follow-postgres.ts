import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Log } from '../../../ports/log.ts';
import { inTime } from '../../deadline.ts';
import { type Announcement, CHANNEL, parseAnnouncement } from '../announcement.ts';
import { storeRevision } from '../schema.ts';
import { CLOCK } from '../select.ts';
import type { Mirror } from './mirror.ts';
import type { OwnNodes } from './own-nodes.ts';
import { readAll, readSince } from './reading.ts';

/** Milliseconds between two looks at whether the database is there, and whether a write was not announced. */
const HEARTBEAT = 300;
/** Milliseconds that such a look may take. */
const PATIENCE = 1000;
/** So many looks find something new before all is read anew where nothing is announced. */
const DEAF_BEATS = 20;
/** Milliseconds until a connection that was lost is tried again. */
const PAUSE = 200;

/** A connection that is made anew for each try. */
export type Connection = {
  readonly client: pg.Client;
  /** Ends it where it is: an end that is said to a server that does not answer may take a quarter of an hour. */
  cut(): void;
};

export type Follower = { stop(): void };

/**
 * Keeps a mirror true to a PostgreSQL database that others write to as well, over a connection of its own: each write is
 * announced there with its revision. After a gap in those all is read anew. While the connection is lost, the mirror is cut
 * off; the next one is tried a moment later. `ping` announces nothing over another connection: where even that is not
 * heard, behind a pooler, the mirror serves only while the store is away.
 */
export function followPostgres(
  connect: () => Connection,
  ping: () => Promise<unknown>,
  mirror: Mirror,
  own: OwnNodes,
  log: Log,
): Follower {
  let current: Connection | undefined;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The revision up to which the mirror knows all. */
  let seen = -1;
  /** The revision up to which it knows what was written, where nothing is announced. */
  let written = -1;
  let isQuiet = false;

  async function follow(): Promise<void> {
    current = connect();
    const { client, cut } = current;
    const listener = listen(client);
    const db = drizzle({ client });
    const readRevision = async (): Promise<{ readonly revision: number; readonly time: number | undefined }> => {
      const [row] = await inTime(
        db
          .select({ revision: storeRevision.revision, time: sql<number>`${CLOCK}` })
          .from(storeRevision)
          .execute(),
        PATIENCE,
      );
      return { revision: row?.revision ?? 0, time: row?.time };
    };
    const hearsPing = async (): Promise<boolean> => {
      await ping();
      await listener.announcedWithin(PATIENCE);
      return listener.hasAny();
    };
    const readAnew = async (): Promise<void> => {
      own.stale();
      seen = await mirror.replaceBy(() => readAll(db));
      written = seen;
    };
    /** Who is gone is not told: that is found when all is read anew. */
    const takeUnannounced = async (newest: number): Promise<void> => {
      own.stale();
      mirror.take(await readSince(db, written), newest);
      written = newest;
    };
    const take = async ({ revision, removed, own: isOwn, isLast }: Announcement): Promise<void> => {
      if (revision <= seen) return;
      if (revision > seen + 1) return readAnew();
      mirror.take({ nodes: [], groups: [], images: [], removed }, revision);
      if (!isLast) return;
      if (isOwn) own.stale();
      else if (!(await mirror.isOwn(revision))) mirror.take(await readSince(db, seen), revision);
      seen = revision;
    };

    try {
      await listener.unlessLost(client.connect());
      await listener.unlessLost(db.execute(sql`listen ${sql.identifier(CHANNEL)}`));
      if ((await listener.unlessLost(readRevision())).revision !== seen) await listener.unlessLost(readAnew());
      if (isQuiet) log.info({}, 'the database is there again');
      isQuiet = false;
      // The database is there: until it is known whether others' writes are heard of, it is asked.
      mirror.isTrue(seen, false);
      const hears = await listener.unlessLost(hearsPing());
      if (!hears)
        log.warn({}, 'what other replicas write is not announced here: BSS_DB_LISTEN_URL must go past the pooler');
      mirror.isTrue(seen, hears);
      for (let missed = 0; !isStopped; ) {
        await listener.unlessLost(listener.announcedWithin(HEARTBEAT));
        for (const payload of listener.announced()) await listener.unlessLost(take(parseAnnouncement(payload)));
        const { revision: newest, time } = await listener.unlessLost(readRevision());
        missed = newest > seen ? missed + 1 : 0;
        if (!hears && newest > written) await listener.unlessLost(takeUnannounced(newest));
        // What is announced comes a moment after it can be read, as a rule.
        if (missed > (hears ? 1 : DEAF_BEATS)) await listener.unlessLost(readAnew());
        if (newest === (hears ? seen : written)) mirror.isTrue(seen, hears, time);
      }
    } finally {
      mirror.isCutOff();
      cut();
    }
  }

  function goOn(): void {
    follow().catch((error) => {
      if (isStopped) return;
      if (!isQuiet) log.warn({ reason: String(error) }, 'the database is away: what was known before stands');
      isQuiet = true;
      timer = setTimeout(goOn, PAUSE);
    });
  }

  goOn();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      current?.cut();
    },
  };
}

/** What comes over a connection without being asked for. */
function listen(client: pg.Client) {
  let announced: (string | undefined)[] = [];
  let wake: () => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    client.once('end', () => reject(new Error('the connection has ended')));
    client.on('error', reject);
  });
  lost.catch(() => {});
  client.on('notification', ({ payload }) => {
    announced.push(payload);
    wake();
  });
  return {
    /** What work comes to, unless the connection is lost first. */
    unlessLost: <Answer>(work: Promise<Answer>): Promise<Answer> => Promise.race([work, lost]),
    /** Done as soon as anything is announced, and after so many milliseconds. */
    announcedWithin: (milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, announced.length > 0 ? 0 : milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    hasAny: (): boolean => announced.length > 0,
    /** Takes what was announced. */
    announced() {
      const taken = announced;
      announced = [];
      return taken;
    },
  };
}
