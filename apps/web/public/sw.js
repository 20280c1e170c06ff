/* The page without a network: its own files are kept, posts never are. */
const CACHE = 'hub-page';
const PAGE = new URL('./', self.location.href);
const HASHED = '/assets/';

/** Keeps the page with what it begins with. Another page has other files: those of the one before are let go. */
async function keepPage(response) {
  if (!response.ok) return;
  const cache = await caches.open(CACHE);
  const page = await response.clone().text();
  if ((await (await cache.match(PAGE))?.text()) === page) return;
  for (const request of await cache.keys()) await cache.delete(request);
  const files = [...page.matchAll(/(?:src|href)="(\.\/(?:assets\/|icon\.svg)[^"]*)"/g)].map(([, file]) => file);
  await cache.addAll(files);
  await cache.put(PAGE, response);
}

async function keptOrFetched(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

self.addEventListener('install', (event) => {
  const install = async () => {
    await keepPage(await fetch(PAGE, { cache: 'no-cache' }));
    await self.skipWaiting();
  };
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The newest page where the hub answers, else the one that is kept. */
async function page(event) {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keepPage(response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== PAGE.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE.pathname) event.respondWith(page(event));
  } else if (url.pathname.includes(HASHED)) event.respondWith(keptOrFetched(request));
  else if (url.pathname.endsWith('/icon.svg')) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});
