import { Controller, Get } from '@nestjs/common';
import { Simulation } from '../simulation.ts';
import { CONFIGURATION, CONTACT_EMAIL, DESCRIPTION, TITLE, VERSION } from './instance-facts.ts';

/** What the server says of itself. */
@Controller('api')
export class InstanceController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  @Get('v2/instance')
  current() {
    const { origin } = this.simulation;
    const picture = `${origin}/system/site_uploads/thumbnail.png`;
    return {
      domain: new URL(origin).host,
      title: TITLE,
      version: VERSION,
      source_url: 'https://github.com/mastodon/mastodon',
      description: DESCRIPTION,
      usage: { users: { active_month: this.localPeople() } },
      thumbnail: { url: picture, description: '', versions: { '@1x': picture, '@2x': picture } },
      icon: [{ src: picture, size: '192x192' }],
      languages: ['en'],
      configuration: { ...CONFIGURATION, urls: this.urls(), ...this.access() },
      registrations: {
        enabled: false,
        approval_required: false,
        reason_required: null,
        message: null,
        min_age: null,
        url: null,
      },
      api_versions: { mastodon: 7 },
      contact: { email: CONTACT_EMAIL, account: this.contact() },
      rules: [{ id: '1', text: 'Be kind.', hint: '', translations: {} }],
    };
  }

  /** Since 4.0 kept for old clients. */
  @Get('v1/instance')
  old() {
    const { origin, store } = this.simulation;
    return {
      uri: new URL(origin).host,
      title: TITLE,
      short_description: DESCRIPTION,
      description: DESCRIPTION,
      email: CONTACT_EMAIL,
      version: VERSION,
      urls: { streaming_api: this.urls().streaming },
      stats: { user_count: this.localPeople(), status_count: [...store.all()].length, domain_count: 21 },
      thumbnail: `${origin}/system/site_uploads/thumbnail.png`,
      languages: ['en'],
      registrations: false,
      approval_required: false,
      invites_enabled: false,
      configuration: CONFIGURATION,
      contact_account: this.contact(),
      rules: [{ id: '1', text: 'Be kind.', hint: '' }],
    };
  }

  private urls() {
    const { origin } = this.simulation;
    const about = `${origin}/about`;
    return {
      streaming: origin.replace(/^http/, 'ws'),
      status: null,
      about,
      privacy_policy: about,
      terms_of_service: null,
    };
  }

  /** A token that is wanted makes the feeds those of users; feeds that are off carry deletions alone. */
  private access() {
    const { faults, accessToken } = this.simulation;
    if (faults.isSet('deletes_untold')) return {};
    const open = accessToken === undefined ? 'public' : 'authenticated';
    const live = faults.isSet('deletes_only') ? 'disabled' : open;
    const both = (setting: string) => ({ local: setting, remote: setting });
    return {
      timelines_access: { live_feeds: both(live), hashtag_feeds: both(live), trending_link_feeds: both(open) },
    };
  }

  private contact() {
    return this.simulation.composer.people.find(({ local }) => local)?.account ?? null;
  }

  private localPeople(): number {
    return this.simulation.composer.people.filter(({ local }) => local).length;
  }
}
