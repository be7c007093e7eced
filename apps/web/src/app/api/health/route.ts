import { routeTo } from '#server/api.ts'

export const dynamic = 'force-dynamic'

const handle = routeTo('health')

export { handle as GET }
