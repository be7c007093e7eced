/** The path to open after signing in: only one on this site, otherwise the mail. */
export function safeNextPath(value: string | undefined): string {
  if (value === undefined || !value.startsWith('/') || /^\/[/\\]/.test(value) || /\p{Cc}/u.test(value)) return '/mail'
  return value
}
