import type { Post } from '@hub/contracts';
import type { Reference, StoredVersion } from '@hub/storage';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo, Schema as MongooseSchema } from 'mongoose';
import type { Plain } from './plain.ts';
import { PostBodySchema } from './post-body.ts';

const PLAIN = { _id: false, id: false } as const;

/** What filters look for that does not stand in the post as it is compared. */
@Schema(PLAIN)
class FindableDocument {
  /** Each language with the ranges that it falls in. */
  @Prop({ type: [String], required: true })
  languages!: string[];

  @Prop({ type: String, required: true })
  account!: string;

  @Prop({ type: [String], required: true })
  mentions!: string[];

  /** Each word once. Empty if the author does not allow search. */
  @Prop({ type: [String], required: true })
  words!: string[];

  /** All words in order, each with a space before and after it: phrases are looked for here. */
  @Prop({ type: String })
  text!: string;
}

@Schema(PLAIN)
class VersionDocument {
  @Prop({ type: Number, required: true })
  at!: number;

  @Prop({ type: Number, required: true })
  sequence!: number;

  @Prop({ type: String, required: true })
  fingerprint!: string;
}

@Schema(PLAIN)
class ReferenceDocument {
  @Prop({ type: String, enum: ['boost', 'quote'], required: true })
  kind!: string;

  @Prop({ type: String, required: true })
  uri!: string;
}

@Schema(PLAIN)
class RemovalDocument {
  /** None if the store never held the post. */
  @Prop({ type: String })
  id?: string;

  @Prop({ type: String, required: true })
  uri!: string;
}

/**
 * One document for each URI: a post, or what a deletion leaves of it, which is ids alone. A deletion takes the place
 * of the post, so that both are one document to write guards, and the feed sees it as one change.
 */
@Schema({ versionKey: false, id: false })
class PostDocument {
  /** Digest of the URI (`digest`): short, because cursors carry it. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** From then on the server removes the document, and nobody is shown it. */
  @Prop({ type: Date, required: true })
  expireAt!: Date;

  /** Names the change that wrote the document last and is on the feed. */
  @Prop({ type: MongooseSchema.Types.ObjectId })
  feedId?: mongo.ObjectId;

  @Prop({ type: String, enum: ['post', 'edit'] })
  feedType?: 'post' | 'edit';

  /** As readers get it. Absent in what a deletion leaves. */
  @Prop({ type: PostBodySchema })
  post?: Post;

  /** Sorts posts by creation (`pageOrder`). */
  @Prop({ type: String })
  order?: string;

  @Prop({ type: SchemaFactory.createForClass(VersionDocument) })
  version?: StoredVersion;

  @Prop({ type: SchemaFactory.createForClass(FindableDocument) })
  find?: Plain<FindableDocument>;

  @Prop({ type: [SchemaFactory.createForClass(ReferenceDocument)], default: undefined })
  references?: Pick<Reference, 'kind' | 'uri'>[];

  /** `expireAt` is the author's wish, and sooner than for others. */
  @Prop({ type: Boolean })
  keptShort?: boolean;

  /** told: the deletion is on the feed. untold: the store never held the post. */
  @Prop({ type: String, enum: ['told', 'untold'] })
  gone?: 'told' | 'untold';

  @Prop({ type: SchemaFactory.createForClass(RemovalDocument) })
  removed?: { id?: string; uri: string };
}

export type PostRecord = Plain<PostDocument>;

/** A document that holds a post. */
export type LivePost = PostRecord &
  Required<Pick<PostRecord, 'feedId' | 'feedType' | 'post' | 'order' | 'version' | 'find' | 'references'>>;

export function isLive(record: PostRecord): record is LivePost {
  return record.post !== undefined;
}

export const PostSchema = SchemaFactory.createForClass(PostDocument);

/** Fields of a filter and the paths that their values stand at; each has an index in the order of pages. */
export const FILTER_PATHS = {
  language: 'find.languages',
  hashtag: 'post.hub.hashtags',
  instance: 'post.hub.instance',
  account: 'find.account',
  mention: 'find.mentions',
  keyword: 'find.words',
} as const;

// Sparse: what deletions leave takes no room in them.
for (const path of Object.values(FILTER_PATHS)) PostSchema.index({ [path]: 1, order: -1 }, { sparse: true });
PostSchema.index({ order: -1 }, { sparse: true });
PostSchema.index({ 'post.id': 1 }, { sparse: true });
PostSchema.index({ 'references.uri': 1 }, { sparse: true });
PostSchema.index({ gone: 1, expireAt: 1 }, { partialFilterExpression: { gone: { $exists: true } } });
PostSchema.index({ expireAt: 1 }, { expireAfterSeconds: 0 });
