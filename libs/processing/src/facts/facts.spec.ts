import { describe, expect, it } from '@jest/globals';
import { sanitise } from '../clean/sanitise.ts';
import { emojiIn } from './emoji.ts';
import { hashtags } from './hashtags.ts';
import { readHtml } from './read-html.ts';

const read = (html: string) => readHtml(sanitise(html));

describe('readHtml', () => {
  it.each([
    ['paragraphs and line breaks', '<p>a<br>b</p><p>c</p>', 'a\nb\n\nc'],
    ['entities', '<p>1 &lt; 2 &amp;amp; 3 &quot;x&quot; &eacute;</p>', '1 < 2 &amp; 3 "x" é'],
    [
      'hidden parts of links',
      '<a href="https://a.example/b/c"><span class="invisible">https://</span><span class="ellipsis">a.example/b</span><span class="invisible">/c</span></a>',
      'https://a.example/b/c',
    ],
    ['lists', '<p>x</p><ul><li>a</li><li>b</li></ul><p>y</p>', 'x\n\na\nb\n\ny'],
    ['white space as browsers do', '<p>a \n\t b</p>', 'a b'],
    ['code with its own', '<pre><code>a\n  b</code></pre>', 'a\n  b'],
    ['emphasis within a word', '<p>a<b>b</b>c</p>', 'abc'],
    ['nothing', '', ''],
  ])('reads %s', (_what, html, text) => {
    expect(read(html).text).toBe(text);
  });

  it('finds outbound links, each once, and neither mentions nor hashtags', () => {
    const html =
      '<p><a href="https://a.example/?x=1&amp;y=2">a</a> <a href="https://a.example/?x=1&amp;y=2">b</a>' +
      '<a href="https://b.example/@u" class="u-url mention">@<span>u</span></a>' +
      '<a href="https://b.example/tags/t" class="mention hashtag" rel="tag">#<span>t</span></a>' +
      '<a href="https://c.example/tags/u" rel="tag">#u</a> <a href="https://c.example/@v">@v@c.example</a>' +
      '<a href="https://d.example">mentioned</a></p>';
    expect(read(html).links).toEqual(['https://a.example/?x=1&y=2', 'https://d.example']);
  });
});

describe('hashtags', () => {
  it('are those of the server, then those of the text, folded, each once', () => {
    expect(hashtags([{ name: 'Cats' }, { name: 'cats' }], 'See #CATS, #Dogs! ＃日本 #ｆｕｌｌ')).toEqual([
      'cats',
      'dogs',
      '日本',
      'full',
    ]);
  });

  it.each([
    ['a number', '#1 of #2026'],
    ['a fragment', 'https://a.example/b#c https://a.example/#d ?e=#f'],
    ['within a word', 'C#sharp a_#b'],
    ['an entity', '&#39;'],
    ['alone', '# #'],
  ])('are not %s', (_what, text) => {
    expect(hashtags([], text)).toEqual([]);
  });

  it('may hold digits, joiners and combining marks', () => {
    expect(hashtags([], '#2026vision #می‌خواهم #हिन्दी #a_b')).toEqual(['2026vision', 'می‌خواهم', 'हिन्दी', 'a_b']);
  });
});

describe('emojiIn', () => {
  it('finds emoji as people see them, in order, each once', () => {
    expect(emojiIn('a 🎉 👩‍👩‍👧 🎉 🇩🇪 1️⃣ 👍🏽 ❤️ 12 # ©', [])).toEqual(['🎉', '👩‍👩‍👧', '🇩🇪', '1️⃣', '👍🏽', '❤️']);
  });

  it('finds shortcodes that the post lists and that stand alone', () => {
    const listed = [{ shortcode: 'blob_cat' }, { shortcode: 'x' }];
    expect(emojiIn('😀:blob_cat: :unknown: a:x:b 10:x:30 :x:', listed)).toEqual(['😀', ':blob_cat:', ':x:']);
  });
});
