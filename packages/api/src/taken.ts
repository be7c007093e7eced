import { isUniqueViolation } from '@mairust/db'
import { AppError } from './errors.ts'

/** For `catch`: makes CONFLICT of the database's word that a name or an address is taken, and throws all else as it is. */
export const onTaken =
  (message: string) =>
  (error: unknown): never => {
    throw isUniqueViolation(error) ? new AppError('CONFLICT', message, { cause: error }) : error
  }
