import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', '.sotto/', '.wrangler/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.config.js', '*.config.ts', '*.config.mts', '.dependency-cruiser.cjs'],
          defaultProject: 'src/tools/tsconfig.json',
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // Interfaces of other people's globals are extended by declaring them once more.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // `[...text]` counts code points, which is what our limits are in.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `return somePromise` inside `try` would let its failure slip past the `catch`.
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      // A number in a sentence reads as meant; objects, arrays and null do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => server.close()` as a callback is how everybody writes and reads it.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A name that begins with _ is there for its place, not for its value.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    name: 'what decides is exact: no clock, no randomness, no waiting',
    files: ['src/**/rules.ts', 'src/**/permission.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['crypto', 'performance', 'fetch', 'setTimeout', 'setInterval', 'queueMicrotask'].map((name) => ({
          name,
          message: 'Rules get time, randomness and facts as arguments.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'AwaitExpression', message: 'Rules do not wait.' },
        { selector: ':function[async=true]', message: 'Rules do not wait.' },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Rules are told the time.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Rules are told the time.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Rules do not guess.',
        },
      ],
    },
  },
  {
    name: 'what reaches a browser logs faults and nothing else',
    files: ['src/browser/**/*.ts', 'src/browser/**/*.tsx'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-console': ['error', { allow: ['error'] }] },
  },
  {
    name: 'what reaches Cloudflare logs by src/log.ts alone',
    files: ['src/**/*.ts'],
    ignores: ['src/log.ts', 'src/browser/**', 'src/tools/**', '**/*.test.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    name: 'objects are found by src/residency.ts alone, which knows the jurisdiction',
    files: ['src/**/*.ts'],
    ignores: ['src/residency.ts', 'src/browser/**', 'src/tools/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['getByName', 'idFromName', 'idFromString', 'newUniqueId'].map((property) => ({
          property,
          message: 'Objects are found by objectOf in src/residency.ts.',
        })),
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: 'writable', require: 'readonly' } },
  },
);
