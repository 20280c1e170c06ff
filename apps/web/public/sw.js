/* The page without a network: its own files are kept, posts never are. */
const CACHE = 'hub-page';

const keep = async (request, response) => {
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
};

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      const page = await fetch('./', { cache: 'no-cache' });
      const files = [...(await page.clone().text()).matchAll(/(?:src|href)="(\.\/assets\/[^"]+)"/g)].map(
        ([, file]) => file,
      );
      await cache.put('./', page);
      await cache.addAll(files);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  // The newest page when the hub answers, else the one that is kept.
  if (request.mode === 'navigate') {
    event.respondWith(
      fetch(request).then(
        (response) => (url.pathname === new URL('./', self.location.href).pathname ? keep('./', response) : response),
        async () => (await caches.match('./')) ?? Response.error(),
      ),
    );
  } else if (url.pathname.includes('/assets/')) {
    event.respondWith(
      caches.match(request).then((kept) => kept ?? fetch(request).then((fresh) => keep(request, fresh))),
    );
  }
});
