import { publicVerb } from '../../verb/index.ts'
import { setupStatusInput, setupStatusSchema } from './schemas.ts'
import { isSetupNeeded, isSetupToken } from './token.ts'

/** Whether the wizard is to be shown, and whether a link's token is good. */
export const getSetupStatus = publicVerb({
  input: setupStatusInput,
  output: setupStatusSchema,
  audit: undefined,
  run: async ({ db }, { token }) => {
    const needed = await isSetupNeeded(db)
    return { needed, token_valid: needed && token !== undefined && (await isSetupToken(db, token)) }
  },
})
