/** Whether this is the development server. The compiler inserts the value; nothing is read at run time. */
// eslint-disable-next-line no-restricted-syntax -- replaced by the compiler, not the environment of the process
export const DEVELOPMENT = process.env.NODE_ENV === 'development'
