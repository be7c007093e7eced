import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { createSharedAnswer } from '../http/shared-answer.ts'
import { openApiDocument } from './document.ts'

/** Settings of the reference page: it loads nothing from other sites and sends nothing to them. */
const CONFIGURATION = {
  url: 'openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
}

const START = `Scalar.createApiReference('#reference', ${JSON.stringify(CONFIGURATION)})`

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MaiRust API</title>
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The document itself is <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/reference.js"></script>
<script>${START}</script>
</body>
</html>
`

/** The Content-Security-Policy of the page: only our scripts, and no requests to other sites. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(START).digest('base64')}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The reference page. */
export const docsPage = (): Response =>
  new Response(PAGE, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    },
  })

/** The script of the reference page, from a file of the web application; NOT_FOUND if there is none. */
export const docsScript = (path: string | null): ((request: Request) => Promise<Response>) => {
  const answer = once(async () => {
    const script = path === null ? null : await readFile(path).catch(() => null)
    if (script === null) throw new AppError('NOT_FOUND', 'The reference page is not part of this installation.')
    return createSharedAnswer(script, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'public, max-age=3600',
    })
  })
  return async (request) => (await answer())(request)
}

/** The OpenAPI document. */
export const docsDocument = (): ((request: Request) => Promise<Response>) => {
  const answer = once(() =>
    createSharedAnswer(JSON.stringify(openApiDocument()), {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache',
    }),
  )
  return async (request) => (await answer())(request)
}

/** Runs `make` at the first call and shares its result with later calls; after a failure, the next call runs it again. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}
