import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import * as regexp from 'eslint-plugin-regexp'
import security from 'eslint-plugin-security'
import tseslint from 'typescript-eslint'

/**
 * Patterns that attackers use. Regular expressions are judged by eslint-plugin-regexp, which computes their running time;
 * the guess of detect-unsafe-regex refuses harmless ones. File names and property names that are no literals are
 * everywhere in a server, and secrets are compared in one place with `timingSafeEqual`: those rules are off.
 */
export default [
  {
    ignores: [
      '**/{node_modules,dist,.next,coverage,testing,test}/**',
      '**/*.test.*',
      '{.tools,data,e2e,bench,scripts}/**',
      'packages/db/migrations/**',
    ],
  },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: {
      security,
      regexp,
      // Without rules: remarks in the files name theirs.
      '@typescript-eslint': tseslint.plugin,
      'jsx-a11y': jsxA11y,
      'react-hooks': reactHooks,
    },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'security/detect-bidi-characters': 'error',
      'security/detect-buffer-noassert': 'error',
      'security/detect-child-process': 'error',
      'security/detect-disable-mustache-escape': 'error',
      'security/detect-eval-with-expression': 'error',
      'security/detect-new-buffer': 'error',
      'security/detect-no-csrf-before-method-override': 'error',
      'security/detect-non-literal-regexp': 'error',
      'security/detect-non-literal-require': 'error',
      'security/detect-pseudoRandomBytes': 'error',
    },
  },
  // Built from constants of the file itself.
  {
    files: ['packages/api/src/wire/scalars.ts', 'apps/web/src/features/mail/reader/hops.ts'],
    rules: { 'security/detect-non-literal-regexp': 'off' },
  },
]
