import { Inject, Injectable } from '@nestjs/common';
import { HubError } from '@hub/contracts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { DeliveryMetrics } from '../metrics.ts';
import type { AccessOptions, Grant, Limits } from './access.options.ts';
import { apiKeyReader } from './api-keys.ts';
import type { Caller, Client } from './client.ts';
import { AddressReader, type Origin } from './client-address.ts';
import { Places } from './places.ts';
import { RateLimit } from './rate-limit.ts';
import { RateLimitedError } from './rate-limited.error.ts';
import { isToken, tokenReader, type TokenGrant } from './tokens.ts';

/** A connection that is one too many may try again after this, in seconds. */
const FULL_RETRY_SECONDS = 30;
/** Longest that a timer can run. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const NOTHING_HELD = () => undefined;

/** Who may read, and how much: the one guard of all ways in. */
@Injectable()
export class Access {
  readonly #mode: AccessOptions['mode'];
  readonly #limits: Limits;
  readonly #addresses: AddressReader;
  readonly #holderOfKey: (key: string) => Grant | undefined;
  readonly #holderOfToken: ((token: string) => Promise<TokenGrant>) | undefined;
  readonly #requests = new RateLimit();
  readonly #clients: Places;
  readonly #holders: Places;

  constructor(
    @Inject(DELIVERY_OPTIONS) { access, limits, trustedProxies }: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
  ) {
    this.#mode = access.mode;
    this.#limits = limits;
    this.#addresses = new AddressReader(trustedProxies);
    this.#holderOfKey = apiKeyReader(access.apiKeys);
    this.#holderOfToken = access.jwt && tokenReader(access.jwt);
    this.#clients = new Places(limits.clients, limits.clientsPerAddress);
    this.#holders = new Places(Infinity, limits.clientsPerAddress);
  }

  /**
   * Says who asks, and counts the request. Rejects with a HubError of code unauthorized, forbidden or unavailable, and
   * with RateLimitedError. What cannot say who it is counts for its address, so that keys cannot be guessed. `isCounted`:
   * by `knock`, for its address.
   */
  async admit(caller: Caller, isCounted = false): Promise<Client> {
    const address = this.#addresses.read(caller);
    try {
      return await this.#admit(address, caller.credential, isCounted);
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** Counts a message of a client that was admitted. Throws RateLimitedError. */
  spend({ name, address, requestsPerMinute = this.#limits.requestsPerMinute }: Client): void {
    this.#counted(() => this.#spend(name ?? address, requestsPerMinute));
  }

  /**
   * Counts a connection that stays, until the returned function is called. Throws RateLimitedError, or a HubError of
   * code unavailable if there is no place for anybody. `expired` is called when the client's token runs out.
   */
  enter(client: Client, expired: (error: HubError) => void): () => void {
    const leaveAddress = this.enterAddress(client.address);
    try {
      const leaveName = this.enterName(client, expired);
      return () => {
        leaveName();
        leaveAddress();
      };
    } catch (error) {
      leaveAddress();
      throw error;
    }
  }

  /** The first half of `enter`: for an address, before its client has said who it is. */
  enterAddress(address: string): () => void {
    this.#check(this.#clients.full(address));
    return this.#clients.take(address);
  }

  /** Counts an attempt to connect, and says whether there is a place. Throws as `enter` does. */
  knock(address: string): void {
    this.#counted(() => {
      this.#check(this.#clients.full(address));
      this.#spend(address, this.#limits.requestsPerMinute);
    });
  }

  /** The other half of `enter`. */
  enterName({ name, expiresAt }: Client, expired: (error: HubError) => void): () => void {
    if (name !== undefined) this.#check(this.#holders.full(name));
    const leave = name === undefined ? NOTHING_HELD : this.#holders.take(name);
    if (expiresAt === undefined) return leave;
    const end = () => expired(new HubError('unauthorized', 'The token has expired.'));
    const timer = setTimeout(end, Math.min(MAX_TIMER_MS, expiresAt - Date.now()));
    return () => {
      clearTimeout(timer);
      leave();
    };
  }

  addressOf(origin: Origin): string {
    return this.#addresses.read(origin);
  }

  /** Whether what a connection's request says of how it came is believed. */
  isTrusted(remoteAddress: string | undefined): boolean {
    return this.#addresses.isTrusted(remoteAddress);
  }

  async #admit(address: string, credential: string | undefined, isCounted: boolean): Promise<Client> {
    const { requestsPerMinute } = this.#limits;
    if (this.#mode === 'open') {
      if (!isCounted) this.#spend(address, requestsPerMinute);
      return { address };
    }
    refuseIf(this.#requests.wait(address, requestsPerMinute));
    try {
      const client = { address, ...(await this.#holderOf(credential)) };
      this.#spend(client.name, client.requestsPerMinute ?? requestsPerMinute);
      return client;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) this.#spend(address, requestsPerMinute);
      throw error;
    }
  }

  async #holderOf(credential: string | undefined): Promise<Grant | TokenGrant> {
    if (credential === undefined) {
      throw new HubError('unauthorized', 'This hub asks for an API key or a token: Authorization: Bearer …');
    }
    const holder = this.#holderOfKey(credential);
    if (holder !== undefined) return { ...holder, name: `key:${holder.name}` };
    if (this.#holderOfToken !== undefined && isToken(credential)) return this.#holderOfToken(credential);
    throw new HubError('unauthorized', 'The API key or token is not valid.');
  }

  #check(full: ReturnType<Places['full']>): void {
    if (full === 'all') throw new HubError('unavailable', 'This hub has as many clients as it takes: come back later.');
    if (full === 'name') throw new RateLimitedError('You have as many connections as you may.', FULL_RETRY_SECONDS);
  }

  #spend(name: string, perMinute: number): void {
    refuseIf(this.#requests.spend(name, perMinute));
  }

  #counted(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    if (error instanceof HubError) this.metrics.refusals.inc({ code: error.code });
  }
}

function refuseIf(waitMs: number): void {
  if (waitMs > 0) throw new RateLimitedError('You ask too often: wait, then come back.', Math.ceil(waitMs / 1000));
}
