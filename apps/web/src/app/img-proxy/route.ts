import { routeTo } from '#server/api.ts'

export const dynamic = 'force-dynamic'

const handle = routeTo('imageProxy')

export { handle as GET }
