import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { aPublicPost } from '../an-event.fixture.ts';
import { toPost } from '../json/to-post.ts';
import { cleanPost } from './post.ts';
import { webUrl } from './url.ts';

type Changes = Parameters<typeof aPublicPost>[0];
const shown = (changes: Changes, source = 'reader.example') => toPost(cleanPost(aPublicPost(changes), source));

describe('webUrl', () => {
  it.each([
    'https://example.com',
    'http://localhost:3000/@a/1?b=c&d=%20#e',
    'https://example.com/文字/é(1)',
    'https://xn--mnchen-3ya.example/',
  ])('keeps %s as it is', (url) => {
    expect(webUrl(url)).toBe(url);
  });

  it.each([
    ['HTTPS://EXAMPLE.com/a b', 'https://example.com/a%20b'],
    ['https:\\\\example.com\\a', 'https://example.com/a'],
    [`https://example.com/"'<>`, 'https://example.com/%22%27%3C%3E'],
    ['https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
    ['\tjava\nscript:alert(1)', ''],
    ['data:text/html,x', ''],
    ['//example.com', ''],
    ['example.com', ''],
    ['', ''],
    [`https://example.com/${'a'.repeat(5000)}`, ''],
  ])('makes of %j %j', (url, expected) => {
    expect(webUrl(url)).toBe(expected);
  });

  it('gives addresses of the web that can end no attribute, and changes none twice', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string().map((s) => `https://a.example/${s}`),
          fc.string(),
        ),
        (text) => {
          const url = webUrl(text);
          if (url === '') return;
          expect(url).toMatch(/^https?:\/\/[^\s"'<>`]+$/);
          expect(webUrl(url)).toBe(url);
        },
      ),
    );
  });
});

describe('account names', () => {
  it.each([
    ['of another server', { acct: 'ada@Other.Example', url: 'https://www.other.example/@ada' }, 'ada@other.example'],
    ['of the source, by its profile', { acct: 'ada', url: 'https://home.example/@ada' }, 'ada@home.example'],
    ['of the source, by its URI', { acct: 'ada', uri: 'https://home.example/users/ada' }, 'ada@home.example'],
    ['of the source, without an address', { acct: 'ada' }, 'ada@reader.example'],
    ['with no acct', { username: 'ada' }, 'ada@reader.example'],
    ['of an international host', { acct: 'ada@München.example' }, 'ada@xn--mnchen-3ya.example'],
    ['of a host with a port', { acct: 'ada', url: 'http://localhost:3000/@ada' }, 'ada@localhost:3000'],
  ])('are full: %s', (_what, account, expected) => {
    expect(shown({ account }).account.acct).toBe(expected);
  });
});

describe('what readers get', () => {
  it('is null where the source said nothing', () => {
    expect(shown({ url: '', language: '', inReplyToId: '' })).toMatchObject({
      url: null,
      language: null,
      in_reply_to_id: null,
      in_reply_to_account_id: null,
      edited_at: null,
      reblog: null,
      quote: null,
      card: null,
      poll: null,
      application: null,
      account: {
        uri: null,
        discoverable: null,
        indexable: null,
        noindex: null,
        created_at: null,
        last_status_at: null,
      },
    });
  });

  it('has no address but those of the web', () => {
    const bad = 'javascript:alert(1)';
    const account = { id: '1', acct: 'a@b.example', url: bad, uri: bad, avatar: bad, avatarStatic: bad, header: bad };
    const json = shown({
      url: bad,
      account: { ...account, headerStatic: bad, emojis: [{ shortcode: 'x', url: bad }], fields: [{ value: bad }] },
      mediaAttachments: [{ id: '1', url: bad, previewUrl: bad, remoteUrl: bad, previewRemoteUrl: bad, textUrl: bad }],
      mentions: [{ acct: 'x', url: bad }],
      tags: [{ name: 'x', url: bad }],
      emojis: [{ shortcode: 'x', url: bad, staticUrl: bad }],
      card: { url: 'https://x.example', image: bad, authorUrl: bad, providerUrl: bad, embedUrl: bad, html: bad },
      application: { name: 'x', website: bad },
    });
    expect(JSON.stringify(json).split(bad)).toHaveLength(2);
    expect(json.account.fields[0]?.value).toBe(bad);
    expect(json.emojis).toEqual([]);
    expect(shown({ card: { url: bad, title: 'x' } }).card).toBeNull();
  });

  it('keeps text as text, without what no screen can show', () => {
    const json = shown({ spoilerText: '<b>a</b>\u0000\u0007 &amp;', poll: { id: '1', options: [{ title: '<i>' }] } });
    expect(json.spoiler_text).toBe('<b>a</b> &amp;');
    expect(json.poll?.options[0]?.title).toBe('<i>');
  });

  it('has sanitised bios and profile fields, also when they come again', () => {
    const account = {
      id: '1',
      acct: 'a',
      note: '<p onclick="x">hi<script>x</script></p>',
      fields: [{ name: '<b>', value: '<a href="javascript:x">y</a>' }],
    };
    for (const json of [shown({ account }), shown({ account })]) {
      expect(json.account.note).toBe('<p>hi</p>');
      expect(json.account.fields).toEqual([{ name: '<b>', value: 'y', verified_at: null }]);
    }
  });

  it('has media in kinds and colours that clients know', () => {
    const colors = { background: '#fff', foreground: '#000000', accent: 'url(x)' };
    const [media] = shown({
      mediaAttachments: [
        {
          id: '1',
          type: 'hologram',
          blurhash: '"><img>',
          meta: {
            original: { width: 10, aspect: Number.NaN, duration: Number.POSITIVE_INFINITY },
            focus: { x: 7, y: Number.NaN },
            colors,
          },
        },
      ],
    }).media_attachments;
    expect(media).toMatchObject({ type: 'unknown', url: null, blurhash: null });
    expect(media?.meta).toEqual({ original: { width: 10 }, focus: { x: 1, y: 0 } });
  });

  it('tells hidden poll results from none', () => {
    const { poll } = shown({
      poll: { id: '1', votesCount: -1, options: [{ title: 'a' }, { title: 'b', votesCount: 0 }] },
    });
    expect(poll).toMatchObject({ votes_count: 0, voters_count: null });
    expect(poll?.options.map((option) => option.votes_count)).toEqual([null, 0]);
  });

  it('says nothing of the reading account and of secrets', () => {
    const clean = cleanPost(
      aPublicPost({
        favourited: 'true',
        pinned: 'true',
        application: { name: 'x', clientSecret: 's', clientId: 'c' },
        account: { id: '1', acct: 'a', source: { note: 's' }, moved: { id: '2' } },
        poll: { voted: true, ownVotes: [1] },
      }),
      'reader.example',
    );
    expect(clean).toMatchObject({
      favourited: '',
      pinned: '',
      application: { clientSecret: '', clientId: '' },
      account: { source: undefined, moved: undefined },
      poll: { voted: false, ownVotes: [] },
    });
  });
});
