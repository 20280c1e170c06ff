import { createHash } from 'node:crypto';
import { Controller, Get, Header, Req } from '@nestjs/common';
import type { Request } from 'express';

/** A picture for every address of one, drawn from the address alone: posts look like something, and no file is kept. */
@Controller()
export class PicturesController {
  @Get(['system/{*path}', 'headers/{*path}', 'avatars/{*path}'])
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  picture(@Req() { path }: Request): string {
    const [first = 0, second = 0, x = 0, y = 0] = createHash('sha256').update(path).digest();
    const colour = (hue: number, light: number) => `hsl(${Math.round((hue * 360) / 256)} 55% ${light}%)`;
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" preserveAspectRatio="xMidYMid slice">' +
      `<rect width="256" height="256" fill="${colour(first, 70)}"/>` +
      `<circle cx="${x}" cy="${y}" r="90" fill="${colour(second, 45)}"/></svg>`
    );
  }
}
