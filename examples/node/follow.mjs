// Follows a hashtag and goes on where it stopped: node follow.mjs http://localhost:8080 cats
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connectHub } from 'mastodon-stream-hub-client';

const [url = 'http://localhost:8080', hashtag = 'cats'] = process.argv.slice(2);
const file = 'follow.cursor';
const cursorStore = {
  load: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  save: (cursor) => writeFileSync(file, cursor),
};

const stop = new AbortController();
process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());

const hub = connectHub(url);
const subscription = hub.subscribe({
  filter: { hashtag: [hashtag] },
  cursorStore,
  signal: stop.signal,
  onState: (state) => console.error(`[${state}]`),
});
for await (const { type, data } of subscription) {
  if (type === 'post' || type === 'edit') console.log(`${type} ${data.account.acct}: ${data.hub.text}`);
  else console.log(type, JSON.stringify(data));
}
hub.close();
