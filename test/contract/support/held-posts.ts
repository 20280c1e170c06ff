import type { PostEvent } from '@hub/contracts/proto';
import type { NamedPost, ObservedPost } from '@hub/storage';

interface Held {
  version: Date;
  reblog: string | undefined;
  names: { source: string; localId: string }[];
}

/** What a store holds that is given events: idempotent by uri and version; a deletion is for ever and takes boosts along. */
export class HeldPosts {
  /** How many events it was given. */
  taken = 0;
  readonly #posts = new Map<string, Held>();
  /** `source localId` → uri, or null if it was deleted before it was known. */
  readonly #names = new Map<string, string | null>();
  readonly #gone = new Set<string>();
  /** uri → its boosts. */
  readonly #boosts = new Map<string, string[]>();

  take(events: readonly PostEvent[]): void {
    this.taken += events.length;
    for (const event of events) this.#apply(event);
  }

  /** Only the newest so many, and what belongs to them: retention. */
  keep(count: number): void {
    for (const uri of this.#posts.keys()) {
      if (this.#posts.size <= count) break;
      this.#posts.delete(uri);
      this.#boosts.delete(uri);
    }
    for (const [name, uri] of this.#names) {
      if (this.#names.size <= 2 * count) break;
      if (uri === null || !this.#posts.has(uri)) this.#names.delete(name);
    }
    for (const uri of this.#gone) {
      if (this.#gone.size <= count) break;
      this.#gone.delete(uri);
    }
  }

  has(uri: string): boolean {
    return this.#posts.has(uri);
  }

  get size(): number {
    return this.#posts.size;
  }

  /** uri → version, as the oracle compares it. */
  versions(): Map<string, string> {
    return new Map([...this.#posts].map(([uri, { version }]) => [uri, version.toISOString()]));
  }

  /** The newest first. */
  observed(source: string, limit: number): ObservedPost[] {
    const found: ObservedPost[] = [];
    for (const [uri, { version, names }] of this.#posts)
      for (const name of names)
        if (name.source === source) found.push({ localId: name.localId, uri, at: version.getTime() });
    return found.toReversed().slice(0, limit);
  }

  named(source: string, localId: string): NamedPost | undefined {
    const uri = this.#names.get(`${source} ${localId}`) ?? '';
    const post = this.#posts.get(uri);
    return post && { uri, names: [...post.names] };
  }

  #apply({ source, localId, event }: PostEvent): void {
    const name = `${source} ${localId}`;
    if (event?.$case === 'deleted') {
      const uri = this.#names.get(name);
      if (uri === undefined) this.#names.set(name, null);
      else if (uri !== null) this.#bury(uri);
    }
    if (event?.$case !== 'created' && event?.$case !== 'edited') return;
    const { post } = event.value;
    const version = post?.editedAt ?? post?.createdAt;
    if (post === undefined || version === undefined) throw new Error(`${localId} has no version`);
    this.#learn(name, post.uri);
    if (post.reblog !== undefined) this.#learn(`${source} ${post.reblog.id}`, post.reblog.uri);
    this.#hold(post.uri, { version, reblog: post.reblog?.uri, names: [{ source, localId }] });
  }

  #learn(name: string, uri: string): void {
    if (this.#names.get(name) === null) this.#bury(uri);
    this.#names.set(name, uri);
  }

  #hold(uri: string, { version, reblog, names }: Held): void {
    if (this.#gone.has(uri)) return;
    if (reblog !== undefined && this.#gone.has(reblog)) return void this.#gone.add(uri);
    const held = this.#posts.get(uri);
    if (held === undefined) {
      this.#posts.set(uri, { version, reblog, names });
      if (reblog !== undefined) this.#boosts.set(reblog, [...(this.#boosts.get(reblog) ?? []), uri]);
      return;
    }
    if (held.version < version) held.version = version;
    for (const name of names)
      if (!held.names.some((each) => each.source === name.source && each.localId === name.localId))
        held.names.push(name);
  }

  #bury(uri: string): void {
    this.#gone.add(uri);
    this.#posts.delete(uri);
    for (const boost of this.#boosts.get(uri) ?? []) this.#bury(boost);
    this.#boosts.delete(uri);
  }
}
