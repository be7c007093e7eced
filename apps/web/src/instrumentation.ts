/** Next calls this when the process starts: it opens the API, so that the first request need not wait for that. */
export async function register(): Promise<void> {
  // Next also bundles this file for the edge runtime, where there is no API.
  // eslint-disable-next-line no-restricted-syntax -- not a setting: a constant that Next inserts at build time
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { getApi } = await import('#server/api.ts')
    // If the database is down, the next request tries again.
    getApi().catch(() => undefined)
  }
}
