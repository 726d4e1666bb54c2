import type { IncomingMessage } from 'node:http';
import type { IdTokens } from '../id-token.ts';

/** How the front end refuses a caller of a private service. */
export interface Unwelcome {
  readonly status: 401 | 403;
  /** What the page says. */
  readonly title: string;
  /** What the request's log entry says. */
  readonly text: string;
}

/**
 * Null for a caller with an ID token whose audience is one of these. As on Cloud Run they are the service's own address and its
 * custom audiences, never the address of a tag.
 */
export function checkInvoker(
  request: IncomingMessage,
  tokens: IdTokens,
  audiences: readonly string[],
): Unwelcome | null {
  const given = request.headers['x-serverless-authorization'] ?? request.headers.authorization;
  const token = /^bearer +(\S+)$/i.exec(String(given ?? ''))?.[1];
  if (token === undefined) {
    const text =
      'The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header. Read more at https://cloud.google.com/run/docs/securing/authenticating';
    return { status: 401, title: 'Unauthorized', text };
  }
  if (tokens.fits(token, audiences)) return null;
  const text =
    'The request was not authorized to invoke this service. Read more at https://cloud.google.com/run/docs/securing/authenticating';
  return { status: 403, title: 'Forbidden', text };
}

/** The page that Cloud Run's front end answers. */
export function unwelcomePage({ status, title }: Unwelcome): string {
  return `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${status} ${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: ${title}</h1>
<h2>Your client does not have permission to get the requested URL from this server.</h2>
<h2></h2>
</body></html>
`;
}
