import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import * as regexp from 'eslint-plugin-regexp'
import security from 'eslint-plugin-security'
import tseslint from 'typescript-eslint'

/**
 * Vulnerable patterns. eslint-plugin-regexp checks regular expressions by their complexity; the heuristic of
 * detect-unsafe-regex rejects harmless ones. Rules about non-literal file and property names are off, as a server is full of
 * them, and so is the rule about timing: secrets are compared in one place, with `timingSafeEqual`.
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
      // Registered without rules: disable comments in the files name their rules.
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
  // Built from constants in the same file.
  {
    files: ['packages/api/src/wire/scalars.ts', 'apps/web/src/features/mail/reader/hops.ts'],
    rules: { 'security/detect-non-literal-regexp': 'off' },
  },
]
