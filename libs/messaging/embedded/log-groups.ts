import type { DatabaseSync } from 'node:sqlite';
import type { LogApi } from './log-api.ts';

const OF_GROUP = 'topic = (SELECT id FROM topic WHERE name = ?) AND name = ?';

/** Who may consume for a group. Each lease has a higher epoch than the one before. */
export function leases(db: DatabaseSync): Pick<LogApi, 'acquire' | 'renew' | 'release'> {
  const acquire = db.prepare(
    `UPDATE consumer_group SET epoch = epoch + 1, lease_until = ?
     WHERE ${OF_GROUP} AND lease_until <= ? RETURNING epoch, position`,
  );
  const hold = db.prepare(`UPDATE consumer_group SET lease_until = ? WHERE ${OF_GROUP} AND epoch = ?`);
  return {
    acquire(topic, group, ttlMs) {
      const now = Date.now();
      const row = acquire.get(now + ttlMs, topic, group, now);
      return row === undefined ? undefined : { epoch: Number(row['epoch']), position: Number(row['position']) };
    },
    renew: (topic, group, epoch, ttlMs) => hold.run(Date.now() + ttlMs, topic, group, epoch).changes === 1,
    release: (topic, group, epoch) => void hold.run(0, topic, group, epoch),
  };
}

/** How far groups have consumed. `onRemoved` is called when messages were removed, as every group has consumed them. */
export function positions(db: DatabaseSync, onRemoved: () => void): Pick<LogApi, 'register' | 'commit' | 'lag'> {
  const insertTopic = db.prepare('INSERT INTO topic (name) VALUES (?) ON CONFLICT DO NOTHING');
  const insert = db.prepare(
    `INSERT INTO consumer_group (topic, name, position)
     SELECT id, ?, coalesce((SELECT min(last - count + 1) FROM segment WHERE topic = topic.id), next)
     FROM topic WHERE name = ? ON CONFLICT DO NOTHING`,
  );
  const move = db.prepare(`UPDATE consumer_group SET position = ? WHERE ${OF_GROUP} AND epoch = ?`);
  const removeConsumed = db.prepare(
    `DELETE FROM segment WHERE topic = (SELECT id FROM topic WHERE name = ?)
     AND last < (SELECT min(position) FROM consumer_group WHERE consumer_group.topic = segment.topic)`,
  );
  const lag = db.prepare(
    `SELECT next - position AS lag FROM consumer_group JOIN topic ON topic.id = topic
     WHERE topic.name = ? AND consumer_group.name = ?`,
  );
  return {
    register(topic, group) {
      insertTopic.run(topic);
      insert.run(group, topic);
    },
    commit(topic, group, epoch, position) {
      if (move.run(position, topic, group, epoch).changes === 0) return false;
      if (removeConsumed.run(topic).changes > 0) onRemoved();
      return true;
    },
    lag: (topic, group) => Number(lag.get(topic, group)?.['lag'] ?? 0),
  };
}
