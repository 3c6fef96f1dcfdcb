import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';

type Policy = NonNullable<Parameters<typeof secureHeaders>[0]>['contentSecurityPolicy'];

const none = ["'none'"];

/**
 * The headers of what a browser opens: nothing from other origins, in no frame, read by no other
 * page. `allowed` is what it may load; nothing unless told.
 */
export function secured(allowed: Policy = {}) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      ...allowed,
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
    xFrameOptions: 'DENY',
    crossOriginEmbedderPolicy: 'require-corp',
    // For whoever ends TLS to say: it would hold for the whole domain and all below it.
    strictTransportSecurity: false,
  });
}

type Html = ReturnType<typeof html>;

/** What every page is within. */
export function frame(title: string, head: Html, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    ${head}
  </head>
  <body>
    ${body}
  </body>
</html>`;
}
