import { Controller, Get } from '@nestjs/common';
import { asyncApi } from './asyncapi.ts';
import { openApi } from './openapi.ts';

/** What the hub says of its own interfaces. */
@Controller()
export class DocumentsController {
  readonly #openApi = openApi();
  readonly #asyncApi = asyncApi();

  @Get('openapi.json')
  http(): object {
    return this.#openApi;
  }

  @Get('asyncapi.json')
  sockets(): object {
    return this.#asyncApi;
  }
}
