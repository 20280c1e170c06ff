import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { SubscribeRequest } from '@hub/contracts';
import type { Client } from '../access/client.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import { FeedStreams, type StreamSink } from '../streams/feed-streams.ts';

const HEARTBEAT_MS = 15_000;

/** A stream of server-sent events, of whatever kind. */
export interface EventStreamSink extends StreamSink {
  /** What it opens with. */
  readonly headers: OutgoingHttpHeaders;
  /** Keeps proxies from closing a quiet stream. */
  beat(): void;
}

/** Serves the feed as server-sent events. */
@Injectable()
export class EventStreams {
  constructor(private readonly streams: FeedStreams) {}

  /**
   * Runs until the connection is closed. Throws what keeps a client out. HEAD is told how the stream would begin: it would
   * wait for an end that does not come.
   */
  async serve(
    client: Client,
    request: SubscribeRequest,
    sink: EventStreamSink,
    response: ServerResponse,
  ): Promise<void> {
    if (response.req.method === 'HEAD') {
      narrowFilter(client.filter, request.filter ?? {});
      return void response.writeHead(200, sink.headers).end();
    }
    const stop = new AbortController();
    const heartbeat = setInterval(() => sink.beat(), HEARTBEAT_MS);
    response.once('close', () => stop.abort());
    try {
      await this.streams.serve(client, request, sink, stop);
    } finally {
      clearInterval(heartbeat);
    }
  }
}
