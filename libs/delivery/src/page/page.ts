export const PAGE = /* HTML */ `<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>Live feed · Mastodon Stream Hub</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="live.css" />
      <script src="live.js" defer></script>
    </head>
    <body>
      <a class="skip" href="#feed">Skip to the posts</a>
      <header>
        <h1>Mastodon Stream Hub</h1>
        <p id="state" role="status" data-state="connecting">Connecting …</p>
        <p id="simulated" hidden>These posts come from the built-in simulator: nobody wrote them.</p>
        <form id="filter" role="search" aria-label="Filter the feed">
          <label>Language <input name="language" size="6" placeholder="en, de" autocapitalize="off" /></label>
          <label>Hashtag <input name="hashtag" size="12" placeholder="cats" autocapitalize="off" /></label>
          <label>Words <input name="keyword" size="16" /></label>
          <button type="submit">Show</button>
          <button type="button" id="pause" aria-pressed="false">Pause</button>
        </form>
        <p id="problem" role="alert" hidden></p>
      </header>
      <main id="feed" tabindex="-1" role="feed" aria-busy="false" aria-label="Posts, the newest first"></main>
      <noscript><p class="empty">This page needs JavaScript. The feed itself does not: read /api/v1/feed.</p></noscript>
      <template id="post">
        <article tabindex="0">
          <div class="by">
            <img class="avatar" alt="" width="44" height="44" loading="lazy" referrerpolicy="no-referrer" />
            <div class="who">
              <a class="name" dir="auto" rel="nofollow noopener noreferrer"></a><span class="acct" dir="ltr"></span>
            </div>
            <a class="when" rel="nofollow noopener noreferrer"><time></time></a>
          </div>
          <p class="boost" dir="auto" hidden></p>
          <details class="covered" hidden><summary dir="auto"></summary></details>
          <div class="content" dir="auto"></div>
          <div class="media"></div>
          <p class="facts"></p>
        </article>
      </template>
    </body>
  </html> `;
