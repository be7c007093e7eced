export { default } from '@mairust/eslint-config'
