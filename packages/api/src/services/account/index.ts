export { changePassword } from './change-password.ts'
export { getAccount } from './get.ts'
export {
  accountSchema,
  changePasswordInput,
  signInSchema,
  updateAccountInput,
  type AccountWire,
  type SignInWire,
} from './schemas.ts'
export { getSignIn } from './sign-in.ts'
export { updateAccount } from './update.ts'
