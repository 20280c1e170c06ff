import type { Plain } from './plain.ts';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo, Schema as MongooseSchema } from 'mongoose';

/** Single values: `store`, what the collections hold, and `checkpoint/NAME`. */
@Schema({ versionKey: false, id: false })
class StateDocument {
  @Prop({ type: String, required: true })
  _id!: string;

  /** Of `store`: the format of the collections' documents. */
  @Prop({ type: Number })
  format?: number;

  /** Of `store`: its name in cursors. */
  @Prop({ type: String })
  id?: string;

  /** Of `store`: posts of changes before this time of the cluster may have been pruned ahead of their time. */
  @Prop({ type: MongooseSchema.Types.Mixed })
  pruned?: mongo.Timestamp;

  /** Of a checkpoint. */
  @Prop({ type: String })
  value?: string;
}

export type StateRecord = Plain<StateDocument>;

export const StateSchema = SchemaFactory.createForClass(StateDocument);

/** `_id` of what is known of the store as a whole. */
export const STORE_ID = 'store';

export function checkpointKey(name: string): string {
  return `checkpoint/${name}`;
}
