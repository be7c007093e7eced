/** Where to go after login: only a path of this site, never another one. */
export function safeNextPath(value: string | undefined): string {
  if (value === undefined || !value.startsWith('/') || /^\/[/\\]/.test(value) || /\p{Cc}/u.test(value)) return '/mail'
  return value
}
