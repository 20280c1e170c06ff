import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { v1 } from '@google-cloud/pubsub';
import { BrokerUnavailableError, type BatchLimits } from '@hub/messaging';
import { toHubError, type Request } from './errors.ts';
import { LEASE_SECONDS } from './resources.ts';

type Response = v1.protos.google.pubsub.v1.IStreamingPullResponse;
export type Received = v1.protos.google.pubsub.v1.IReceivedMessage;

/** A call in both directions; `cancel` ends it at once. */
export interface PullStream extends Duplex {
  cancel(): void;
}

/** Pub/Sub ends a stream on which nothing is said; it answers each of these. */
const PING_EVERY_MS = 30_000;
const ANSWER_WITHIN_MS = 15_000;
/** How long Pub/Sub has to end a stream when it is told to: what is given back before would come on that stream again. */
const FAREWELL_MS = 2_000;

export interface PullStreamOptions {
  /** Begins a streaming call. */
  open: () => PullStream;
  /** projects/…/subscriptions/… */
  subscription: string;
  request: Request;
  /** What Pub/Sub sends before it waits for acknowledgements. */
  outstanding: BatchLimits;
  /** The next messages are read when it resolves. */
  onReceived: (received: readonly Received[]) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Reads one stream of messages. Resolves when the signal is aborted or Pub/Sub ends the stream, as it does from time to
 * time; rejects with HubErrors.
 */
export async function pullStream(options: PullStreamOptions): Promise<void> {
  const { open, request, onReceived, signal } = options;
  if (signal.aborted) return;
  const stream = open();
  // The loop gets the error; what comes after the loop concerns nobody.
  stream.on('error', () => undefined);
  const pulse = keepAlive(stream);
  const farewell = () => {
    pulse.stop();
    stream.end();
    setTimeout(() => stream.cancel(), FAREWELL_MS).unref();
  };
  signal.addEventListener('abort', farewell);
  try {
    stream.write(opening(options));
    for await (const { receivedMessages } of stream as AsyncIterable<Response>) {
      const received = receivedMessages ?? [];
      pulse.felt(received.length === 0);
      if (received.length > 0) await pulse.whileNotReading(() => onReceived(received));
    }
  } catch (error) {
    if (!signal.aborted) throw toHubError(error, request);
  } finally {
    pulse.stop();
    signal.removeEventListener('abort', farewell);
    stream.cancel();
  }
}

function opening({ subscription, outstanding }: PullStreamOptions): v1.protos.google.pubsub.v1.IStreamingPullRequest {
  return {
    subscription,
    streamAckDeadlineSeconds: LEASE_SECONDS,
    maxOutstandingMessages: outstanding.maxMessages,
    maxOutstandingBytes: outstanding.maxBytes,
    clientId: randomUUID(),
    // From this one on Pub/Sub answers pings.
    protocolVersion: 1,
  };
}

/** Pings, and destroys a stream on which they are no longer answered: its connection died without a word. */
function keepAlive(stream: Pick<PullStream, 'write' | 'destroy'>) {
  let answersPings = false;
  let isRead = true;
  let late: NodeJS.Timeout | undefined;
  const calm = () => {
    clearTimeout(late);
    late = undefined;
  };
  const pings = setInterval(() => {
    stream.write({});
    const isDead = () => stream.destroy(new BrokerUnavailableError('Pub/Sub no longer answers on the stream'));
    // Emulators may not answer at all.
    if (answersPings && isRead) late ??= setTimeout(isDead, ANSWER_WITHIN_MS);
  }, PING_EVERY_MS);
  return {
    felt(isAnswer: boolean) {
      answersPings ||= isAnswer;
      calm();
    },
    async whileNotReading(action: () => Promise<void>) {
      isRead = false;
      await action();
      isRead = true;
    },
    stop() {
      clearInterval(pings);
      calm();
    },
  };
}
