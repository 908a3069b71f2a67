/** Lint and types in one look: what is wrong for certain, what typescript-eslint calls strict, and what is ours. */
import { defineConfig } from 'oxlint';

const errors = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, 'error' as const]));

export default defineConfig({
  plugins: ['eslint', 'typescript'],
  jsPlugins: ['./src/tools/exact.ts'],
  ignorePatterns: ['dist/', '.sotto/', '.wrangler/'],
  options: { typeAware: true, typeCheck: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error' },
  rules: {
    ...errors([
      'no-array-constructor',
      'no-case-declarations',
      'no-empty',
      'no-fallthrough',
      'no-prototype-builtins',
      'no-regex-spaces',
      'no-unexpected-multiline',
      'no-useless-assignment',
      'no-useless-constructor',
      'no-var',
      'prefer-const',
      'prefer-rest-params',
      'prefer-spread',
      'preserve-caught-error',
      'eqeqeq',
    ]),
    ...errors(
      [
        'ban-ts-comment',
        'no-deprecated',
        'no-dynamic-delete',
        'no-explicit-any',
        'no-extraneous-class',
        'no-generated-empty-object-type',
        'no-invalid-void-type',
        'no-misused-promises',
        'no-mixed-enums',
        'no-namespace',
        'no-non-null-asserted-nullish-coalescing',
        'no-non-null-assertion',
        'no-require-imports',
        'no-unnecessary-boolean-literal-compare',
        'no-unnecessary-condition',
        'no-unnecessary-template-expression',
        'no-unnecessary-type-arguments',
        'no-unnecessary-type-assertion',
        'no-unnecessary-type-constraint',
        'no-unnecessary-type-conversion',
        'no-unnecessary-type-parameters',
        'no-unsafe-argument',
        'no-unsafe-assignment',
        'no-unsafe-call',
        'no-unsafe-enum-assignment',
        'no-unsafe-enum-comparison',
        'no-unsafe-function-type',
        'no-unsafe-member-access',
        'no-unsafe-return',
        'only-throw-error',
        'prefer-literal-enum-member',
        'prefer-promise-reject-errors',
        'prefer-reduce-type-parameter',
        'prefer-return-this-type',
        'related-getter-setter-pairs',
        'require-await',
        'switch-exhaustiveness-check',
        'unified-signatures',
        'use-unknown-in-catch-callback-variable',
      ].map((name) => `typescript/${name}`),
    ),
    'typescript/restrict-plus-operands': [
      'error',
      {
        allowAny: false,
        allowBoolean: false,
        allowNullish: false,
        allowNumberAndString: false,
        allowRegExp: false,
      },
    ],
    'typescript/consistent-type-imports': [
      'error',
      { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
    ],
    // Interfaces of other people's globals are extended by declaring them once more.
    'typescript/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    // `[...text]` counts code points, which is what our limits are in.
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    // `return somePromise` inside `try` would let its failure slip past the `catch`.
    'typescript/return-await': ['error', 'in-try-catch'],
    // A number in a sentence reads as meant; objects, arrays and null do not.
    'typescript/restrict-template-expressions': ['error', { allowNumber: true }],
    // `() => server.close()` as a callback is how everybody writes and reads it.
    'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    // Bytes are written as letters, and said to be anything but text.
    'no-control-regex': 'off',
    // Strings are what is sorted, and by their code units.
    'typescript/require-array-sort-compare': 'off',
    // A name that begins with _ is there for its place, not for its value.
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  },
  overrides: [
    {
      // Objects are found by src/residency.ts alone, which knows the jurisdiction.
      files: ['src/**/*.ts'],
      excludeFiles: ['src/residency.ts', 'src/browser/**', 'src/tools/**', '**/*.test.ts'],
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
      // What decides is exact: it gets time, randomness and facts as arguments, and waits for nothing.
      files: ['src/**/rules.ts', 'src/**/permission.ts'],
      rules: {
        'sotto/exact': 'error',
        'no-restricted-globals': [
          'error',
          'crypto',
          'performance',
          'fetch',
          'setTimeout',
          'setInterval',
          'queueMicrotask',
        ],
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now' },
          { object: 'Math', property: 'random' },
        ],
      },
    },
    {
      // What reaches a browser logs faults and nothing else.
      files: ['src/browser/**/*.ts', 'src/browser/**/*.tsx'],
      excludeFiles: ['**/*.test.ts'],
      rules: { 'no-console': ['error', { allow: ['error'] }] },
    },
    {
      // What reaches Cloudflare logs by src/log.ts alone.
      files: ['src/**/*.ts'],
      excludeFiles: ['src/log.ts', 'src/browser/**', 'src/tools/**', '**/*.test.ts'],
      rules: { 'no-console': 'error' },
    },
  ],
});
