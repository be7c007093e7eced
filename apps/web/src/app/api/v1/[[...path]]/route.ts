import { getApi } from '#server/api.ts'

export const dynamic = 'force-dynamic'

async function handle(request: Request): Promise<Response> {
  const api = await getApi()
  return api.rest(request)
}

export { handle as GET, handle as POST, handle as PUT, handle as PATCH, handle as DELETE }
