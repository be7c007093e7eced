import { getApi } from '#server/api.ts'

export const dynamic = 'force-dynamic'

export async function GET(request: Request): Promise<Response> {
  const api = await getApi()
  return api.health(request)
}
