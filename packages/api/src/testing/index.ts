export { makeTestApi, PASSWORD, signIn, type Answer, type TestApi } from './api.ts'
export { deliver, makeMailWorld, testRuntime, type MailWorld } from './mail.ts'
export { makeWorld, type World } from './world.ts'
