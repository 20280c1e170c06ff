import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Scripts and styles from here alone; pictures and sound from wherever posts keep them. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'https:', 'http:'],
    mediaSrc: ['https:', 'http:'],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Middleware that sets what every answer tells browsers. Whether the host is reached by https alone is for the proxy in front to say. */
export const securityHeaders = helmet({
  contentSecurityPolicy: CONTENT_SECURITY_POLICY,
  strictTransportSecurity: false,
});

/** Middleware: who keeps an answer asks whether it still holds, since posts go when their authors delete them. Answers may say otherwise. */
export function askAgain(_: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader('Cache-Control', 'no-cache');
  next();
}
