import { getApi } from '#server/api.ts'

export const dynamic = 'force-dynamic'

async function handle(request: Request): Promise<Response> {
  const api = await getApi()
  return api.trpc(request)
}

export { handle as GET, handle as POST }
