import { retryAfterHeader } from './answers.ts'
import { escapeHtml } from './sanitize/text-view.ts'

/** Languages of our notices in a frame. */
export type FrameLanguage = 'en' | 'ja'

/** Notices that a frame shows above the body or instead of it. */
export type FrameNotice =
  'too_large' | 'timed_out' | 'unparsed' | 'empty' | 'signed_out' | 'not_found' | 'busy' | 'lost'

const NOTICES: Record<FrameLanguage, Record<FrameNotice, string>> = {
  en: {
    too_large: 'The HTML of this message is too large to be shown. This is its text.',
    timed_out: 'The HTML of this message could not be made safe in time. This is its text.',
    unparsed: 'This message could not be parsed. Its source is complete.',
    empty: 'This message has no text.',
    signed_out: 'You are signed out. Sign in to read this message.',
    not_found: 'There is no such message.',
    busy: 'Too many messages are being opened. Try again.',
    lost: 'The stored message is missing. Whoever runs this server has to restore it.',
  },
  ja: {
    too_large: 'このメールのHTMLは大きすぎるため表示できません。代わりに本文テキストを表示しています。',
    timed_out: 'このメールのHTMLを安全な形に変換できませんでした。代わりに本文テキストを表示しています。',
    unparsed: 'このメールを解析できませんでした。ソースは完全に保存されています。',
    empty: 'このメールには本文がありません。',
    signed_out: 'サインアウトされました。このメールを読むにはサインインしてください。',
    not_found: 'このメールは見つかりません。',
    busy: '多くのメールを開いているため処理できません。もう一度お試しください。',
    lost: '保存されているはずのメールが見つかりません。サーバーの管理者による復元が必要です。',
  },
}

const STYLE = `
:root{color-scheme:light}
html{background:#fff;color:#1f2328}
body{margin:0;padding:16px;font:14px/1.6 Inter,"Hiragino Sans","Noto Sans JP","Yu Gothic UI",system-ui,sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}
table{max-width:100%}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #d0d7de;color:#57606a}
.mairust-notice{margin:0 0 16px;padding:8px 12px;border:1px solid #d0d7de;border-radius:6px;font-size:13px}
`
/** Plain text has no colours of its own, so it follows the theme of the page. */
const TEXT_STYLE = `
:root{color-scheme:light dark}
html{background:transparent;color:CanvasText}
`

/**
 * The document of a message's frame.
 * @param body safe HTML, or null
 * @param options.themed whether the body follows the theme because it has no colours of its own
 */
export function frameDocument(
  body: string | null,
  options: { notice: FrameNotice | null; language: FrameLanguage; themed: boolean },
): string {
  const notice =
    options.notice === null
      ? ''
      : `<p class="mairust-notice">${escapeHtml(NOTICES[options.language][options.notice])}</p>`
  return `<!doctype html>
<html lang="${options.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title></title>
<style>${STYLE}${options.themed ? TEXT_STYLE : ''}</style>
</head>
<body>${notice}${body ?? ''}</body>
</html>
`
}

/**
 * The answer with the document of a frame. Its policy keeps mail from running scripts, loading resources and sending data; the
 * sanitiser is the second line of defence.
 * @param about hosts, with ports, by which users reach the server; seconds to wait before trying again
 */
export function frameAnswer(
  status: number,
  document: string,
  { hosts, retryAfter }: { hosts: readonly string[]; retryAfter?: number | undefined },
): Response {
  const policy = [
    'sandbox allow-popups allow-popups-to-escape-sandbox',
    "default-src 'none'",
    // By host, since `'self'` matches nothing in an opaque origin.
    ['img-src data:', ...hosts.flatMap((host) => [`${host}/img-proxy/`, `${host}/m/`])].join(' '),
    "style-src 'unsafe-inline'",
    "font-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ]
  return new Response(document, {
    status,
    headers: {
      ...retryAfterHeader(retryAfter),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'X-DNS-Prefetch-Control': 'off',
      'Cache-Control': 'private, no-store',
    },
  })
}
