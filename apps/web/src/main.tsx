import { connectHub } from '@hub/client';
import { createRoot } from 'react-dom/client';
import { tokenForHub } from './access/token.ts';
import { App } from './app.tsx';
import { HubContext } from './context.ts';
import { FeedStore } from './feed/feed-store.ts';
import { place } from './location.ts';
import { Pulse } from './pulse/pulse.ts';
import { applySettings } from './settings/settings.ts';
import './style.css';

applySettings(document.documentElement);

const feed = new FeedStore(connectHub(location.origin, { token: tokenForHub }));
const pulse = new Pulse();
feed.observe((events) => pulse.note(events));
feed.start(place.value.filter);

let shown = JSON.stringify(place.value.filter);
place.listen(() => {
  const wanted = JSON.stringify(place.value.filter);
  if (wanted !== shown) {
    pulse.clear();
    feed.start(place.value.filter);
  }
  shown = wanted;
});

const app = document.querySelector('#app');
if (app === null) throw new Error('The page has no place for the application.');
createRoot(app).render(
  <HubContext value={{ feed, pulse }}>
    <App />
  </HubContext>,
);

// Only over https and on this computer; elsewhere the page works without.
if ('serviceWorker' in navigator && import.meta.env.PROD) {
  navigator.serviceWorker
    .register('./sw.js')
    .catch(() => feed.say('This browser does not keep the page for offline use.'));
}
