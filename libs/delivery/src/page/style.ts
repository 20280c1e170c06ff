export const STYLE = /* CSS */ `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f4f8, #14151b);
  --card: light-dark(#fff, #1e2029);
  --ink: light-dark(#1b1c22, #eceef4);
  --faint: light-dark(#5b6070, #a2a8ba);
  --line: light-dark(#dcdfe8, #31343f);
  --accent: light-dark(#4a3fd1, #a59cff);
  --good: light-dark(#17753f, #63d794);
  --bad: light-dark(#b3261e, #ff8f85);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 0 1rem 4rem; max-width: 42rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.5rem; z-index: 2; }
header { position: sticky; top: 0; z-index: 1; background: var(--ground); padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.25rem; margin: 0; display: inline-block; }
header p { margin: 0.25rem 0 0; font-size: 0.875rem; color: var(--faint); }
#state { float: right; }
#state::before { content: ''; display: inline-block; width: 0.6rem; height: 0.6rem; border-radius: 50%; margin-inline-end: 0.4rem; background: var(--faint); }
#state[data-state='live']::before { background: var(--good); }
#state[data-state='lost']::before { background: var(--bad); }
#problem { color: var(--bad); }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin-top: 0.5rem; font-size: 0.875rem; }
label { display: grid; color: var(--faint); }
input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.3rem 0.6rem; }
button { cursor: pointer; }
button[aria-pressed='true'] { background: var(--accent); color: var(--ground); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem; margin-top: 0.75rem; overflow-wrap: anywhere; }
@media (prefers-reduced-motion: no-preference) {
  article { animation: come 0.25s ease-out; }
  @keyframes come { from { opacity: 0; translate: 0 -0.5rem; } }
}
.by { display: flex; gap: 0.75rem; align-items: center; }
.avatar { border-radius: 0.6rem; background: var(--line); object-fit: cover; }
.who { flex: 1; min-width: 0; display: grid; line-height: 1.25; }
.name { font-weight: 600; color: inherit; text-decoration: none; justify-self: start; }
.acct, .when, .facts, .boost { font-size: 0.8125rem; color: var(--faint); }
.content { margin-top: 0.6rem; }
.content p { margin: 0 0 0.6rem; white-space: pre-wrap; }
.content .invisible { display: none; }
.content .ellipsis::after { content: '…'; }
.content pre { overflow-x: auto; }
.covered { margin-top: 0.75rem; border: 1px dashed var(--line); border-radius: 0.5rem; padding: 0.4rem 0.75rem; }
summary { cursor: pointer; font-weight: 600; }
.emoji { height: 1.2em; width: auto; vertical-align: -0.2em; }
.media:not(:empty) { margin-top: 0.6rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.5rem; }
.media img, .media video { width: 100%; max-height: 22rem; object-fit: cover; border-radius: 0.5rem; background: var(--line); }
.media audio { width: 100%; }
.media button { min-height: 5rem; }
.facts { margin: 0.5rem 0 0; }
.empty { text-align: center; color: var(--faint); margin-top: 3rem; }
.gap { text-align: center; font-size: 0.8125rem; color: var(--bad); margin: 0.75rem 0; }
`;
