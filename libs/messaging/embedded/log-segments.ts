import type { DatabaseSync } from 'node:sqlite';
import type { Expired, LogApi, NewSegment, StoredSegment } from './log-api.ts';

type SegmentApi = Pick<LogApi, 'append' | 'fetch' | 'count'>;

const OF_TOPIC = 'topic = (SELECT id FROM topic WHERE name = ?)';

const RESERVE = `INSERT INTO topic (name, next) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET next = next + excluded.next RETURNING id, next`;

/** The messages of topics. `onAppended` is called when some were added. */
export function segments(db: DatabaseSync, onAppended: () => void): SegmentApi {
  const reserve = db.prepare(RESERVE);
  const insert = db.prepare('INSERT INTO segment (topic, last, count, published_at, body) VALUES (?, ?, ?, ?, ?)');
  const select = db.prepare(
    `SELECT last, count, published_at, body FROM segment WHERE ${OF_TOPIC} AND last >= ? ORDER BY last`,
  );
  const count = db.prepare(`SELECT coalesce(sum(count), 0) AS n FROM segment WHERE ${OF_TOPIC}`);
  return {
    append(topic, added) {
      const total = countOf(added);
      const row = reserve.get(topic, total);
      const id = Number(row?.['id']);
      let next = Number(row?.['next']) - total;
      const publishedAt = Date.now();
      const places = added.map(({ count, body }) => {
        next += count;
        insert.run(id, next - 1, count, publishedAt, body);
        return { first: next - count, publishedAt };
      });
      onAppended();
      return places;
    },
    fetch(topic, from, maxMessages, maxBytes) {
      const found: StoredSegment[] = [];
      let messages = 0;
      let bytes = 0;
      for (const row of select.iterate(topic, from)) {
        const segment = storedSegment(row);
        found.push(segment);
        messages += segment.count;
        bytes += segment.body.byteLength;
        if (messages >= maxMessages || bytes >= maxBytes) break;
      }
      return found;
    },
    count: (topic) => Number(count.get(topic)?.['n']),
  };
}

function countOf(segments: readonly NewSegment[]): number {
  return segments.reduce((sum, { count }) => sum + count, 0);
}

function storedSegment(row: Record<string, unknown>): StoredSegment {
  const count = Number(row['count']);
  return {
    first: Number(row['last']) - count + 1,
    count,
    publishedAt: Number(row['published_at']),
    body: row['body'] as Uint8Array,
  };
}

/** Segments of a topic that are removed because of their age in one go at most: bounds how long others wait. */
const MAX_EXPIRED = 50;

/** Removes what is too old, oldest first, and tells what of it nobody had consumed. */
export function expiry(db: DatabaseSync, onRemoved: () => void): LogApi['expire'] {
  const topics = db.prepare(
    `SELECT id, name, (SELECT min(position) FROM consumer_group WHERE topic = id) AS consumed FROM topic`,
  );
  const oldest = db.prepare(
    'SELECT id, last, count FROM segment WHERE topic = ? AND published_at < ? ORDER BY last LIMIT ?',
  );
  const remove = db.prepare('DELETE FROM segment WHERE id = ?');
  const pass = db.prepare('UPDATE consumer_group SET position = ? WHERE topic = ? AND position < ?');
  return (time) => {
    const expired: Expired[] = [];
    for (const { id = null, name, consumed } of topics.all()) {
      let messages = 0;
      for (const segment of oldest.all(id, time, MAX_EXPIRED)) {
        const next = Number(segment['last']) + 1;
        const first = next - Number(segment['count']);
        messages += next - Math.min(next, Math.max(first, Number(consumed ?? 0)));
        remove.run(Number(segment['id']));
        pass.run(next, id, next);
        onRemoved();
      }
      if (messages > 0) expired.push({ topic: String(name), messages });
    }
    return expired;
  };
}
