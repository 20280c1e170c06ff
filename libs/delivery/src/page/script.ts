/** The page's script: plain JavaScript for browsers of today. Backslashes are doubled nowhere: String.raw. */
export const SCRIPT = String.raw`'use strict';
const MOST = 100;
const FIELDS = ['language', 'hashtag', 'keyword'];
const $ = (id) => document.getElementById(id);
const feed = $('feed');
const shown = new Map();
let source;
let held = [];

function state(name, words) {
  $('state').dataset.state = name;
  $('state').textContent = words;
}

function problem(words) {
  $('problem').hidden = !words;
  $('problem').textContent = words ?? '';
}

const isWeb = (url) => /^https?:\/\//i.test(url ?? '');

function withEmoji(element, emojis) {
  if (emojis.length === 0) return;
  const known = new Map(emojis.map((emoji) => [emoji.shortcode, emoji.static_url || emoji.url]));
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = text.data.split(/:([A-Za-z0-9_]+):/);
    if (parts.length === 1) continue;
    text.replaceWith(
      ...parts.map((part, i) => {
        if (i % 2 === 0) return part;
        const url = known.get(part);
        if (!isWeb(url)) return ':' + part + ':';
        const image = document.createElement('img');
        Object.assign(image, { className: 'emoji', src: url, alt: ':' + part + ':', title: part, loading: 'lazy' });
        image.referrerPolicy = 'no-referrer';
        return image;
      }),
    );
  }
}

function mediaElement(media) {
  const url = media.url ?? media.remote_url;
  if (!isWeb(url)) return '';
  const tag = { video: 'video', gifv: 'video', audio: 'audio' }[media.type] ?? 'img';
  const element = document.createElement(tag);
  element.dir = 'auto';
  if (tag === 'img') {
    Object.assign(element, { src: media.preview_url ?? url, alt: media.description ?? '', loading: 'lazy' });
    element.referrerPolicy = 'no-referrer';
  } else {
    Object.assign(element, { src: url, controls: true, preload: 'none', loop: media.type === 'gifv' });
    if (isWeb(media.preview_url) && tag === 'video') element.poster = media.preview_url;
    element.setAttribute('aria-label', media.description ?? media.type);
  }
  element.title = media.description ?? '';
  return element;
}

function fillMedia(place, post) {
  const show = () => place.replaceChildren(...post.media_attachments.map(mediaElement));
  if (post.media_attachments.length === 0) return;
  if (!post.sensitive) return show();
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Sensitive media: show';
  button.addEventListener('click', show);
  place.replaceChildren(button);
}

function facts(post) {
  const said = [post.language, post.edited_at && 'edited', post.account.bot && 'bot'].filter(Boolean);
  if (post.poll) said.push('poll: ' + post.poll.options.map((option) => option.title).join(' / '));
  return said.join(' · ');
}

function fillAuthor(at, { account }) {
  if (isWeb(account.avatar_static)) at('.avatar').src = account.avatar_static;
  at('.name').textContent = account.display_name || account.username;
  withEmoji(at('.name'), account.emojis);
  if (isWeb(account.url)) at('.name').href = account.url;
  at('.acct').textContent = '@' + account.acct;
}

function article(outer) {
  const post = outer.reblog ?? outer;
  const element = $('post').content.firstElementChild.cloneNode(true);
  const at = (selector) => element.querySelector(selector);
  fillAuthor(at, post);
  at('.boost').hidden = post === outer;
  at('.boost').textContent = post === outer ? '' : 'Boosted by ' + (outer.account.display_name || outer.account.acct);
  if (isWeb(post.url)) at('.when').href = post.url;
  at('time').dateTime = post.created_at;
  at('time').textContent = new Date(post.created_at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  at('time').title = new Date(post.created_at).toLocaleString();
  at('.content').innerHTML = post.content;
  if (post.language) at('.content').lang = post.language;
  for (const link of at('.content').querySelectorAll('a')) link.target = '_blank';
  withEmoji(at('.content'), post.emojis);
  fillMedia(at('.media'), post);
  if (post.spoiler_text) {
    const covered = at('.covered');
    covered.hidden = false;
    covered.firstElementChild.textContent = post.spoiler_text;
    withEmoji(covered.firstElementChild, post.emojis);
    covered.append(at('.content'), at('.media'));
  }
  at('.facts').textContent = facts(post);
  element.setAttribute('aria-label', 'Post by ' + at('.name').textContent);
  return element;
}

function show(post) {
  const fresh = article(post);
  const old = shown.get(post.id);
  shown.set(post.id, fresh);
  if (old) return old.replaceWith(fresh);
  feed.prepend(fresh);
  for (const [id, element] of shown) {
    if (shown.size <= MOST) break;
    element.remove();
    shown.delete(id);
  }
}

function remove(id) {
  shown.get(id)?.remove();
  shown.delete(id);
  held = held.filter((post) => post.id !== id);
}

function note(post) {
  $('empty')?.remove();
  if (/^(localhost|127\.|\[::1\]|simulator)/.test(post.hub.source)) $('simulated').hidden = false;
  if ($('pause').getAttribute('aria-pressed') !== 'true') return show(post);
  held = [...held.filter((other) => other.id !== post.id), post].slice(-MOST);
  $('pause').textContent = 'Go on (' + held.length + ')';
}

function noteGap(gap) {
  const line = document.createElement('p');
  line.className = 'gap';
  line.textContent = 'Not read: ' + gap.source + ', ' + gap.from + ' to ' + gap.to + ' (' + gap.reason + ')';
  feed.prepend(line);
  setTimeout(() => line.remove(), 60000);
}

function follow(parameters) {
  source = new EventSource('api/v1/feed?' + parameters);
  source.onopen = () => {
    state('live', 'Live');
    problem();
  };
  const on = (type, handle) => source.addEventListener(type, (event) => handle(JSON.parse(event.data)));
  on('post', note);
  on('edit', note);
  on('delete', ({ id }) => remove(id));
  on('gap', noteGap);
  source.addEventListener('error', (event) => {
    if (event.data) return problem(JSON.parse(event.data).message);
    const isLost = source.readyState === EventSource.CLOSED;
    state(isLost ? 'lost' : 'connecting', isLost ? 'Not connected' : 'Connecting again …');
    if (isLost) setTimeout(start, 5000);
  });
}

async function start() {
  source?.close();
  const parameters = new URLSearchParams(location.search);
  for (const name of [...parameters.keys()]) if (!FIELDS.includes(name)) parameters.delete(name);
  try {
    const answer = await fetch('api/v1/posts?limit=30&' + parameters);
    const page = await answer.json();
    if (!answer.ok) throw new Error(page.error.message);
    shown.clear();
    held = [];
    feed.innerHTML = '<p class="empty" id="empty">No posts yet: new ones appear here by themselves.</p>';
    for (const post of page.posts.reverse()) note(post);
    parameters.set('cursor', page.cursor);
    follow(parameters);
  } catch (error) {
    state('lost', 'Not connected');
    problem(String(error.message));
    setTimeout(start, 5000);
  }
}

$('pause').addEventListener('click', () => {
  const isPaused = $('pause').getAttribute('aria-pressed') !== 'true';
  $('pause').setAttribute('aria-pressed', String(isPaused));
  $('pause').textContent = isPaused ? 'Go on' : 'Pause';
  if (!isPaused) held.splice(0).forEach(show);
});

$('filter').addEventListener('submit', (event) => {
  event.preventDefault();
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData($('filter'))) if (value.trim()) parameters.set(name, value.trim());
  history.replaceState(null, '', '?' + parameters);
  void start();
});

feed.addEventListener('keydown', ({ key, target }) => {
  const step = { j: 'nextElementSibling', ArrowDown: 'nextElementSibling', k: 'previousElementSibling', ArrowUp: 'previousElementSibling' }[key];
  if (step && target.matches('article')) {
    target[step]?.focus();
  }
});

for (const [name, value] of new URLSearchParams(location.search)) {
  const input = $('filter').elements.namedItem(name);
  if (input) input.value = value;
}
void start();
`;
