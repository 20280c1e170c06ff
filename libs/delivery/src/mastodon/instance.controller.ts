import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Access } from '../access/access.ts';
import { baseUrl } from './base-url.ts';

/** What clients learn from it which features they may count on. */
const VERSION = '4.5.0 (compatible; Mastodon Stream Hub)';
const TITLE = 'Mastodon Stream Hub';
const DESCRIPTION = 'Public posts of several servers, to be read: nobody has an account here.';

/** How Mastodon's clients get to know a server: most ask for nothing else before they know its streaming URL. */
@Controller('api')
export class InstanceController {
  constructor(private readonly access: Access) {}

  @Get('v2/instance')
  instance(@Req() request: Request): object {
    const { domain, streaming } = this.#urls(request);
    return {
      domain,
      title: TITLE,
      version: VERSION,
      source_url: 'https://github.com/mastodon/mastodon',
      description: DESCRIPTION,
      usage: { users: { active_month: 0 } },
      thumbnail: { url: '', blurhash: null, versions: {} },
      icon: [],
      languages: [],
      configuration: { urls: { streaming }, timelines_access: TIMELINES_ACCESS, ...NO_WRITING },
      registrations: { enabled: false, approval_required: false, message: null, url: null },
      api_versions: { mastodon: 6 },
      contact: { email: '', account: null },
      rules: [],
    };
  }

  /** The same for older clients. */
  @Get('v1/instance')
  instanceBefore4(@Req() request: Request): object {
    const { domain, streaming } = this.#urls(request);
    return {
      uri: domain,
      title: TITLE,
      short_description: DESCRIPTION,
      description: DESCRIPTION,
      email: '',
      version: VERSION,
      urls: { streaming_api: streaming },
      stats: { user_count: 0, status_count: 0, domain_count: 0 },
      thumbnail: null,
      languages: [],
      registrations: false,
      approval_required: false,
      invites_enabled: false,
      configuration: NO_WRITING,
      contact_account: null,
      rules: [],
    };
  }

  #urls(request: Request): { domain: string; streaming: string } {
    const { host, protocol } = baseUrl(request, this.access.isTrusted(request.socket.remoteAddress));
    return { domain: host, streaming: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}` };
  }
}

const TIMELINES_ACCESS = {
  live_feeds: { local: 'public', remote: 'public' },
  hashtag_feeds: { local: 'public', remote: 'public' },
};

const NO_WRITING = {
  accounts: { max_featured_tags: 0, max_pinned_statuses: 0 },
  statuses: { max_characters: 0, max_media_attachments: 0, characters_reserved_per_url: 23 },
  media_attachments: {
    supported_mime_types: [],
    image_size_limit: 0,
    image_matrix_limit: 0,
    video_size_limit: 0,
    video_frame_rate_limit: 0,
    video_matrix_limit: 0,
  },
  polls: { max_options: 0, max_characters_per_option: 0, min_expiration: 0, max_expiration: 0 },
  translation: { enabled: false },
};
