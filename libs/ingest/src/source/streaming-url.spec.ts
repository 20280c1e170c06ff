import { expect, it } from '@jest/globals';
import { streamingUrl } from './streaming-url.ts';

it.each([
  ['https://a.example', undefined, 'public', 'wss://a.example/api/v1/streaming?stream=public'],
  ['http://127.0.0.1:4000', undefined, 'public:local', 'ws://127.0.0.1:4000/api/v1/streaming?stream=public%3Alocal'],
  [
    'https://a.example',
    'wss://streaming.a.example',
    'public',
    'wss://streaming.a.example/api/v1/streaming?stream=public',
  ],
  ['https://a.example', 'https://s.example/', 'public', 'wss://s.example/api/v1/streaming?stream=public'],
  ['https://a.example', 'wss://s.example/sub', 'public', 'wss://s.example/sub/api/v1/streaming?stream=public'],
  ['https://a.example', 'wss://s.example/api/v1/streaming', 'public', 'wss://s.example/api/v1/streaming?stream=public'],
  ['http://localhost:8080', 'wss://localhost:8080', 'public', 'ws://localhost:8080/api/v1/streaming?stream=public'],
  ['http://localhost:8080', 'ws://localhost:4000', 'public', 'ws://localhost:4000/api/v1/streaming?stream=public'],
  ['https://a.example', 'nonsense', 'public', 'wss://a.example/api/v1/streaming?stream=public'],
  [
    'https://a.example',
    undefined,
    'hashtag:日本',
    'wss://a.example/api/v1/streaming?stream=hashtag&tag=%E6%97%A5%E6%9C%AC',
  ],
] as const)('%s naming %s, stream %s', (server, named, stream, expected) => {
  expect(streamingUrl(new URL(server), named, stream).href).toBe(expected);
});
