import { isUniqueViolation } from '@mairust/db'
import { AppError } from './errors.ts'

/** For `catch`: turns a unique violation, a name or address that is taken, into CONFLICT, and rethrows other errors. */
export const onTaken =
  (message: string) =>
  (error: unknown): never => {
    throw isUniqueViolation(error) ? new AppError('CONFLICT', message, { cause: error }) : error
  }
