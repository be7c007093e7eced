import { routeTo } from '#server/api.ts'

export const dynamic = 'force-dynamic'

const handle = routeTo('events')

export { handle as GET }
