import { publicVerb } from '../../verb/index.ts'
import { setupStatusInput, setupStatusSchema } from './schemas.ts'
import { isSetupNeeded, isSetupToken } from './token.ts'

/** Whether setup is needed, and whether the token of a setup link is valid. */
export const getSetupStatus = publicVerb({
  input: setupStatusInput,
  output: setupStatusSchema,
  audit: undefined,
  run: async ({ db }, { token }) => {
    const needed = await isSetupNeeded(db)
    return { needed, token_valid: needed && token !== undefined && (await isSetupToken(db, token)) }
  },
})
