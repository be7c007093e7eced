import comments from '@eslint-community/eslint-plugin-eslint-comments'
import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import * as regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'

const DIALECT_FILES = [
  'packages/db/src/dialect/**',
  'packages/db/src/client/**',
  'packages/db/src/schema/{kit,postgres,sqlite}.ts',
  'packages/db/src/migrate.ts',
  'packages/db/src/changes/**',
  'packages/db/src/queue/{postgres,sqlite}*.ts',
  'packages/db/src/testing/**',
]

const BRANCH_RULE = {
  selector: "BinaryExpression > MemberExpression.left[property.name='dialect']",
  message: 'Put database differences into a named function in packages/db/src/dialect.',
}

/** Code that compiles for both databases but runs on one only, or belongs in one place. */
const DIALECT_RULES = [
  {
    selector: "CallExpression[callee.property.name='for'][arguments.0.value=/update|share/]",
    message: 'Row locks do not exist on SQLite; use a transaction.',
  },
  {
    selector: 'CallExpression[callee.name=/^(like|ilike|notLike|notIlike)$/]',
    message: 'like/ilike belong in packages/db/src/dialect.',
  },
  {
    selector: 'CallExpression[callee.name=/^array(Contains|Contained|Overlaps)$/]',
    message: 'Arrays do not exist on SQLite.',
  },
  BRANCH_RULE,
  { selector: "MemberExpression[property.name='rowCount']", message: 'Count changed rows with .returning().' },
]
const STYLE_RULES = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only (Next pages excepted).' },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Read the environment in packages/config only.',
  },
]

/** While the first is awaited, nobody handles what the second one rejects with: the run fails now and then. */
const TEST_RULE = {
  selector: "ForOfStatement[right.elements.0.type='CallExpression'] MemberExpression[property.name='rejects']",
  message: 'Start each promise when it is awaited: list functions, or write the lines one after the other.',
}

/** The lint rules of the repository. */
export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/.next/**',
      '**/coverage/**',
      '**/node_modules/**',
      '.tools/**',
      'data/**',
      '**/*.gen.*',
      '**/next-env.d.ts',
      'packages/db/migrations/**',
    ],
  },
  js.configs.recommended,
  regexp.configs['flat/recommended'],
  {
    plugins: { '@eslint-community/eslint-comments': comments },
    // Disabling a rule needs a reason beside it.
    rules: { '@eslint-community/eslint-comments/require-description': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...STYLE_RULES, ...DIALECT_RULES],
    },
  },
  // drizzle deprecates one signature of these functions; naming the function counts as using it
  { files: ['packages/db/src/schema/kit.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: DIALECT_FILES, rules: { 'no-restricted-syntax': ['error', ...STYLE_RULES] } },
  {
    files: ['packages/db/src/{client,changes}/**', 'packages/db/src/migrate.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...STYLE_RULES, BRANCH_RULE] },
  },
  {
    files: [
      'packages/config/src/**',
      '**/*.test.ts',
      '**/*.config.ts',
      '**/testing/**',
      '**/test/**',
      'e2e/**',
      'bench/**',
      'packages/db/drizzle.*.ts',
    ],
    rules: {
      'no-restricted-syntax': ['error', ...DIALECT_RULES.filter((rule) => rule !== BRANCH_RULE), TEST_RULE],
    },
  },
  {
    files: ['packages/ui/**/*.tsx', 'apps/web/**/*.{ts,tsx}'],
    extends: [jsxA11y.flatConfigs.strict],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules },
  },
  {
    files: ['apps/web/src/app/**', 'apps/web/src/i18n/**', 'apps/web/*.ts', '**/*.config.{ts,js,mjs}'],
    rules: { 'no-restricted-syntax': ['error', STYLE_RULES[1], ...DIALECT_RULES] },
  },
  {
    files: ['bin/*', 'scripts/**', '**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
      },
    },
  },
)
