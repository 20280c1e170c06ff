import { describe, expect, it } from '@jest/globals';
import { markupOf, paragraphs, tagUrl } from './html.ts';

const home = markupOf('http://localhost:3000', true);
const abroad = markupOf('https://birdhouse.example', false);

describe('markupOf', () => {
  it('hides scheme and end of long links', () => {
    expect(home.link('https://www.example.com/a-walk-along-the-old-canal?x=1&y=2')).toBe(
      '<a href="https://www.example.com/a-walk-along-the-old-canal?x=1&amp;y=2" target="_blank" rel="nofollow noopener" translate="no">' +
        '<span class="invisible">https://www.</span><span class="ellipsis">example.com/a-walk-along-the-o</span>' +
        '<span class="invisible">ld-canal?x=1&amp;y=2</span></a>',
    );
  });

  it('shows short links whole', () => {
    expect(home.link('https://a.example/b')).toContain(
      '<span class="">a.example/b</span><span class="invisible"></span>',
    );
  });

  it('writes hashtags and mentions as the server of the author does', () => {
    expect(home.hashtag('FOSS')).toBe(
      '<a href="http://localhost:3000/tags/foss" class="mention hashtag" rel="tag">#<span>FOSS</span></a>',
    );
    expect(abroad.hashtag('写真')).toBe(
      '<a href="https://birdhouse.example/tags/%E5%86%99%E7%9C%9F" class="mention hashtag" rel="nofollow noopener" target="_blank">#<span>写真</span></a>',
    );
    expect(home.mention({ username: 'ada', url: 'http://localhost:3000/@ada' })).toBe(
      '<span class="h-card" translate="no"><a href="http://localhost:3000/@ada" class="u-url mention">@<span>ada</span></a></span>',
    );
  });
});

describe('paragraphs and addresses', () => {
  it('wraps and escapes', () => {
    expect(paragraphs(['a', 'b'])).toBe('<p>a</p><p>b</p>');
    expect(paragraphs(['a', '<ul><li>b</li></ul>'])).toBe('<p>a</p><ul><li>b</li></ul>');
    expect(tagUrl('https://x.example', 'Ｆｕ')).toBe('https://x.example/tags/fu');
  });
});
