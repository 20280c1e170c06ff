import type { Plain } from './plain.ts';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/**
 * What a post is called at a source: `_id` is `nameOf(source, localId)`. Without a URI: a deletion was seen before
 * anything told what post it means.
 */
@Schema({ versionKey: false, id: false })
class NameDocument {
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  expireAt!: Date;

  @Prop({ type: String })
  source?: string;

  @Prop({ type: String })
  localId?: string;

  @Prop({ type: String })
  uri?: string;

  /** `_id` of the post. */
  @Prop({ type: String })
  post?: string;

  @Prop({ type: Date })
  seenAt?: Date;

  /** The post's, if the source has shown the post itself, and not only what embeds it. */
  @Prop({ type: String })
  order?: string;

  @Prop({ type: Boolean })
  buried?: boolean;

  /** Only in what `lockOf` names: counts up, so that two transactions that write it conflict. */
  @Prop({ type: Number })
  uses?: number;
}

export type NameRecord = Plain<NameDocument>;

export const NameSchema = SchemaFactory.createForClass(NameDocument);

NameSchema.index({ source: 1, seenAt: -1, order: -1 }, { sparse: true });
NameSchema.index({ post: 1 }, { partialFilterExpression: { order: { $exists: true } } });
NameSchema.index({ buried: 1 }, { sparse: true });
NameSchema.index({ expireAt: 1 }, { expireAfterSeconds: 0 });
