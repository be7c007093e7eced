import { getApi } from '#server/api.ts'

export const dynamic = 'force-dynamic'

async function handle(request: Request): Promise<Response> {
  const api = await getApi()
  return api.render(request)
}

export { handle as GET }
