import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

const PLAIN = { _id: false, id: false } as const;

@Schema(PLAIN)
class AuthorDocument {
  @Prop({ type: String, required: true })
  acct!: string;
}

@Schema(PLAIN)
class FactsDocument {
  @Prop({ type: String, required: true })
  source!: string;

  @Prop({ type: String, required: true })
  local_id!: string;

  @Prop({ type: String, required: true })
  instance!: string;

  @Prop({ type: [String], required: true })
  hashtags!: string[];

  @Prop({ type: [String], required: true })
  media!: string[];
}

/** What the server insists on in a stored post, of all that it has: what it is found by, and that it is public. */
@Schema(PLAIN)
class PostBodyDocument {
  @Prop({ type: String, required: true })
  id!: string;

  @Prop({ type: String, required: true })
  uri!: string;

  @Prop({ type: String, required: true })
  created_at!: string;

  @Prop({ type: String, required: true, enum: ['public'] })
  visibility!: string;

  @Prop({ type: Boolean, required: true })
  sensitive!: boolean;

  @Prop({ type: String, required: true })
  content!: string;

  @Prop({ type: SchemaFactory.createForClass(AuthorDocument), required: true })
  account!: AuthorDocument;

  @Prop({ type: SchemaFactory.createForClass(FactsDocument), required: true })
  hub!: FactsDocument;
}

export const PostBodySchema = SchemaFactory.createForClass(PostBodyDocument);
