import { Controller, Get, Header } from '@nestjs/common';
import { PAGE } from '../page/page.ts';
import { SCRIPT } from '../page/script.ts';
import { STYLE } from '../page/style.ts';

/** A plain page with the live feed. */
@Controller()
export class PageController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return PAGE;
  }

  @Get('live.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  @Get('live.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return SCRIPT;
  }
}
