/** Run by Next when the process starts: the API opens then, not with the first request, which would wait for it. */
export async function register(): Promise<void> {
  // Next also bundles this file for the edge, where there is nothing to open.
  // eslint-disable-next-line no-restricted-syntax -- no setting: a constant that Next puts in when it builds
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { getApi } = await import('#server/api.ts')
    // While the database is away the next request tries again.
    getApi().catch(() => undefined)
  }
}
