import { routeTo } from '#server/api.ts'

export const dynamic = 'force-dynamic'

const handle = routeTo('rest')

export { handle as GET, handle as POST, handle as PUT, handle as PATCH, handle as DELETE }
