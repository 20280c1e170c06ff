import type { Plain } from './plain.ts';
import type { Gap } from '@hub/contracts';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo, Schema as MongooseSchema } from 'mongoose';

@Schema({ versionKey: false, id: false })
class GapDocument {
  /** Digest of source, stream and start. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  expireAt!: Date;

  @Prop({ type: MongooseSchema.Types.ObjectId, required: true })
  feedId!: mongo.ObjectId;

  @Prop({ type: MongooseSchema.Types.Mixed, required: true })
  gap!: Gap;
}

export type GapRecord = Plain<GapDocument>;

export const GapSchema = SchemaFactory.createForClass(GapDocument);

GapSchema.index({ 'gap.from': -1 });
GapSchema.index({ expireAt: 1 }, { expireAfterSeconds: 0 });
