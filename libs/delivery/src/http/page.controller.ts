import { Controller, Get, Header } from '@nestjs/common';

/** What stands at / where the web client was not built. With it, its files are served before this is asked. */
@Controller()
export class PageController {
  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  page(): string {
    return 'Mastodon Stream Hub\n\nThe web page is not built: npm run build web\nThe feed: /api/v1/feed\n';
  }
}
