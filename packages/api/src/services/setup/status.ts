import type { z } from 'zod'
import type { Runtime } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { setupStatusInput, type SetupStatusWire } from './schemas.ts'
import { isSetupNeeded, isSetupToken } from './token.ts'

/** Whether the wizard is to be shown, and whether a link's token is good. */
export const getSetupStatus = async ({
  runtime,
  input,
}: {
  runtime: Runtime
  input: z.input<typeof setupStatusInput>
}): Promise<SetupStatusWire> => {
  const { token } = parseInput(setupStatusInput, input)
  const needed = await isSetupNeeded(runtime.db)
  return { needed, token_valid: needed && token !== undefined && (await isSetupToken(runtime.db, token)) }
}
