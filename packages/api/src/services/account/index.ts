export { changePassword } from './change-password.ts'
export { getAccount } from './get.ts'
export {
  accountSchema,
  changePasswordInput,
  passwordChangedSchema,
  signInSchema,
  updateAccountInput,
  type AccountWire,
  type PasswordChangedWire,
  type SignInWire,
} from './schemas.ts'
export { getSignIn } from './sign-in.ts'
export { updateAccount } from './update.ts'
