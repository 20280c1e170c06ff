export * from './codec.ts';
export {
  FeedEvent as FeedEventMessage,
  FeedServiceService,
  SubscribeRequest as SubscribeRequestMessage,
  SubscribeResponse as SubscribeResponseMessage,
} from './gen/hubapiv1/feed.ts';
export { grpcPackage } from './grpc-package.ts';
export * from './ingest-clock.ts';
export { PostCreated, PostDeleted, PostEdited, PostEvent, StreamGap } from './gen/hubapiv1/post_event.ts';
export {
  Account,
  Application,
  Attachment,
  AttachmentMeta,
  AttachmentSize,
  Card,
  Emoji,
  Mention,
  Poll,
  PublicPost,
  Quote,
  Tag,
} from './gen/hubapiv1/public_post.ts';
export {
  DataProcessorService,
  GenericPubSubServiceService,
  PublishResponse,
  PubSubGenericMessage,
  PubSubPublishResponse,
  PubSubServiceService,
} from './gen/hubapiv1/services.ts';
