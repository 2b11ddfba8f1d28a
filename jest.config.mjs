/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.PARLEY_BROWSER_TESTS ? [] : ['/test/browser/']),
    // Journeys of several nodes are nothing without a Redis between them, and bring their own store.
    ...(process.env.TEST_REDIS_URL && !process.env.TEST_MONGODB_URL ? [] : ['/test/journeys/nodes/']),
    // These start a store of their own, whatever else there is.
    ...(process.env.TEST_REDIS_URL || process.env.TEST_MONGODB_URL ? ['/test/journeys/commands'] : []),
  ],
  transform: {
    '^.+\\.m?[jt]sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  maxWorkers: '100%',
  testTimeout: 30_000,
};
