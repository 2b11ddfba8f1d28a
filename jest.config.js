/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.PARLEY_BROWSER_TESTS ? [] : ['/test/browser/']),
    // Journeys of several nodes are nothing without a Redis between them.
    ...(process.env.TEST_REDIS_URL ? [] : ['/test/journeys/nodes/']),
  ],
  transform: {
    '^.+\\.m?[jt]sx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  // Most of a journey is waiting: as many at once as there are cores.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
