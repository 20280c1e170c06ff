import { describe, expect, it } from '@jest/globals';
import { render } from '../testing/render.tsx';
import { RichText } from './rich-text.tsx';

const EMOJI = {
  shortcode: 'cat',
  url: 'https://a.example/cat.png',
  static_url: '',
  visible_in_picker: true,
  category: null,
};

describe('RichText', () => {
  it('shows what Mastodon allows as it is', async () => {
    const html = '<p>Hello <strong>world</strong><br>and <em>all</em></p><ul><li>one</li></ul>';
    const place = await render(<RichText html={html} emojis={[]} />);
    expect(place.innerHTML).toBe(html);
  });

  it('opens links beside the page, and hashtags within it', async () => {
    const html =
      '<p><a href="https://a.example/x" rel="me">x</a> <a class="mention hashtag" href="https://a.example/tags/Cats">#<span>Cats</span></a></p>';
    const [link, tag] = (await render(<RichText html={html} emojis={[]} />)).querySelectorAll('a');
    expect(link?.outerHTML).toBe(
      '<a dir="auto" href="https://a.example/x" target="_blank" rel="nofollow noopener noreferrer">x</a>',
    );
    expect(tag?.getAttribute('href')).toBe('?hashtag=Cats');
    expect(tag?.getAttribute('target')).toBeNull();
  });

  it('has custom emoji as pictures, unknown ones as words', async () => {
    const place = await render(<RichText html="<p>a :cat: and a :dog:</p>" emojis={[EMOJI]} />);
    expect(place.querySelector('img')?.getAttribute('alt')).toBe(':cat:');
    expect(place.textContent).toBe('a  and a :dog:');
  });

  it.each([
    ['<p onclick="alert(1)">a</p>', '<p>a</p>'],
    ['<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
    ['<a href="data:text/html,x">a</a>', '<a>a</a>'],
    ['<object data="https://evil.example"></object>b', 'b'],
    ['<p style="position:fixed" class="fixed inset-0 mention">a</p>', '<p class="mention">a</p>'],
  ])('is safe also with what nobody sanitised: %s', async (html, shown) => {
    expect((await render(<RichText html={html} emojis={[]} />)).innerHTML).toBe(shown);
  });
});
