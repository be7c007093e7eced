import { routeTo } from '#server/api.ts'

export const dynamic = 'force-dynamic'

const handle = routeTo('trpc')

export { handle as GET, handle as POST }
