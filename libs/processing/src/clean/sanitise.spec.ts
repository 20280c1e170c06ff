import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parse, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { sanitise, sanitiseAnything } from './sanitise.ts';
import { cleanText } from './text.ts';
import { sanitiseWellFormed } from './well-formed.ts';

type Node = DefaultTreeAdapterTypes.Node;

const corpus = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/xss/corpus.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;
const cases = Object.entries(corpus).flatMap(([group, list]) => list.map((html) => [group, html] as const));

const ELEMENTS = 'p br span a del s pre blockquote code b strong u i em ul ol li ruby rt rp'.split(' ');
const ATTRIBUTES: Record<string, RegExp> = {
  href: /^https?:\/\/[^\s"'<>]+$/,
  class: /^(?:(?:[hpue]|dt)-[\w-]*|mention|hashtag|ellipsis|invisible|quote-inline| )+$/,
  rel: /^nofollow noopener noreferrer$/,
  target: /^_blank$/,
  translate: /^no$/,
  lang: /^[a-z0-9-]{1,35}$/i,
  start: /^-?\d+$/,
  reversed: /^$/,
  value: /^-?\d+$/,
};

/** What a browser makes of the HTML and may not: its own parser's rules, so that nothing hides in how it is written. */
function dangers(node: Node): string[] {
  const found: string[] = [];
  if (node.nodeName === '#comment' || node.nodeName === '#documentType') found.push(node.nodeName);
  if ('tagName' in node && !['html', 'head', 'body'].includes(node.tagName)) {
    if (!ELEMENTS.includes(node.tagName)) found.push(`<${node.tagName}>`);
    for (const { name, value } of node.attrs) {
      if (ATTRIBUTES[name]?.test(value) !== true) found.push(`${node.tagName}[${name}=${value}]`);
    }
    const names = new Set(node.attrs.map(({ name }) => name));
    if (node.tagName === 'a' && !(names.has('href') && names.has('rel') && names.has('target'))) {
      found.push('a link without its attributes');
    }
  }
  if (
    'attrs' in node &&
    'tagName' in node &&
    ['html', 'head', 'body'].includes(node.tagName) &&
    node.attrs.length > 0
  ) {
    found.push(`<${node.tagName}> with attributes`);
  }
  return 'childNodes' in node ? [...found, ...node.childNodes.flatMap(dangers)] : found;
}

const allDangers = (html: string): string[] => [...dangers(parseFragment(html)), ...dangers(parse(`<body>${html}`))];

describe('sanitise', () => {
  it.each(cases)('leaves nothing that acts (%s): %j', (_group, html) => {
    const clean = sanitise(html);
    expect(allDangers(clean)).toEqual([]);
    expect(sanitise(clean)).toBe(clean);
  });

  it('would see a danger if one were left', () => {
    expect(allDangers('<p onclick="x">a<img></p><a href="javascript:x">b</a>')).not.toHaveLength(0);
  });

  it.each(corpus['legitimate'] ?? [])('keeps what Mastodon allows: %s', (html) => {
    const opened = (text: string) => [...text.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag);
    expect(opened(sanitise(html))).toEqual(opened(html));
  });

  it.each([
    ['a heading in bold', '<h2>Title</h2>', '<p><strong>Title</strong></p>'],
    ['blocks parted', '<div>a</div><div>b</div>', ' a  b '],
    ['an image as nothing', '<p>a<img src="https://x.example/a.png" alt="b">c</p>', '<p>ac</p>'],
    ['a link that leads nowhere as its text', '<p><a href="mailto:a@b.c">a@b.c</a></p>', '<p>a@b.c</p>'],
    [
      'links made safe',
      '<a href="https://x.example/?a=1&b=2" rel="me" onclick="x">y</a>',
      '<a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer" target="_blank">y</a>',
    ],
    ['classes by the list', '<p class="mention red h-card u-">a</p>', '<p class="mention h-card u-">a</p>'],
    ['lists and their numbers', '<ol start="3" reversed><li value="x">a', '<ol start="3" reversed><li>a</li></ol>'],
    ['what was left open, closed', '<p>a<b>b', '<p>a<b>b</b></p>'],
    ['quotes as text', '<p>&quot;a&quot; &#39;b&#39;</p>', `<p>"a" 'b'</p>`],
    [
      'a link in a link as two',
      '<a href="https://x.example">a<a href="https://y.example">b</a></a>',
      '<a href="https://x.example" rel="nofollow noopener noreferrer" target="_blank">a</a>' +
        '<a href="https://y.example" rel="nofollow noopener noreferrer" target="_blank">b</a>',
    ],
    ['old line breaks', 'a<br>b<br/>c', 'a<br />b<br />c'],
  ])('shows %s', (_what, html, expected) => {
    expect(sanitise(html)).toBe(expected);
  });

  it('takes bounded time for the worst nesting that is let through', () => {
    const start = performance.now();
    sanitise('<b>'.repeat(5_000) + '</i>'.repeat(5_000));
    sanitise('<p><foo>'.repeat(5_000));
    sanitise('<a '.repeat(10_000));
    sanitise('<p class="'.repeat(10_000));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

const tags =
  'p p a span br b strong h1 div ul li ol blockquote pre code script style svg math foo table td iframe ruby rt textarea select option title noscript em hr img form xmp template body html plaintext annotation-xml mtext mglyph'.split(
    ' ',
  );
const attributes = [
  '',
  ' class="mention hashtag"',
  ' class="x"',
  ' href="https://a.example/?a=1&amp;b=2"',
  ' href="javascript:alert(1)"',
  ' onclick="x"',
  " href='http://x/y'",
  ' start="3"',
  ' reversed',
  ' lang="en"',
  ' translate="no"',
  ' href="https://x/&quot;&gt;"',
  ' href="https://x/a b"',
  ' href="//x"',
  ' href=""',
  ' lang=""',
  ' href="https://x/&#39;"',
  ' href="https://x/&amp;amp;"',
];
const texts = ['text', ' a &amp; b ', '&lt;', '&amp;lt;', '&#39;', '&quot;', '"', "'", '<br>', '<br />', '\n', 'é🎉'];
const odd = ['&', '<', '>', '&nbsp;', '&#x3c;', '<!--', '-->', '<![CDATA[', ']]>', '</', '<p', '/>', '\0', '&copy'];

const soup = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...tags), fc.constantFrom(...attributes))
        .map(([tag, attribute]) => `<${tag}${attribute}>`),
      fc.constantFrom(...tags).map((tag) => `</${tag}>`),
      fc.constantFrom(...texts, ...odd),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(''));

const { wellFormed } = fc.letrec<{ node: string; block: string; wellFormed: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...texts, ...odd),
    fc
      .tuple(
        fc.constantFrom(
          'p',
          'a',
          'span',
          'strong',
          'code',
          'b',
          's',
          ...'ul li ol blockquote pre ruby rt rp'.split(' '),
        ),
        fc.array(fc.constantFrom(...attributes), { maxLength: 2 }),
        fc.array(tie('node'), { maxLength: 4 }),
      )
      .map(([tag, given, inner]) => `<${tag}${given.join('')}>${inner.join('')}</${tag}>`),
  ),
  wellFormed: fc.array(tie('block'), { maxLength: 4 }).map((nodes) => nodes.join('')),
  block: fc.oneof(
    { depthSize: 'small' },
    tie('node'),
    fc
      .tuple(fc.constantFrom('p', 'blockquote', 'pre'), fc.array(tie('block'), { maxLength: 3 }))
      .map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag}>`),
    fc
      .tuple(
        fc.constantFrom('ul', 'ol', 'ol start="3"', 'ol reversed=""'),
        fc.array(fc.array(tie('block'), { maxLength: 3 }), { maxLength: 3 }),
      )
      .map(([list, items]) => {
        const inner = items.map((item) => `<li value="7">${item.join('')}</li>`).join('');
        return `<${list}>${inner}</${list.slice(0, 2)}>`;
      }),
  ),
}));

describe('sanitise, of anything', () => {
  it('is safe and changes nothing the second time', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const clean = sanitise(html);
        expect(allDangers(clean)).toEqual([]);
        expect(sanitise(clean)).toBe(clean);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '<p>a</p><ul><li>b</li><li><p>c</p><ol start="2"><li value="5">d</li></ol></li></ul>',
    '<blockquote><p>a</p><blockquote>b</blockquote></blockquote><pre><code class="x">c\n  d</code></pre>',
    'a<br/><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>',
  ])('takes the fast way for what servers send: %s', (html) => {
    expect(sanitiseWellFormed(html)).toBe(sanitiseAnything(html));
  });

  it('gives the same by the fast way as by the parser', () => {
    let fast = 0;
    fc.assert(
      fc.property(wellFormed, (html) => {
        if (sanitiseWellFormed(html) !== undefined) fast++;
        expect(sanitise(html)).toBe(sanitiseAnything(cleanText(html)));
      }),
      { numRuns: 3_000 },
    );
    expect(fast).toBeGreaterThan(500);
  });
});
