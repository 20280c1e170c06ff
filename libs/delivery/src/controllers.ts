import { DocumentsController } from './documents/documents.controller.ts';
import { FeedController } from './http/feed.controller.ts';
import { PageController } from './http/page.controller.ts';
import { PostsController } from './http/posts.controller.ts';
import { InstanceController } from './mastodon/instance.controller.ts';
import { StreamingController, StreamingHealthController } from './mastodon/streaming.controller.ts';
import { TimelinesController } from './mastodon/timelines.controller.ts';

/** All that answers over HTTP. */
export const CONTROLLERS = [
  PostsController,
  FeedController,
  PageController,
  DocumentsController,
  TimelinesController,
  InstanceController,
  StreamingHealthController,
  StreamingController,
];
